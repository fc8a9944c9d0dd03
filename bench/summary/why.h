/* SPDX-License-Identifier: MIT
 *
 * why.h: what the PMU says of a cell beside its cycles: events per operation, and the one that
 * speaks most for the difference from the cell it is compared with.
 */
#ifndef WHY_H
#define WHY_H

#include <stdbool.h>
#include <stddef.h>

#include "samples/samples.h"

/* Events that this core does not count as their names say: names, by the run's self-test. */
struct why_distrust {
    const char **events;
    size_t count;
};

/* Median counts per operation over the rounds in which both cells counted the event; NAN where
 * none did, or where the event is distrusted. */
struct why_count {
    double value, base;
};
struct why_count why_count(const struct sample_set *set, size_t cell, size_t base,
                           const char *event, const struct why_distrust *distrust);

/* The event that moved most. Events of the set `stall` count cycles, so they come first: the one
 * with the largest part of the cycles between the two cells, if it has at least a quarter. Else
 * the event whose count per operation is the most times that of the other cell, or the other way
 * round, both taken 0.02 larger, so that what hardly happens is not infinitely much; at least
 * half as much again. event is NULL where nothing moved or nothing was counted. */
struct why {
    const char *event;
    struct why_count count;
    double cycles; /* the difference in cycles per operation, for an event of `stall`; else NAN */
};
struct why why_of(const struct sample_set *set, size_t cell, size_t base,
                  const struct why_distrust *distrust);

#endif
