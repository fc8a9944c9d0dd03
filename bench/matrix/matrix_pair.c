/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/die.h"
#include "block/runner.h"
#include "config.h"
#include "machine/ticks.h"
#include "machine/topology.h"
#include "matrix/matrix_parts.h"
#include "probe/machine.h"

/* ---- one pair in one process ---- */

static bool halves(const struct kernel *kernel) {
    return strcmp(kernel->op, "round trip") == 0;
}

static struct cell_values *values_of(const struct matrix *matrix, unsigned block, unsigned pair,
                                     unsigned cell) {
    size_t at = (size_t)block * matrix->pair_count + pair;
    return &matrix->values[at * matrix->set.cell_count + cell];
}

/* Medians over the rounds of which no sample is spoiled. */
static struct cell_values reduce(const struct runner *runner, unsigned cell, double *room) {
    const struct cell_samples *samples = &runner->samples[cell], *base = &runner->samples[0];
    const struct kernel *kernel = runner->set->kernel;
    double messages = (double)samples->ops * (halves(kernel) || !kernel->joint ? 2 : 1);
    size_t rounds = (size_t)runner->rounds, count = 0;
    double *ns = room, *cycles = room + rounds, *ratio = room + 2 * rounds;
    for (size_t i = 0; i < rounds; i++) {
        double ticks = (double)samples->ticks[i], first = (double)base->ticks[i];
        if (samples->ticks[i] == SPOILED || base->ticks[i] == SPOILED)
            continue;
        double chain = (double)(samples->chain_before[i] + samples->chain_after[i]) / 2;
        ns[count] = ticks / ticks_per_ns() / messages;
        cycles[count] = ticks / chain * (double)ticks_chain_adds() / messages;
        ratio[count++] = ticks / (double)samples->ops / (first / (double)base->ops);
    }
    if (count == 0)
        return (struct cell_values){0, 0, 0};
    return (struct cell_values){stats_ratio_median(ns, count), stats_ratio_median(cycles, count),
                                stats_ratio_median(ratio, count)};
}

void matrix_pair(const struct matrix *matrix, unsigned block, unsigned pair) {
    struct finding *finding = &matrix->findings[pair];
    struct runner runner;
    if (finding->skipped[0])
        return;
    struct crew *crew =
        crew_start(matrix->pairs[pair].cpu, 2, finding->skipped, sizeof finding->skipped);
    if (crew == NULL)
        return;
    uint64_t names = matrix->seed + ((uint64_t)block << 32 | pair);
    struct set set = matrix->set; /* the runner's own: none of these kernels faults */
    runner_open(&runner, &set, crew, rng_split(&names));
    /* Pairs are many: rounds are worth more than long samples. */
    runner.target_ns /= 3;
    runner_calibrate(&runner, finding->ops[0] ? finding->ops : NULL);
    runner_begin(&runner, 1);
    runner_round(&runner); /* thrown away: every cell has run once */
    runner_begin(&runner, matrix->rounds);
    for (long i = 0; i < matrix->rounds; i++)
        runner_round(&runner);
    double *room = allocate(3 * (size_t)matrix->rounds, sizeof *room);
    for (unsigned cell = 0; cell < matrix->set.cell_count; cell++) {
        finding->ops[cell] = runner.samples[cell].ops;
        finding->wrong[cell] += runner.samples[cell].check_failed;
        finding->moved += runner.samples[cell].migrated;
        *values_of(matrix, block, pair, cell) = reduce(&runner, cell, room);
    }
    free(room);
    runner_close(&runner);
    crew_stop(crew);
}

/* ---- what all blocks came to ---- */

static json_t *interval_json(struct interval x) {
    return json_pack("[f, f, f]", x.value, x.low, x.high);
}

/* The interval of one of a cell's three numbers, by its place in struct cell_values. */
static struct interval interval_of(const struct matrix *matrix, unsigned pair, unsigned cell,
                                   size_t which) {
    double values[MATRIX_BLOCKS];
    struct block_values blocks[MATRIX_BLOCKS];
    for (unsigned block = 0; block < MATRIX_BLOCKS; block++) {
        memcpy(&values[block], (char *)values_of(matrix, block, pair, cell) + which,
               sizeof values[block]);
        blocks[block] = (struct block_values){.values = &values[block], .count = values[block] > 0};
    }
    return stats_interval(blocks, MATRIX_BLOCKS, matrix->seed + pair);
}

static json_t *pair_json(const struct matrix *matrix, unsigned pair) {
    static const struct {
        const char *key;
        size_t which;
    } numbers[] = {{"ns", offsetof(struct cell_values, ns)},
                   {"cycles", offsetof(struct cell_values, cycles)},
                   {"ratio", offsetof(struct cell_values, ratio)}};
    const struct finding *finding = &matrix->findings[pair];
    const unsigned *cpu = matrix->pairs[pair].cpu;
    unsigned cells = matrix->set.cell_count;
    size_t blocks = MATRIX_BLOCKS;
    json_t *json = json_pack("{s:[i, i]}", "cpus", (int)cpu[0], (int)cpu[1]);
    for (unsigned cell = 0; cell < cells; cell++) {
        size_t have = interval_of(matrix, pair, cell, 0).blocks;
        blocks = have < blocks ? have : blocks;
    }
    const char *cause = finding->moved ? "its threads did not stay on their CPUs" : "no time";
    char text[128] = "";
    if (finding->skipped[0])
        snprintf(text, sizeof text, "%s", finding->skipped);
    else if (blocks < 2)
        snprintf(text, sizeof text, "%s: %s",
                 blocks ? "measured by one process only" : "no sample on it", cause);
    if (text[0]) {
        json_object_set_new(json, "skipped", json_string(text));
        return json;
    }
    json_object_set_new(json, "blocks", json_integer((json_int_t)blocks));
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        json_t *array = json_array();
        for (unsigned cell = 0; cell < cells; cell++)
            json_array_append_new(array,
                                  interval_json(interval_of(matrix, pair, cell, numbers[i].which)));
        json_object_set_new(json, numbers[i].key, array);
    }
    json_t *wrong = json_array();
    for (unsigned cell = 0; cell < cells; cell++)
        json_array_append_new(wrong, json_integer((json_int_t)finding->wrong[cell]));
    json_object_set_new(json, "wrong", wrong);
    return json;
}

static json_t *cells_json(const struct set *set) {
    json_t *array = json_array();
    for (unsigned i = 0; i < set->cell_count; i++) {
        const struct cell *cell = &set->cells[i];
        bool sound = plan_sound(set, cell) != 0;
        json_array_append_new(array, json_pack("{s:s, s:s, s:s, s:b, s:s?, s:s?}", "lowering",
                                               cell->name, "role", role_name(cell->role), "model",
                                               memmodel_name(cell->model), "sound", (int)sound,
                                               "witness", sound ? NULL : plan_witness(set, cell),
                                               "symbol", plan_symbol(cell)));
    }
    return array;
}

static json_t *cpus_json(const struct job *job) {
    json_t *array = json_array();
    for (unsigned i = 0; i < job->request.cpu_count; i++) {
        struct topology_place place = topology_place(job->cpus[i]);
        json_array_append_new(array, json_pack("{s:i, s:i, s:i, s:i}", "cpu", (int)place.cpu,
                                               "core", (int)place.core, "cluster",
                                               (int)place.cluster, "package", (int)place.package));
    }
    return array;
}

bool matrix_measured(const json_t *matrix, char *why, size_t size) {
    size_t i;
    const json_t *pair;
    snprintf(why, size, "no pairs");
    json_array_foreach(json_object_get(matrix, "pairs"), i, pair) {
        const char *reason = json_string_value(json_object_get(pair, "skipped"));
        if (reason == NULL)
            return true;
        snprintf(why, size, "%s", reason);
    }
    return false;
}

json_t *matrix_json(const struct matrix *matrix) {
    const struct set *set = &matrix->set;
    char machine[96], seed[32], when[32];
    time_t now = time(NULL);
    machine_slug(machine, sizeof machine);
    snprintf(seed, sizeof seed, "0x%016llx", (unsigned long long)matrix->seed);
    strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", gmtime(&now));
    json_t *pairs = json_array(), *skipped = json_array();
    for (unsigned i = 0; i < matrix->pair_count; i++)
        json_array_append_new(pairs, pair_json(matrix, i));
    for (unsigned i = 0; i < set->skip_count; i++)
        json_array_append_new(
            skipped, json_pack("{s:s, s:s, s:s}", "lowering", set->skips[i].lowering, "model",
                               memmodel_name(set->skips[i].model), "reason", set->skips[i].reason));
    return json_pack("{s:i, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:i, s:i, s:o, s:o, "
                     "s:o, s:i, s:o}",
                     "format", 1, "source", source_name(machine_source()), "machine", machine,
                     "version", TSOBENCH_VERSION, "git", TSOBENCH_GIT, "time", when, "seed", seed,
                     "kernel", set->kernel->name, "params", set->parameters, "op", set->kernel->op,
                     "unit", halves(set->kernel) ? "one way" : set->kernel->op, "blocks",
                     MATRIX_BLOCKS, "rounds", (int)matrix->rounds, "cpus", cpus_json(&matrix->job),
                     "cells", cells_json(set), "pairs", pairs, "unmeasured",
                     (int)(matrix->all_pairs - matrix->pair_count), "skipped", skipped);
}
