/* SPDX-License-Identifier: MIT
 *
 * job.c: what a block is told, as JSON between the run and its block processes.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/layout.h"
#include "config.h"
#include "mapping/given.h"
#include "plan/job.h"

char *job_print(const struct job *job) {
    const struct plan_request *request = &job->request;
    json_t *cpus = json_array(), *models = json_array(), *levels = json_array();
    json_t *ops = json_array();
    for (unsigned i = 0; i < request->cpu_count; i++)
        json_array_append_new(cpus, json_integer(job->cpus[i]));
    for (int i = 0; i < MEMMODEL_COUNT; i++)
        json_array_append_new(models, json_boolean(request->model[i]));
    for (int i = 0; i < 4; i++)
        json_array_append_new(levels,
                              json_pack("{s:I, s:s}", "bytes", (json_int_t)request->level[i].bytes,
                                        "reason", request->level[i].reason));
    int cells = MAX_CELLS;
    while (cells && job->ops[cells - 1] == 0)
        cells--;
    for (int i = 0; i < cells; i++)
        json_array_append_new(ops, json_integer((json_int_t)job->ops[i]));
    json_t *root = json_pack(
        "{s:s, s:s, s:s, s:s, s:i, s:I, s:I, s:f, s:i, s:o, s:o, s:o, s:o, s:f, s:b, s:i, s:s, "
        "s:o}",
        "set", job->set, "suite", request->suite->name, "source", source_name(job->source), "count",
        job->count, "block", (int)job->block, "seed", (json_int_t)job->seed, "rounds",
        (json_int_t)job->rounds, "ticks_per_ns", job->ticks_per_ns, "features",
        (int)request->features, "cpus", cpus, "models", models, "levels", levels, "ops", ops,
        "lead_in", job->lead_in, "settled", job->settled, "layout", (int)job->layout, "git",
        TSOBENCH_GIT, "given", given_json());
    char *text = root ? json_dumps(root, JSON_COMPACT | JSON_REAL_PRECISION(17)) : NULL;
    json_decref(root);
    if (text == NULL)
        die(EXIT_FAILED, "cannot write the job of %s as JSON", job->set);
    return text;
}

void job_parse(struct job *job, const char *text) {
    json_error_t error;
    const char *set, *suite, *source, *count, *git;
    json_t *cpus, *models, *levels, *ops, *given, *value;
    json_int_t seed, rounds;
    int block, features, settled, layout;
    size_t i;
    json_t *root = json_loads(text, 0, &error);
    *job = (struct job){0};
    if (root == NULL ||
        json_unpack_ex(
            root, &error, 0,
            "{s:s, s:s, s:s, s:s, s:i, s:I, s:I, s:F, s:i, s:o, s:o, s:o, s:o, s:F, s:b, s:i, s:s, "
            "s:o}",
            "set", &set, "suite", &suite, "source", &source, "count", &count, "block", &block,
            "seed", &seed, "rounds", &rounds, "ticks_per_ns", &job->ticks_per_ns, "features",
            &features, "cpus", &cpus, "models", &models, "levels", &levels, "ops", &ops, "lead_in",
            &job->lead_in, "settled", &settled, "layout", &layout, "git", &git, "given", &given))
        die(EXIT_USAGE, "this is no job of a block: %s", error.text);
    snprintf(job->set, sizeof job->set, "%s", set);
    if (!source_parse(source, &job->source))
        die(EXIT_USAGE, "this is no job of a block: source `%s'", source);
    snprintf(job->count, sizeof job->count, "%s", count);
    job->request.suite = plan_suite(suite);
    if (job->request.suite == NULL)
        die(EXIT_USAGE, "this is no job of a block: suite `%s'", suite);
    job->block = (unsigned)block;
    job->seed = (uint64_t)seed;
    job->rounds = (long)rounds;
    job->settled = settled;
    job->layout = (unsigned)layout;
    if (strcmp(git, TSOBENCH_GIT) != 0 || (job->layout && layout_own().number != job->layout))
        die(EXIT_FAILED,
            "the run is of build %s, layout %u, but this block is of build %s, layout %u: build "
            "all layouts",
            git, job->layout, TSOBENCH_GIT, layout_own().number);
    job->request.features = (unsigned)features;
    given_take(given);
    json_array_foreach(cpus, i, value) {
        if (i < MAX_CPUS)
            job->cpus[job->request.cpu_count++] = (unsigned)json_integer_value(value);
    }
    json_array_foreach(models, i, value) {
        if (i < MEMMODEL_COUNT)
            job->request.model[i] = json_is_true(value);
    }
    json_array_foreach(levels, i, value) {
        if (i >= 4)
            break;
        job->request.level[i].bytes = (uint64_t)json_integer_value(json_object_get(value, "bytes"));
        snprintf(job->request.level[i].reason, sizeof job->request.level[i].reason, "%s",
                 json_string_value(json_object_get(value, "reason")));
    }
    json_array_foreach(ops, i, value) {
        if (i < MAX_CELLS)
            job->ops[i] = (uint64_t)json_integer_value(value);
    }
    json_decref(root);
}
