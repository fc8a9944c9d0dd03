/* SPDX-License-Identifier: MIT
 *
 * region.h: memory whose lines are in no cache when they are asked for, and some whose lines are.
 *
 * Lines are handed out by a bijection that no prefetcher follows, each once until all were: a line
 * comes again when a multiple of the largest cache has been touched since.
 */
#ifndef REGION_H
#define REGION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "samples/vocabulary.h"

struct region {
    uint8_t *lines, *hits;
    unsigned bits;     /* 2 to this power are the lines */
    uint64_t next;     /* how many were handed out */
    unsigned page_kib; /* of the pages that they lie on; 0: of several kinds */
};

/* Makes and touches one; all of it is 0. Emulated, it is small, since times do not matter there.
 * False: why not. */
bool region_make(struct region *region, unsigned cpu, enum source source, char *why, size_t size);
void region_free(struct region *region);

/* The addresses of the next lines. */
void region_lines(struct region *region, uint64_t *table, size_t count);

/* The index of the i-th line, for tests: each of 2^bits once for that many i. */
uint64_t region_index(uint64_t i, unsigned bits);

#endif
