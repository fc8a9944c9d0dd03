/* SPDX-License-Identifier: MIT
 *
 * gb_shim.h: Google Benchmark for C. Behind it stands the one C++ file of the project, or, in a
 * program that is built without the library (GOOGLE_BENCHMARK=OFF), gb_none.c.
 *
 * One entry is one set, single-threaded, with manual time; one of its iterations is one round of
 * the set. The library chooses the number of rounds and counts them; no timed region runs its
 * code. Its ->Threads() is never used: its meaning changed between versions.
 */
#ifndef GB_SHIM_H
#define GB_SHIM_H

#ifdef __cplusplus
extern "C" {
#endif

/* Of the library; NULL without it. */
const char *gb_version(void);

struct gb_callbacks {
    /* A new pass of `rounds` rounds begins; what earlier passes measured was warm-up. */
    void (*begin)(void *context, long rounds);
    /* One round; returns the seconds its samples took. */
    double (*round)(void *context);
};

/* Runs one entry. rounds > 0 fixes the number of rounds; 0 lets the library grow it until the
 * samples of a pass take min_seconds. Returns the rounds of the last pass. */
long gb_run(const char *name, long rounds, double min_seconds, const struct gb_callbacks *callbacks,
            void *context);

/* Two entries of one operation each, as a user of plain Google Benchmark would write them:
 * repetitions in random interleaving, its own statistics. Fills medians of time per iteration
 * (ns) and the coefficients of variation. The bodies run `n` operations. Not to be called without
 * the library. */
struct gb_plain {
    double median[2], cv[2];
};
void gb_run_plain(const char *const names[2], void (*const body[2])(void *context, long n),
                  void *const context[2], int repetitions, double min_seconds,
                  struct gb_plain *result);

#ifdef __cplusplus
}
#endif
#endif
