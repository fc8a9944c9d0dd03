/* SPDX-License-Identifier: MIT
 *
 * battery.h: the proof of the memory model: the litmus tests of plain accesses, briefly, before
 * and after each block, on the same CPUs, in the same mode. A prctl that returns success is a
 * claim; this is evidence.
 *
 * An outcome that TSO forbids refutes a TSO mode; its absence proves nothing by itself, so `weak`
 * should show some, and every model should show SB.
 */
#ifndef BATTERY_H
#define BATTERY_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "kernels/litmus.h"
#include "machine/memmodel.h"
#include "threads/crew.h"

enum { BATTERY_TESTS = 7 };

struct battery_result {
    const char *test; /* "MP" */
    unsigned threads; /* the test needs */
    bool forbidden;   /* TSO forbids the outcome that is counted */
    uint64_t runs;    /* 0: the crew is too small, or no run counts */
    uint64_t moved;   /* runs that are not counted: a thread was not on its CPU */
    uint64_t relaxed; /* times the outcome was seen */
};

/* Runs each test so often, or for so many seconds, thread t of a test in models[t] and at most
 * `latest` turns late (0: drawn). The crew's threads change parts all the time. Returns 0, or a
 * negative errno when a model could not be set. The threads keep the model they had last. */
int battery_run(struct crew *crew, const enum memmodel models[LITMUS_THREADS], uint64_t runs,
                double seconds, unsigned latest, uint64_t seed,
                struct battery_result results[BATTERY_TESTS]);

/* Whether a test that the crew was large enough for has no run that counts: then nothing is proven,
 * and why says so. */
bool battery_unproven(const struct battery_result results[BATTERY_TESTS], char *why, size_t size);

/* A row of a block's battery. */
json_t *battery_json(const struct battery_result *result, const char *model);

#endif
