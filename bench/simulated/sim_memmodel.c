/* SPDX-License-Identifier: MIT
 *
 * sim_memmodel.c: there are both models, as both cores can be simulated; this process is on one.
 */
#include "machine/memmodel.h"

#include <errno.h>
#include <stdio.h>

#include "simulated/simulated.h"

bool memmodel_can(const struct memmodel_support *support, enum memmodel model) {
    return model == MEMMODEL_WEAK  ? support->can_weak
           : model == MEMMODEL_TSO ? support->can_tso
                                   : support->fixed;
}

void memmodel_probe(struct memmodel_support *support) {
    *support = (struct memmodel_support){.can_weak = true, .can_tso = true};
    snprintf(support->reason, sizeof support->reason, "a parameter of the simulated core");
}

int memmodel_set(enum memmodel model) {
    return model == simulated.model ? 0 : -EINVAL;
}

bool memmodel_now(enum memmodel *model) {
    *model = simulated.model;
    return true;
}
