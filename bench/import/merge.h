/* SPDX-License-Identifier: MIT
 *
 * merge.h: the block of a set, made of what simulations of the weak and of the TSO core printed.
 * On hardware one process measures both.
 */
#ifndef MERGE_H
#define MERGE_H

#include "import/guest.h"
#include "import/symbols.h"

/* One set's line in one simulation. */
struct part {
    const struct guest *guest;
    const json_t *line;
};

/* The line of a run's samples.jsonl. Dies with EXIT_USAGE when the two did not measure the same,
 * or when counts are missing. symbols may be NULL: then cells have none. The caller owns it. */
json_t *merge_block(const struct part *tso, const struct part *weak, const struct symbols *symbols,
                    const char *time);

#endif
