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

/* Places in a round, at most. */
enum { MAX_SLOTS = 4 * MAX_CELLS };

/* Lead-ins, in samples: what refills what a neighbour has left cold, and what one set after another
 * can be measured with in bearable time. */
#define LEAD_IN_LEAST 0.25
#define LEAD_IN_MOST  4.0

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
    /* What a round executes, in another order each time: a cell of the set, whose sample is kept,
     * or cell_count more than a cell's number, and the sample is thrown away. */
    unsigned slot[MAX_SLOTS], slots;
    unsigned *order; /* rounds x slots: which slot's content stood where */
    long rounds, room;
    double lead_in;    /* untimed work before a sample, in samples */
    bool settled;      /* a longer one was tried, and changed nothing */
    size_t stack_skip; /* bytes between the crew's stack frame and the kernel's */
    double target_ns;  /* length of a sample */
    unsigned page_kib;
    struct measuring *threads; /* one a thread */
    struct counting *counting; /* of cycles and other events */
};

/* Lays out the set's memory on its threads and prepares their counters; tries the cells of a
 * kernel that may fault, and drops those that do from the set. The crew has set->threads threads
 * and stays the caller's. Dies when memory cannot be had, or when the baseline faults. */
void runner_open(struct runner *runner, struct set *set, struct crew *crew, uint64_t seed);

/* Finds for each cell the number of operations that fills a sample, measured among the others'
 * samples: no cell's are longer because of its place in the set. Cells that run the baseline's code
 * get its number. ops != NULL: takes these, one for each cell of the plan, where they are not 0. */
void runner_calibrate(struct runner *runner, const uint64_t *ops);

/* The operations that fill a sample, if so many take so many ticks. */
uint64_t runner_ops(const struct runner *runner, uint64_t ops, double ticks);

/* Makes the samples of all cells equally long, of which each was calibrated alone: see steady.c. */
void runner_even(struct runner *runner);

/* Adds untimed executions to a round until every distinct piece of code is executed equally often
 * in it, at random places: A/A and other memory models run one code in several cells, and code that
 * runs more often than another is better known to the predictors, and so is faster (steady.c). */
void runner_balance(struct runner *runner);

/* Finds the lead-in, after calibration: see steady.c. lead_in != 0: takes this one. */
void runner_settle(struct runner *runner, double lead_in, bool settled);

/* One sample of a cell that no array keeps, after so many operations untimed: its ticks, or
 * SPOILED. */
uint64_t runner_sample(struct runner *runner, unsigned which, uint64_t ops, uint64_t lead_in);

/* The operations of a lead-in of so many samples of a cell. */
uint64_t runner_lead_in(const struct runner *runner, unsigned which, double samples);

/* Forgets earlier rounds and makes room for `rounds` new ones. */
void runner_begin(struct runner *runner, long rounds);

/* One round: every slot once, in random order. Returns the seconds it took, all in all. */
double runner_round(struct runner *runner);

/* Frees what runner_open() and runner_begin() took; the crew and the set stay. */
void runner_close(struct runner *runner);

#endif
