/* SPDX-License-Identifier: MIT */
#include "summary/same_code.h"

#include <math.h>
#include <string.h>

#include "stats/stats.h"

/* What a kernel does once a sample may depend on where the last one ended; few rounds leave a trace
 * of that in the median. Other code would be far beyond. */
enum { FEW = 100 };
static const double tolerance = 0.005;

/* One short sample alone, of a simulation, has all of it: what a loop of 32 accesses leaves over at
 * both ends, and the part of its data that a search happened to be in. scripts/gem5/counts.py
 * compares exactly, in samples that are made for it. */
enum { FEW_ALONE = 300 };
static const double tolerance_alone = 0.05;

static size_t other_model(const struct sample_set *set, size_t cell) {
    const struct sample_cell *mine = &set->cells[cell];
    for (size_t i = 0; mine->symbol && i < cell; i++) {
        const struct sample_cell *other = &set->cells[i];
        if (other->symbol && strcmp(other->symbol, mine->symbol) == 0 &&
            strcmp(other->lowering, mine->lowering) == 0 && other->model != mine->model)
            return i;
    }
    return cell;
}

double same_code_apart(const struct sample_set *set, size_t cell) {
    size_t base = other_model(set, cell);
    if (base == cell || set->threads != 1)
        return NAN;
    struct sample_counts counts = samples_counts(set, cell, base, "instructions");
    double apart = NAN;
    if (counts.count) {
        double mine = stats_median(counts.values, counts.count);
        double others = stats_median(counts.base, counts.count);
        const struct sample_block *block = &set->blocks[counts.blocks[0]];
        double sample = fmin(mine * (double)block->columns[cell].ops,
                             others * (double)block->columns[base].ops);
        apart = mine / others - 1;
        bool alone = counts.count == 1;
        if (fabs(apart) < (alone ? tolerance_alone : tolerance) ||
            fabs(apart) * sample < (alone ? FEW_ALONE : FEW))
            apart = 0;
    }
    samples_counts_free(&counts);
    return apart;
}
