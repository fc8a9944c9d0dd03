/* SPDX-License-Identifier: MIT
 *
 * sim_ticks.c: a clock that has one rate and does not wander, so what bench/machine/ticks.c
 * measures again and again is known, or is measured once.
 */
#include "machine/ticks.h"

#include <pthread.h>

#include "simulated/simulated.h"

enum { ADDS_A_TURN = 128, TURNS = 96, WIDE_ADDS_A_TURN = 8 * 8 };

double ticks_per_ns(void) {
    return 1;
}

void ticks_use_rate(double rate) {
    (void)rate;
}

uint64_t ticks_step(void) {
    return 1;
}

double ticks_sample_ns(unsigned threads) {
    (void)threads; /* begin within some ns of each other */
    return simulated.sample_ns;
}

static uint64_t overhead, chain, wide;

/* As many dependent additions, and then as many independent ones. */
static void time_additions(uint64_t chain_turns) {
    uint64_t sum = 0, one = 1, turns = chain_turns, begin = ticks_begin();
    overhead = ticks_end() - begin;
    begin = ticks_begin();
    __asm__ volatile("1:\n\t"
                     ".rept %c3\n\tadd %0, %0, %2\n\t.endr\n\t"
                     "subs %1, %1, #1\n\tb.ne 1b"
                     : "+r"(sum), "+r"(turns)
                     : "r"(one), "i"(ADDS_A_TURN)
                     : "cc");
    chain = ticks_end() - begin - overhead;
    turns = chain_turns * ADDS_A_TURN / WIDE_ADDS_A_TURN;
    uint64_t a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0;
    begin = ticks_begin();
    __asm__ volatile("1:\n\t"
                     ".rept 8\n\t"
                     "add %0, %0, %9\n\tadd %1, %1, %9\n\tadd %2, %2, %9\n\tadd %3, %3, %9\n\t"
                     "add %4, %4, %9\n\tadd %5, %5, %9\n\tadd %6, %6, %9\n\tadd %7, %7, %9\n\t"
                     ".endr\n\t"
                     "subs %8, %8, #1\n\tb.ne 1b"
                     : "+r"(a), "+r"(b), "+r"(c), "+r"(d), "+r"(e), "+r"(f), "+r"(g), "+r"(h),
                       "+r"(turns)
                     : "r"(one)
                     : "cc");
    wide = ticks_end() - begin - overhead;
}

static void measure(void) {
    time_additions(2); /* the code is in the cache then */
    time_additions(TURNS);
}

static void know(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, measure);
}

uint64_t ticks_overhead(void) {
    know();
    return overhead;
}

uint64_t ticks_chain_adds(void) {
    return ADDS_A_TURN * TURNS;
}

uint64_t ticks_chain(void) {
    know();
    return chain;
}

double ticks_issue_width(void) {
    know();
    return wide ? (double)chain / (double)wide : 0;
}
