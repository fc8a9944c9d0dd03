/* SPDX-License-Identifier: MIT
 *
 * campaign.h: which block is measured next: the state of a run, from its plan and from the blocks
 * that are done. It neither starts processes nor writes files.
 */
#ifndef CAMPAIGN_H
#define CAMPAIGN_H

#include <jansson.h>

#include "plan.h"
#include "rng.h"

struct campaign_options {
    unsigned min_blocks, max_blocks;
    double limit_seconds;               /* no extra blocks after this */
    double target_single, target_multi; /* half-width asked of a ratio's interval */
    uint64_t seed;
};

/* What is known of a set so far. */
struct standing {
    unsigned attempts;          /* blocks measured or failed */
    unsigned blocks;            /* measured */
    unsigned check_failures;    /* samples of sound cells whose check failed */
    long rounds;                /* of every block, fixed by the first */
    uint64_t ops[MAX_CELLS];    /* likewise */
    double *medians[MAX_CELLS]; /* of each block: ratio to the baseline */
};

struct campaign {
    const struct plan *plan;
    struct campaign_options options;
    struct standing *sets;
    unsigned done, failed;
    unsigned *order; /* of the pass under way: the sets it visits */
    unsigned length, next, pass;
};

void campaign_open(struct campaign *campaign, const struct plan *plan,
                   const struct campaign_options *options);

/* The set whose block comes next, or -1 when all is done. Passes visit the sets in random order:
 * first every set until it has min_blocks, then those whose intervals are wider than asked, until
 * max_blocks or the limit. */
int campaign_next(struct campaign *campaign, double elapsed_seconds);

/* The seed of a set's next block: follows from the run's seed, the set's name and the block. */
uint64_t campaign_seed(const struct campaign *campaign, unsigned set);

/* Takes a line of samples.jsonl into account; other lines than blocks and failures are ignored. */
void campaign_absorb(struct campaign *campaign, const json_t *line);

/* The widest half-width among a set's intervals, relative; NAN before two blocks. */
double campaign_half_width(const struct campaign *campaign, unsigned set);

/* Blocks still to come for certain, for the progress bar. */
unsigned campaign_remaining(const struct campaign *campaign);

void campaign_close(struct campaign *campaign);

#endif
