/* SPDX-License-Identifier: MIT
 *
 * block.h: one block, measured by a process of its own: fresh address space, fresh pages. The
 * parent (cmd_run.c) hands it a job and gets back one line of samples.jsonl.
 */
#ifndef BLOCK_H
#define BLOCK_H

#include <jansson.h>

#include "plan.h"
#include "topology.h"

struct job {
    struct plan_request request;
    char set[2 * MAX_TEXT];
    unsigned cpus[MAX_CPUS]; /* request.cpu_count of them: where threads are placed, in order */
    unsigned block;
    uint64_t seed;
    long rounds; /* 0: Google Benchmark decides */
    /* Of each cell in the plan's order, 0 of one that faulted; ops[0] == 0: calibrate. */
    uint64_t ops[MAX_CELLS];
    double ticks_per_ns; /* calibrated once by the parent, so that all blocks agree */
    char source[16];     /* "measured", "emulated", "simulated" */
    char count[64];      /* sets of events, as counting_choose() takes them */
};

/* A job as JSON text and back; the caller frees the text. job_parse dies on a malformed one. */
char *job_print(const struct job *job);
void job_parse(struct job *job, const char *text);

/* Measures the job's block here and returns its line. */
json_t *block_measure(const struct job *job);

/* The same of a set of the plan that the job's request makes; cells may be dropped from it. */
json_t *block_measure_set(const struct job *job, struct set *set);

/* The proof of a set's memory models: rows of a block's battery. Where there is none, or of no test
 * a run that counts, the line says why: battery_skipped. */
json_t *block_battery(const struct job *job, const struct set *set, uint64_t seed, json_t *line);

#endif
