/* SPDX-License-Identifier: MIT
 *
 * harness.h: this instrument beside plain Google Benchmark, on the same kernels, in the same wall
 * time: the same code against itself, whose true ratio is 1.
 */
#ifndef HARNESS_H
#define HARNESS_H

#include "block/block.h"

struct harness_row {
    const char *set;
    const char *method; /* "tsobench" or "google-benchmark" */
    double seconds;     /* wall time of the comparison */
    double distance;    /* |ratio - 1| of A against A */
    double half_width;  /* of the ratio's 95 % interval */
};

/* Compares plain with itself on one set by both methods, `seconds` each; one thread only. */
void harness_compare(const struct job *job, const struct set *set, double seconds,
                     struct harness_row rows[2]);

#endif
