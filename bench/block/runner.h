/* SPDX-License-Identifier: MIT
 *
 * runner.h: one block of one set in this process: memory, threads, calibration, rounds.
 *
 * It never knows which kernel it measures. Raw samples come out of it; statistics are made from
 * files, later.
 */
#ifndef RUNNER_H
#define RUNNER_H

#include <stdint.h>

#include "plan/plan.h"
#include "stats/rng.h"
#include "threads/crew.h"

/* The ticks of a sample that is no measurement: a thread was moved, or the counter took no step. */
#define SPOILED UINT64_MAX

/* Raw samples of one cell; arrays grow with the rounds. */
struct cell_samples {
    uint64_t ops;           /* per thread and sample */
    uint64_t *ticks;        /* of a sample: earliest start to latest end; or SPOILED */
    uint64_t *chain_before; /* ticks of the add chain on thread 0 */
    uint64_t *chain_after;
    double *metric; /* the kernel's own number; NAN: SPOILED, or it has none */
    unsigned migrated, preempted, check_failed;
    const char *check_message;
};

struct runner {
    const struct set *set;
    struct crew *crew;
    struct work work;
    size_t state_bytes;
    struct rng rng;
    unsigned planned[MAX_CELLS]; /* which of the plan's cells each cell is: some may have faulted */
    struct cell_samples samples[MAX_CELLS];
    unsigned *order; /* rounds x cells: which cell stood where */
    long rounds, room;
    double target_ns; /* length of a sample */
    unsigned page_kib;
    struct measuring *threads; /* one a thread */
    struct counting *counting; /* of cycles and other events */
};

/* Lays out the set's memory on its threads and prepares their counters; tries the cells of a
 * kernel that may fault, and drops those that do from the set. The crew has set->threads threads
 * and stays the caller's. Dies when memory cannot be had, or when the baseline faults. */
void runner_open(struct runner *runner, struct set *set, struct crew *crew, uint64_t seed);

/* Finds for each cell the number of operations that fills a sample; cells that run the same
 * code get the same number. ops != NULL: takes these, one for each cell of the plan, where they
 * are not 0. */
void runner_calibrate(struct runner *runner, const uint64_t *ops);

/* Forgets earlier rounds and makes room for `rounds` new ones. */
void runner_begin(struct runner *runner, long rounds);

/* One round: every cell once, in random order. Returns the seconds its samples took. */
double runner_round(struct runner *runner);

/* Frees what runner_open() and runner_begin() took; the crew and the set stay. */
void runner_close(struct runner *runner);

#endif
