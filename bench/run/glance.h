/* SPDX-License-Identifier: MIT
 *
 * glance.h: one set measured by the ordinary instrument, in as few blocks as have an interval, and
 * not kept: for a command that answers at once.
 */
#ifndef GLANCE_H
#define GLANCE_H

#include <jansson.h>

#include "plan/job.h"
#include "stats/stats.h"

struct glance {
    json_t *blocks[STATS_FEWEST_BLOCKS]; /* NULL: nothing was measured, for the reason in why */
    char why[256];
};

/* Measures the set that the job names, with the job's request. Dies where a block does. The caller
 * ends it with glance_free(). */
struct glance glance_measure(struct job *job);
void glance_free(struct glance *glance);

/* A cell of a set. */
struct glance_cell {
    const char *name; /* NULL: any */
    enum role role;
    const char *stem; /* its symbol begins so; NULL: any does */
};

/* Whether all blocks measured it: else it was skipped, or faulted. */
bool glance_has(const struct glance *glance, struct glance_cell cell);

/* The interval of a cell's ns per operation, and of its ratio to another's in the same round. */
struct interval glance_ns(const struct glance *glance, struct glance_cell cell);
struct interval glance_ratio(const struct glance *glance, struct glance_cell cell,
                             struct glance_cell base);

#endif
