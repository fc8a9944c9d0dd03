/* SPDX-License-Identifier: MIT
 *
 * gb_none.c: in the place of Google Benchmark in a program that is passed on: its licence and that
 * of libperf do not go together. Rounds are chosen as the library chooses iterations.
 */
#include <stdlib.h>

#include "block/gb_shim.h"

enum { MOST_ROUNDS = 1000000000 };

const char *gb_version(void) {
    return NULL;
}

/* A pass that was long enough to judge by says how many rounds are needed, and some more so that
 * the next is the last; a shorter one says only that many more are. */
static long more_rounds(long rounds, double took, double min_seconds) {
    double growth = took > min_seconds / 10 ? 1.4 * min_seconds / took : 10;
    double wanted = (double)rounds * growth;
    return wanted < MOST_ROUNDS ? (long)wanted + 1 : MOST_ROUNDS;
}

long gb_run(const char *name, long rounds, double min_seconds, const struct gb_callbacks *callbacks,
            void *context) {
    (void)name;
    for (long pass = rounds > 0 ? rounds : 1;;) {
        double took = 0;
        callbacks->begin(context, pass);
        for (long i = 0; i < pass; i++)
            took += callbacks->round(context);
        if (rounds > 0 || took >= min_seconds || pass == MOST_ROUNDS)
            return pass;
        pass = more_rounds(pass, took, min_seconds);
    }
}

void gb_run_plain(const char *const names[2], void (*const body[2])(void *context, long n),
                  void *const context[2], int repetitions, double min_seconds,
                  struct gb_plain *result) {
    (void)names, (void)body, (void)context, (void)repetitions, (void)min_seconds, (void)result;
    abort(); /* nobody compares with what is not there */
}
