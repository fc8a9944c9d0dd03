/* SPDX-License-Identifier: MIT
 *
 * job.h: what a block is told: one set, where its threads are, and how long it is measured.
 */
#ifndef JOB_H
#define JOB_H

#include "machine/topology.h"
#include "plan/plan.h"

struct job {
    struct plan_request request;
    char set[2 * MAX_TEXT];
    unsigned cpus[MAX_CPUS]; /* request.cpu_count of them: where threads are placed, in order */
    unsigned block;
    unsigned layout; /* of the program that measures it (base/layout.h); 0: any */
    uint64_t seed;
    long rounds; /* 0: Google Benchmark decides */
    /* Of each cell in the plan's order, 0 of one that faulted; ops[0] == 0: calibrate. */
    uint64_t ops[MAX_CELLS];
    double lead_in;      /* in samples; 0: find one */
    bool settled;        /* of a lead_in that was found */
    double ticks_per_ns; /* calibrated once by the parent, so that all blocks agree */
    enum source source;
    char count[64]; /* sets of events, as counting_choose() takes them */
};

/* A job as JSON text and back; the caller frees the text. job_parse dies on a malformed one. */
char *job_print(const struct job *job);
void job_parse(struct job *job, const char *text);

#endif
