/* SPDX-License-Identifier: MIT
 *
 * loops.c: loops whose speed is known natively, to be recorded and replayed: what
 * scripts/replay-overhead holds replays against. `loops NAME TIMES` goes over an array in L1 so
 * many times and prints the seconds of the fastest tenth of them, times ten.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { WORDS = 1024, BATCHES = 1000 };

static uint64_t from[WORDS], to[WORDS];

/* Every loop is what its name says, with no vectors: the compiler cannot see through the barrier.
 */
#define KEEP(value) __asm__ volatile("" : "+r"(value)::"memory")

static uint64_t sum(void) {
    uint64_t total = 0;
    for (size_t i = 0; i < WORDS; i++) {
        total += from[i];
        KEEP(total);
    }
    return total;
}

static uint64_t copy(void) {
    for (size_t i = 0; i < WORDS; i++) {
        uint64_t value = from[i];
        KEEP(value);
        to[i] = value;
    }
    return to[WORDS - 1];
}

/* Counts words by a hash of theirs. */
static uint64_t hash(void) {
    for (size_t i = 0; i < WORDS; i++) {
        uint64_t place = (from[i] * UINT64_C(0x9e3779b97f4a7c15)) >> 54;
        KEEP(place);
        to[place]++;
    }
    return to[0];
}

/* Each word is the number of the next. */
static uint64_t chase(void) {
    uint64_t at = 0;
    for (size_t i = 0; i < WORDS; i++) {
        at = to[at];
        KEEP(at);
    }
    return at;
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static int by_length(const void *a, const void *b) {
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

int main(int argc, char **argv) {
    static const struct {
        const char *name;
        uint64_t (*run)(void);
    } loops[] = {{"sum", sum}, {"copy", copy}, {"hash", hash}, {"chase", chase}};
    uint64_t (*run)(void) = NULL;
    double seconds[BATCHES];
    if (argc != 3)
        return 2;
    for (size_t i = 0; i < sizeof loops / sizeof *loops; i++)
        run = strcmp(loops[i].name, argv[1]) ? run : loops[i].run;
    if (run == NULL)
        return 2;
    long times = atol(argv[2]) / BATCHES;
    for (uint64_t i = 0; i < WORDS; i++) {
        from[i] = i * UINT64_C(0xd1342543de82ef95);
        to[i] = (i * 5 + 1) % WORDS; /* one ring, in no order a prefetcher knows */
    }
    uint64_t result = 0;
    for (int batch = 0; batch < BATCHES; batch++) {
        double begin = now();
        for (long i = 0; i < times; i++)
            result += run();
        seconds[batch] = now() - begin;
    }
    qsort(seconds, BATCHES, sizeof *seconds, by_length);
    printf("%.9f\n", seconds[BATCHES / 10] * BATCHES);
    return result == 1;
}
