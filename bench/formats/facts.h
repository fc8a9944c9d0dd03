/* SPDX-License-Identifier: MIT
 *
 * facts.h: what a run's samples say of how it was made: counts for the answers to a sceptic.
 */
#ifndef FACTS_H
#define FACTS_H

#include "report/report.h"

struct facts {
    size_t sets, blocks_least, blocks_most, samples_least, samples_most, spoiled, samples, drifted;
    size_t references, twins, unsound, skipped, below_floor, ratios;
    unsigned threads_least, threads_most;
    size_t migrated, preempted, check_failed;
    size_t counted_cells, fresh_blocks, throttled_blocks, blocks, symbols, cells;
    long page_least, page_most;
    double instructions; /* largest distance of the counts of identical code from equal; NAN */
    const char *pmu_skipped, *placements[8];
    size_t placement_count;
};

/* What the checklist asks of a run, counted over all its sets; texts live as long as the report. */
struct facts facts_of(const struct report *report);

/* A litmus test under a memory model, in all blocks together: runs, and relaxed outcomes. */
struct litmus_count {
    uint64_t runs, relaxed;
};
struct litmus_count facts_litmus(const struct samples *run, enum memmodel model, const char *test);

#endif
