/* SPDX-License-Identifier: MIT
 *
 * experiment.h: what a run was asked for, on the command line or by the first line of the run that
 * is gone on with.
 */
#ifndef EXPERIMENT_H
#define EXPERIMENT_H

#include <jansson.h>
#include <stdint.h>

#include "run/campaign.h"

struct experiment {
    const char *suite, *only, *cpus, *models, *count; /* NULL: default */
    long rounds;
    unsigned blocks; /* 0: adaptive */
    uint64_t seed;
};

enum experiment_key {
    EXPERIMENT_SUITE,
    EXPERIMENT_ONLY,
    EXPERIMENT_CPUS,
    EXPERIMENT_MODELS,
    EXPERIMENT_COUNT,
    EXPERIMENT_ROUNDS,
    EXPERIMENT_BLOCKS,
    EXPERIMENT_SEED,
    EXPERIMENT_MAPPING, /* may be said several times; the mappings are mapping/given.h's */
    EXPERIMENT_KEYS
};

/* Takes a value, which must outlive the experiment, or dies with EXIT_USAGE and the name that it
 * was given by. The one door for values, whoever wrote them. */
void experiment_set(struct experiment *experiment, enum experiment_key key, const char *name,
                    const char *value);

/* The first line of the run's samples; and the same read back, or death. The line, which is as the
 * schema has it (check_unfinished), must outlive the experiment. */
json_t *experiment_line(const struct experiment *experiment,
                        const struct campaign_options *options);
struct experiment experiment_read(const json_t *line, const char *path);

#endif
