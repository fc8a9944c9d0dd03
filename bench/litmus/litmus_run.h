/* SPDX-License-Identifier: MIT
 *
 * litmus_run.h: runs litmus tests on a crew and counts every outcome.
 *
 * Weak behaviour shows only where a test is aimed at it, so everything that aims is drawn at
 * random: which thread of the crew plays which thread of the test, which lines a variable lives
 * on, who holds them before the start and how (owned, shared, not at all), and how late each
 * thread starts. Variables stand on lines of their own.
 */
#ifndef LITMUS_RUN_H
#define LITMUS_RUN_H

#include <stdbool.h>
#include <stdio.h>

#include "kernels/litmus.h"
#include "kernels/lowering.h"
#include "machine/memmodel.h"
#include "threads/crew.h"

/* An outcome is the value of each register, and of each variable that is stored to more than
 * once: two bits each, 3 standing for any value that no thread can have stored. */
enum { LITMUS_CELLS = 4, LITMUS_OUTCOMES = 1 << 2 * LITMUS_CELLS };

struct litmus_cell {
    bool final; /* a variable at the end; else a register */
    unsigned thread, slot, variable;
};

/* What follows from a test's row. */
struct litmus_view {
    const struct litmus_test *test;
    unsigned threads, variables;
    unsigned uses; /* enum uses bits */
    unsigned cell_count;
    struct litmus_cell cells[LITMUS_CELLS];
    bool tso[LITMUS_OUTCOMES]; /* x86-TSO allows this outcome */
    bool sc[LITMUS_OUTCOMES];  /* sequential consistency does */
};

/* By place in litmus_tests; static storage. The first call is for one thread. */
const struct litmus_view *litmus_view(size_t test);

/* Whether an outcome is the one that the test's row counts. */
bool litmus_matches(const struct litmus_view *view, unsigned outcome);

/* "0:r0=1 1:r0=0 x=2" */
void litmus_outcome_text(const struct litmus_view *view, unsigned outcome, char *out, size_t size);

/* Fills view->tso and view->sc by running the program on an abstract machine with and without
 * store buffers; the rest of the view is there already. */
void litmus_explore(struct litmus_view *view);

/* What a thread of the crew needs between runs; free with litmus_close. */
struct litmus *litmus_open(struct crew *crew, uint64_t seed);
void litmus_close(struct litmus *litmus);

struct litmus_job {
    size_t test;
    const struct lowering *lowering;
    enum memmodel model[LITMUS_THREADS]; /* of each thread of the test: they may differ */
    unsigned latest; /* start of a thread, in turns of an empty loop; 0: drawn from 64 to 512 */
};

struct litmus_counts {
    uint64_t runs;
    uint64_t moved; /* others, not counted: a thread of the test was not on its CPU */
    uint64_t outcomes[LITMUS_OUTCOMES];
};

/* Runs a test that fits the crew until `runs` or `seconds` are over, a batch at least, and adds to
 * counts. What threads do that share a CPU, or are moved, says nothing of the memory model: before
 * and after each batch every thread of the test looks where it is, and a batch in which one is
 * elsewhere is not counted. Threads that were moved are pinned once more at the beginning. 0, or a
 * negative errno when a memory model could not be set; then nothing was run in a wrong one. The
 * crew's threads keep the models they had last. */
int litmus_run(struct litmus *litmus, const struct litmus_job *job, uint64_t runs, double seconds,
               struct litmus_counts *counts);

/* How often what TSO forbids was seen: any outcome outside view->tso. */
uint64_t litmus_forbidden(const struct litmus_view *view, const struct litmus_counts *counts);

/* How often the outcome of the test's row was seen; for tests about what TSO forbids, any such. */
uint64_t litmus_relaxed(const struct litmus_view *view, const struct litmus_counts *counts);

#endif
