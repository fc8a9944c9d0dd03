/* SPDX-License-Identifier: MIT */
#include "machine/ticks.h"

#include <pthread.h>
#include <time.h>

enum {
    CALIBRATION_NS = 30000000,
    ADDS_PER_TURN = 200,
    TURNS = 60, /* 12000 additions, 4 us at 3 GHz */
    CHAIN_STEPS = 400,
    MAX_CHAINS = 8, /* a chain is never longer than a sample */
};

static uint64_t clock_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC_RAW, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* Both clocks at one moment: the try that took the least, since the others were interrupted. */
static void read_pair(uint64_t *ticks, uint64_t *ns) {
    uint64_t best = UINT64_MAX;
    for (int i = 0; i < 100; i++) {
        uint64_t before = ticks_now();
        uint64_t clock = clock_ns();
        uint64_t after = ticks_now();
        if (after - before < best) {
            best = after - before;
            *ticks = before + best / 2;
            *ns = clock;
        }
    }
}

static double rate;

void ticks_use_rate(double known) {
    rate = known;
}

double ticks_per_ns(void) {
    if (rate > 0)
        return rate;
    uint64_t ticks[2], ns[2];
    read_pair(&ticks[0], &ns[0]);
    while (clock_ns() - ns[0] < CALIBRATION_NS)
        ;
    read_pair(&ticks[1], &ns[1]);
    rate = (double)(ticks[1] - ticks[0]) / (double)(ns[1] - ns[0]);
    return rate;
}

/* Cheap, since only many reads within one step tell how long a step is. */
static inline uint64_t read_unordered(void) {
#if defined(__x86_64__)
    return __builtin_ia32_rdtsc();
#else
    uint64_t now;
    __asm__ volatile("mrs %0, cntvct_el0" : "=r"(now));
    return now;
#endif
}

static uint64_t common_divisor(uint64_t a, uint64_t b) {
    while (b) {
        uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

static uint64_t measure_step(void) {
    uint64_t least = UINT64_MAX, divisor = 0, last = read_unordered();
    int changes = 0, repeats = 0;
    while (changes < 4000) {
        uint64_t now = read_unordered();
        uint64_t difference = now - last;
        last = now;
        if (difference == 0) {
            repeats++;
            continue;
        }
        changes++;
        divisor = common_divisor(difference, divisor);
        if (difference < least)
            least = difference;
    }
    /* Where the same value was read repeatedly, the least change is one step. Where not, a read
     * takes longer than a step, and what all changes are multiples of is the step. */
    return repeats > changes / 10 ? least : divisor;
}

static uint64_t measure_overhead(void) {
    uint64_t least = UINT64_MAX;
    for (int i = 0; i < 1000; i++) {
        uint64_t begin = ticks_begin();
        uint64_t end = ticks_end();
        if (end - begin < least)
            least = end - begin;
    }
    return least;
}

/* Register to register: Golden Cove and some Arm cores execute an addition of a small constant
 * while renaming, in no time. The counter of the loop is off the chain, and so costs nothing. */
static uint64_t time_chain(unsigned chains) {
    uint64_t sum = 0, one = 1, turns = (uint64_t)chains * TURNS;
    uint64_t begin = ticks_begin();
#if defined(__x86_64__)
    __asm__ volatile(".balign 64\n"
                     "1:\n\t"
                     ".rept %c3\n\t"
                     "addq %2, %0\n\t"
                     ".endr\n\t"
                     "subq $1, %1\n\t"
                     "jnz 1b"
                     : "+r"(sum), "+r"(turns)
                     : "r"(one), "i"(ADDS_PER_TURN)
                     : "cc");
#else
    __asm__ volatile(".balign 64\n"
                     "1:\n\t"
                     ".rept %c3\n\t"
                     "add %0, %0, %2\n\t"
                     ".endr\n\t"
                     "subs %1, %1, #1\n\t"
                     "b.ne 1b"
                     : "+r"(sum), "+r"(turns)
                     : "r"(one), "i"(ADDS_PER_TURN)
                     : "cc");
#endif
    return ticks_end() - begin;
}

/* What this machine's counter is like; measured once, by whichever thread asks first. */
static uint64_t step, overhead;
static unsigned chains;

static void measure_counter(void) {
    step = measure_step();
    overhead = measure_overhead();
    uint64_t least = UINT64_MAX;
    for (int i = 0; i < 20; i++) {
        uint64_t ticks = time_chain(1);
        if (ticks < least)
            least = ticks;
    }
    uint64_t steps = least / step + 1;
    uint64_t wanted = (CHAIN_STEPS + steps - 1) / steps;
    chains = wanted < MAX_CHAINS ? (unsigned)wanted : MAX_CHAINS;
}

static void know_counter(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, measure_counter);
}

uint64_t ticks_step(void) {
    know_counter();
    return step;
}

uint64_t ticks_overhead(void) {
    know_counter();
    return overhead;
}

uint64_t ticks_chain_adds(void) {
    know_counter();
    return (uint64_t)chains * ADDS_PER_TURN * TURNS;
}

uint64_t ticks_chain(void) {
    know_counter();
    uint64_t ticks = time_chain(chains);
    return ticks > overhead ? ticks - overhead : 0;
}

double ticks_sample_ns(unsigned threads) {
    /* 0.05 % of a sample is one step of the timer, or less. */
    double step_ns = (double)ticks_step() / ticks_per_ns(), floor_ns = 2000 * step_ns;
    /* Counters step by 42 ns at most (24 MHz); an emulator's 1 us is not worth waiting for. */
    floor_ns = floor_ns < 200e3 ? floor_ns : 200e3;
    /* Several threads: the skew of their start, some 0.1 us, shall be as small a part. */
    double wanted_ns = threads == 1 ? 60e3 : 150e3;
    return wanted_ns > floor_ns ? wanted_ns : floor_ns;
}

/* Eight chains at once, more than any core known has adders for. */
static uint64_t time_independent(uint64_t turns) {
    uint64_t a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, one = 1;
    uint64_t begin = ticks_begin();
#if defined(__x86_64__)
    __asm__ volatile(".balign 64\n"
                     "1:\n\t"
                     ".rept 8\n\t"
                     "addq %9, %0\n\taddq %9, %1\n\taddq %9, %2\n\taddq %9, %3\n\t"
                     "addq %9, %4\n\taddq %9, %5\n\taddq %9, %6\n\taddq %9, %7\n\t"
                     ".endr\n\t"
                     "subq $1, %8\n\t"
                     "jnz 1b"
                     : "+r"(a), "+r"(b), "+r"(c), "+r"(d), "+r"(e), "+r"(f), "+r"(g), "+r"(h),
                       "+r"(turns)
                     : "r"(one)
                     : "cc");
#else
    __asm__ volatile(".balign 64\n"
                     "1:\n\t"
                     ".rept 8\n\t"
                     "add %0, %0, %9\n\tadd %1, %1, %9\n\tadd %2, %2, %9\n\tadd %3, %3, %9\n\t"
                     "add %4, %4, %9\n\tadd %5, %5, %9\n\tadd %6, %6, %9\n\tadd %7, %7, %9\n\t"
                     ".endr\n\t"
                     "subs %8, %8, #1\n\t"
                     "b.ne 1b"
                     : "+r"(a), "+r"(b), "+r"(c), "+r"(d), "+r"(e), "+r"(f), "+r"(g), "+r"(h),
                       "+r"(turns)
                     : "r"(one)
                     : "cc");
#endif
    return ticks_end() - begin;
}

double ticks_issue_width(void) {
    enum { ADDS_A_TURN = 8 * 8, TIMES = 3 };
    uint64_t turns = (ticks_chain_adds() + ADDS_A_TURN - 1) / ADDS_A_TURN;
    double best = 0;
    for (int i = 0; i < TIMES; i++) { /* an interrupt is not a neighbour */
        double cycles_per_tick = (double)ticks_chain_adds() / (double)ticks_chain();
        double ticks = (double)(time_independent(turns) - ticks_overhead());
        double width = (double)(turns * ADDS_A_TURN) / (ticks * cycles_per_tick);
        best = width > best ? width : best;
    }
    return best;
}
