/* SPDX-License-Identifier: MIT
 *
 * campaign.h: which block is measured next: the state of a run, from its plan and from the blocks
 * that are done. It neither starts processes nor writes files.
 */
#ifndef CAMPAIGN_H
#define CAMPAIGN_H

#include <jansson.h>
#include <stdbool.h>

#include "plan/job.h"
#include "stats/rng.h"

struct campaign_options {
    unsigned min_blocks, max_blocks;
    double limit_seconds;               /* no extra blocks after this */
    double target_single, target_multi; /* half-width asked of a ratio's interval */
    uint64_t seed;
};

/* What is known of a set so far. */
struct standing {
    unsigned attempts;          /* blocks measured or failed: the number of the next */
    unsigned blocks;            /* measured */
    unsigned tries;             /* failed one after the other, in this session */
    double failed_at;           /* seconds_now() of the last of them */
    bool said;                  /* there is a line that says why it is skipped */
    unsigned check_failures;    /* samples of sound cells whose check failed */
    long rounds;                /* of every block, fixed by the first */
    uint64_t ops[MAX_CELLS];    /* likewise */
    double lead_in;             /* likewise; 0: not known yet */
    bool settled;               /* of the lead-in */
    double *medians[MAX_CELLS]; /* of each block: ratio to the baseline */
    unsigned *layouts;          /* of each block: which of the program's measured it */
};

struct campaign {
    const struct plan *plan;
    struct campaign_options options;
    struct standing *sets;
    unsigned done, failed; /* blocks */
    unsigned *order;       /* of the pass under way: the sets it visits */
    unsigned length, next, pass;
};

/* Begins with no block measured. The plan must outlive it; campaign_close() frees the rest. */
void campaign_open(struct campaign *campaign, const struct plan *plan,
                   const struct campaign_options *options);

/* The set whose block comes next, or -1 when all is done. Passes visit the sets in random order:
 * first every set until it has min_blocks, then those whose intervals are wider than asked, until
 * max_blocks or the limit. A set whose block failed comes again in a later pass, and is given up
 * for this session after CAMPAIGN_TRIES failures one after the other: what made it fail may pass (a
 * CPU that is offline, memory that others took). */
enum { CAMPAIGN_TRIES = 3 };
int campaign_next(struct campaign *campaign, double elapsed_seconds);

/* Seconds to wait at least, after a set's last failure, before it is tried again. */
double campaign_patience(const struct campaign *campaign, unsigned set);

/* The seed of a set's next block: follows from the run's seed, the set's name and the block. */
uint64_t campaign_seed(const struct campaign *campaign, unsigned set);

/* The layout, of so many, that measures a set's next block: in an order of its own for each set,
 * all of them before one comes again. 0 where there are none. */
unsigned campaign_layout(const struct campaign *campaign, unsigned set, unsigned count);

/* What a set's next block is told, by one of so many layouts: all that is the set's in the job.
 * rounds: of the first block, those that follow have as many. */
void campaign_assign(const struct campaign *campaign, unsigned set, long rounds, unsigned layouts,
                     struct job *job);

/* Takes a line of samples.jsonl into account; those of no set are ignored. Dies with EXIT_USAGE
 * where the plan does not have such a line. */
void campaign_absorb(struct campaign *campaign, const json_t *line);

/* A new session begins: what failed in those before is tried again. */
void campaign_resume(struct campaign *campaign);

/* The widest half-width among a set's intervals, relative; NAN before two blocks. */
double campaign_half_width(const struct campaign *campaign, unsigned set);

/* Blocks still to come for certain in this session. */
unsigned campaign_remaining(const struct campaign *campaign);

/* Sets that have fewer blocks than they are to have. */
unsigned campaign_lacking(const struct campaign *campaign);

/* Frees what campaign_open() took. */
void campaign_close(struct campaign *campaign);

#endif
