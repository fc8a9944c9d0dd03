/* SPDX-License-Identifier: MIT
 *
 * harness.h: this instrument beside plain Google Benchmark, on the same kernels, in the same wall
 * time, on two pairs whose true ratio is 1: the same code twice (aa), and code of two compilations
 * (native against plain where both are the same instructions, else the twin).
 *
 * Google Benchmark is used as its users do: the entries of a pair in one process, which is one
 * layout of the program. Ours are blocks as in a run, each a process of another layout, for as long
 * as the library took for both pairs.
 */
#ifndef HARNESS_H
#define HARNESS_H

#include "plan/job.h"
#include "stats/stats.h"

enum { HARNESS_PAIRS = 2 };

struct harness_row {
    const char *pair;         /* "aa", "native", "twin" */
    double seconds[2];        /* wall time: of this pair by the library; of ours for both pairs */
    struct interval ratio[2]; /* by the library, whose interval follows from what it prints; ours */
};

/* Compares the pairs of one set of one thread by both methods, `seconds` for each pair. The job is
 * one that a run would begin with. */
void harness_compare(const struct job *job, const struct set *set, double seconds,
                     struct harness_row rows[HARNESS_PAIRS]);

#endif
