/* SPDX-License-Identifier: MIT
 *
 * counting.h: what a block counts beside time.
 *
 * Cycles and instructions are counted in every round; the sets of events take turns, a round each,
 * in all cells of the round, so that cells are compared by counts of the same 50 microseconds, and
 * the counters are never shared out.
 *
 * Counting stands outside of the stamps, and behind the barrier that starts all threads: what they
 * execute while they wait for each other is no cost of the cell. What comes before the first stamp
 * is between the cell's untimed work and its timed work, evicts some of its data and lets threads
 * start apart, so that is kept to one system call, or to reads without the kernel (group.h). What
 * counting itself executes, the counts of nothing, is measured once a block and taken off.
 */
#ifndef COUNTING_H
#define COUNTING_H

#include <jansson.h>
#include <stdint.h>

#include "threads/crew.h"

struct counting;

/* Which sets of events the blocks of this process count: "all", "none" or "mix,stall"; none until
 * this is called. The text stays the caller's and is kept. */
void counting_choose(const char *sets);

/* Opens the counters of every thread of a crew, of which cells are measured. Where that is not
 * possible, it counts nothing and says why. */
struct counting *counting_open(struct crew *crew, unsigned cells, uint64_t seed);
void counting_close(struct counting *counting, struct crew *crew);

/* Forgets earlier rounds and makes room for new ones. */
void counting_begin(struct counting *counting, long rounds);

/* By one thread, while the others wait: the round that the next samples belong to. */
void counting_round(struct counting *counting, long round);

/* By each thread: makes the round's set of events count; long before the timed region. */
void counting_select(struct counting *counting, unsigned thread);

/* By each thread, before its first stamp and after its last. */
void counting_before(struct counting *counting, unsigned thread);
void counting_after(struct counting *counting, unsigned thread);

/* By one thread: keeps the counts of the sample just taken, summed over all threads. */
void counting_keep(struct counting *counting, unsigned cell);

/* Adds `events`, and `pmu_skipped` where nothing is counted, to the line of the block. */
void counting_describe(const struct counting *counting, json_t *line);

/* Adds a cell's counts: cycles, instructions, event_set and counts, where there are any. */
void counting_add_cell(const struct counting *counting, unsigned cell, long rounds, json_t *json);

/* The parts of `events`: [{"name", "events"}] and [{"event", "reason"}]. */
struct count_sets;
struct events;
json_t *counting_sets(const struct count_sets *sets);
json_t *counting_missing(const struct events *events);

#endif
