/* SPDX-License-Identifier: MIT
 *
 * block_battery.c: the proof of the modes that a block is measured in, in every model of the set,
 * on the CPUs of the block and, for tests that need more threads than the set has, on further
 * ones of the run. Where the model can be switched, also with one thread alone in TSO ("tso:0" is
 * thread 0, in MP the writer): nobody promises what a pair of a weak and a TSO thread does, so
 * that is shown and proves nothing.
 */
#include <string.h>

#include "base/die.h"
#include "block/block.h"
#include "litmus/battery.h"

enum { BATTERY_CPUS = LITMUS_THREADS };

/* Of each test of a battery, in each model: a thousand runs. */
static const double battery_seconds = 0.0015;

/* The battery with thread t of each test in models[t]; its rows under `name`. */
static void add_battery(json_t *array, json_t *line, struct crew *crew, const char *name,
                        const enum memmodel models[LITMUS_THREADS], uint64_t seed) {
    char why[128];
    struct battery_result results[BATTERY_TESTS];
    int error = battery_run(crew, models, UINT64_MAX, battery_seconds, 0, seed, results);
    if (error)
        die(EXIT_FAILED, "cannot switch to memory model %s: %s", name, strerror(-error));
    for (int i = 0; i < BATTERY_TESTS; i++)
        json_array_append_new(array, battery_json(&results[i], name));
    if (battery_unproven(results, why, sizeof why))
        json_object_set_new(line, "battery_skipped", json_string(why));
}

json_t *block_battery(const struct job *job, const struct set *set, uint64_t seed, json_t *line) {
    char why[128];
    unsigned threads =
        job->request.cpu_count < BATTERY_CPUS ? job->request.cpu_count : BATTERY_CPUS;
    json_t *array = json_array();
    if (threads < 2) {
        json_object_set_new(line, "battery_skipped", json_string("a litmus test needs two CPUs"));
        return array;
    }
    struct crew *crew = crew_start(job->cpus, threads, why, sizeof why);
    if (crew == NULL) {
        json_object_set_new(line, "battery_skipped", json_string(why));
        return array;
    }
    bool used[MEMMODEL_COUNT] = {false};
    for (unsigned i = 0; i < set->cell_count; i++)
        used[set->cells[i].model] = true;
    for (int model = 0; model < MEMMODEL_COUNT; model++) {
        enum memmodel models[LITMUS_THREADS];
        for (int thread = 0; thread < LITMUS_THREADS; thread++)
            models[thread] = (enum memmodel)model;
        if (used[model])
            add_battery(array, line, crew, memmodel_name((enum memmodel)model), models, seed);
    }
    for (int alone = 0; used[MEMMODEL_WEAK] && used[MEMMODEL_TSO] && alone < 2; alone++) {
        enum memmodel models[LITMUS_THREADS] = {MEMMODEL_WEAK}; /* as are the rest: it is 0 */
        models[alone] = MEMMODEL_TSO;
        add_battery(array, line, crew, alone ? "tso:1" : "tso:0", models, seed);
    }
    crew_stop(crew);
    return array;
}
