/* SPDX-License-Identifier: MIT */
#include "run/experiment.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/die.h"
#include "base/text.h"
#include "config.h"
#include "count/events.h"
#include "mapping/given.h"

enum { MAX_ROUNDS = 1000000, MAX_BLOCKS = 1000 };

/* Mappings are no single value: see experiment_read(). */
static const char *const keys[EXPERIMENT_MAPPING] = {"suite", "only",   "cpus",   "models",
                                                     "count", "rounds", "blocks", "seed"};

void experiment_set(struct experiment *experiment, enum experiment_key key, const char *name,
                    const char *value) {
    switch (key) {
    case EXPERIMENT_SUITE:
        experiment->suite = plan_suite_named(value)->name;
        break;
    case EXPERIMENT_ONLY:
        experiment->only = value;
        break;
    case EXPERIMENT_CPUS:
        experiment->cpus = value;
        break;
    case EXPERIMENT_MODELS:
        experiment->models = value;
        break;
    case EXPERIMENT_COUNT:
        events_check_list(value);
        experiment->count = value;
        break;
    case EXPERIMENT_ROUNDS:
        experiment->rounds = (long)text_number(name, value, 1, MAX_ROUNDS);
        break;
    case EXPERIMENT_BLOCKS:
        experiment->blocks = (unsigned)text_number(name, value, 1, MAX_BLOCKS);
        break;
    case EXPERIMENT_SEED:
        experiment->seed = text_number(name, value, 0, INT64_MAX);
        break;
    case EXPERIMENT_MAPPING:
        given_read(value);
        break;
    case EXPERIMENT_KEYS:
        break;
    }
}

static json_t *or_null(const char *text) {
    return text ? json_string(text) : json_null();
}

json_t *experiment_line(const struct experiment *run, const struct campaign_options *options) {
    char time_text[32], seed[32];
    time_t now = time(NULL);
    strftime(time_text, sizeof time_text, "%Y-%m-%dT%H:%M:%SZ", gmtime(&now));
    snprintf(seed, sizeof seed, "0x%016llx", (unsigned long long)run->seed);
    json_t *line = json_pack(
        "{s:i, s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:I, s:i, s:i, s:{s:f, s:f}}", "format",
        1, "type", "begin", "suite", run->suite, "seed", seed, "version", TSOBENCH_VERSION, "time",
        time_text, "only", or_null(run->only), "cpus", or_null(run->cpus), "models",
        or_null(run->models), "count", or_null(run->count), "rounds", (json_int_t)run->rounds,
        "blocks", (int)run->blocks, "min_blocks", (int)options->min_blocks, "targets", "single",
        options->target_single, "multi", options->target_multi);
    if (given_count())
        json_object_set_new(line, "mappings", given_json());
    return line;
}

struct experiment experiment_read(const json_t *line, const char *path) {
    struct experiment experiment = {.suite = NULL};
    const char *version = json_string_value(json_object_get(line, "version"));
    if (json_object_get(line, "command"))
        die(EXIT_USAGE, "%s was imported and not measured by this program: import it again", path);
    if (strcmp(version, TSOBENCH_VERSION) != 0)
        die(EXIT_USAGE, "%s was begun by tsobench %s, and this is %s: start a new run", path,
            version, TSOBENCH_VERSION);
    given_take(json_object_get(line, "mappings"));
    for (int key = 0; key < EXPERIMENT_MAPPING; key++) {
        const json_t *value = json_object_get(line, keys[key]);
        char name[600], number[32];
        snprintf(name, sizeof name, "%s: `%s' of its first line", path, keys[key]);
        snprintf(number, sizeof number, "%lld", json_integer_value(value));
        if (json_is_string(value))
            experiment_set(&experiment, key, name, json_string_value(value));
        else if (json_integer_value(value) != 0) /* 0 and null: the default */
            experiment_set(&experiment, key, name, number);
    }
    return experiment;
}
