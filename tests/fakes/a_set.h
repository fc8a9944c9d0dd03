/* SPDX-License-Identifier: MIT
 *
 * a_set.h: some set of the smoke suite for a job, whatever kernels there are.
 */
#ifndef A_SET_H
#define A_SET_H

#include <stdio.h>

#include "block/block.h"

/* The first set of so many threads; the job has none if there is none. */
static inline void a_set(struct job *job, unsigned threads) {
    struct plan plan = plan_make(&job->request);
    job->set[0] = 0;
    for (size_t i = 0; i < plan.count && job->set[0] == 0; i++)
        if (plan.sets[i].threads == threads && plan.sets[i].skip[0] == 0)
            snprintf(job->set, sizeof job->set, "%s", plan.sets[i].name);
    plan_free(&plan);
}

#endif
