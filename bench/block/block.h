/* SPDX-License-Identifier: MIT
 *
 * block.h: one block, measured by a process of its own: fresh address space, fresh pages. The
 * parent (cmd_run.c) hands it a job and gets back one line of samples.jsonl.
 */
#ifndef BLOCK_H
#define BLOCK_H

#include <jansson.h>

#include "plan/job.h"

/* Measures the job's block here and returns its line. */
json_t *block_measure(const struct job *job);

/* The same of a set of the plan that the job's request makes; cells may be dropped from it. */
json_t *block_measure_set(const struct job *job, struct set *set);

/* How long a block's rounds should take together, in s: as long as its suite says, but where a
 * round takes `round` for FEWEST_ROUNDS of them, since the median of a few rounds is little better
 * than one, and at most MOST_TIMES as long. */
double block_seconds(double suite, double round);

/* The proof of a set's memory models: rows of a block's battery. Where there is none, or of no test
 * a run that counts, the line says why: battery_skipped. */
json_t *block_battery(const struct job *job, const struct set *set, uint64_t seed, json_t *line);

/* What a block process does: reads a job from stdin, measures it, prints its line. EXIT_DONE, or
 * death. */
int block_serve(void);

#endif
