/* SPDX-License-Identifier: MIT
 *
 * matrix_parts.h: what the two halves of the matrix share: matrix.c plans it and starts its
 * processes, matrix_pair.c measures a pair and says what it came to.
 */
#ifndef MATRIX_PARTS_H
#define MATRIX_PARTS_H

#include "block/block.h"
#include "plan/registry.h"
#include "plan/request.h"
#include "stats/rng.h"
#include "stats/stats.h"

enum { MATRIX_BLOCKS = STATS_FEWEST_BLOCKS };

struct pair_of_cpus {
    unsigned cpu[2];
};

/* A pair's, over all blocks; in memory that the processes share. */
struct finding {
    char skipped[128];       /* or "" */
    uint64_t ops[MAX_CELLS]; /* of each cell, found in the first block; [0] == 0: not yet */
    uint64_t wrong[MAX_CELLS];
    uint64_t moved; /* samples during which a thread was not on its CPU */
};

/* A cell's medians over the rounds of a block; 0: none. */
struct cell_values {
    double ns, cycles, ratio;
};

struct matrix {
    struct job job; /* its CPUs in the order of the topology */
    struct set set;
    struct rng rng;
    uint64_t seed;
    struct pair_of_cpus *pairs;
    unsigned pair_count, all_pairs;
    long rounds;
    double deadline;
    unsigned *at;               /* how far the block's process is; shared */
    struct finding *findings;   /* one a pair; shared */
    struct cell_values *values; /* blocks x pairs x cells; shared */
};

/* Measures a pair once, in this process. */
void matrix_pair(const struct matrix *matrix, unsigned block, unsigned pair);

/* What all blocks came to: see matrix.h. */
json_t *matrix_json(const struct matrix *matrix);

#endif
