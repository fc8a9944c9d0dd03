/* SPDX-License-Identifier: MIT
 *
 * battery.h: the proof of the memory model, a short litmus battery before and after each block,
 * on the same CPUs, in the same mode. A prctl that returns success is a claim; this is evidence.
 *
 * The tests are the classic ones (Alglave, Maranget and Tautschnig, "Herding Cats", TOPLAS 2014)
 * with plain accesses. An outcome that TSO forbids refutes a TSO mode; its absence proves nothing
 * by itself, so `weak` should show some, and every model should show SB.
 */
#ifndef BATTERY_H
#define BATTERY_H

#include <stdint.h>

#include "crew.h"
#include "memmodel.h"

enum { BATTERY_TESTS = 7 };

struct battery_result {
    const char *test; /* "MP" */
    unsigned threads; /* the test needs */
    bool forbidden;   /* TSO forbids the outcome that is counted */
    unsigned runs;    /* 0: the crew is too small */
    unsigned relaxed; /* times the outcome was seen */
};

/* Runs all tests, `runs` times each, on the crew's first threads, in the given model. Returns 0,
 * or a negative errno when the model could not be set. The threads keep the model. */
int battery_run(struct crew *crew, enum memmodel model, unsigned runs, uint64_t seed,
                struct battery_result results[BATTERY_TESTS]);

#endif
