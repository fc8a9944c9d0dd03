/* SPDX-License-Identifier: MIT */
#include "run/glance.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/layout.h"
#include "machine/ticks.h"
#include "machine/virt.h"
#include "run/spawn.h"
#include "stats/rng.h"

enum { BLOCKS = STATS_FEWEST_BLOCKS, BLOCK_SECONDS = 120 };

/* Why the set cannot be measured, or NULL; static text until it is called again. */
static const char *refusal(struct job *job) {
    static char why[256];
    if (job->source != SOURCE_MEASURED) {
        snprintf(why, sizeof why, "times mean nothing here: %s", source_name(job->source));
        return why;
    }
    struct plan plan = plan_make(&job->request);
    const struct set *set = plan_find(&plan, job->set);
    snprintf(why, sizeof why, "not measured: %s", set ? set->skip : "no such set on this machine");
    bool refused = set == NULL || set->skip[0];
    plan_free(&plan);
    return refused ? why : NULL;
}

static json_t *measure_block(const struct job *job) {
    char *text = job_print(job), *program = job->layout ? layout_path(job->layout) : NULL;
    struct spawned block = spawn_program(program, text, BLOCK_SECONDS);
    json_t *line = block.answer ? json_loads(block.answer, 0, NULL) : NULL;
    if (line == NULL)
        die(EXIT_FAILED, "a block of samples failed: %s", block.reason);
    free(block.answer);
    free(text);
    free(program);
    return line;
}

struct glance glance_measure(struct job *job) {
    struct glance glance = {.why = ""};
    unsigned layouts = virt_ends_at_exec() ? 0 : layout_count();
    job->request.set = job->set;
    job->ticks_per_ns = ticks_per_ns();
    const char *why = refusal(job);
    if (why)
        snprintf(glance.why, sizeof glance.why, "%s", why);
    for (job->block = 0; why == NULL && job->block < BLOCKS; job->block++) {
        job->seed = rng_hash(job->block, job->set) >> 1;
        job->layout = layouts ? 1 + (unsigned)(job->seed + job->block) % layouts : 0;
        glance.blocks[job->block] = measure_block(job);
    }
    return glance;
}

void glance_free(struct glance *glance) {
    for (int b = 0; b < BLOCKS; b++)
        json_decref(glance->blocks[b]);
}

static const char *text_of(const json_t *cell, const char *key) {
    const char *text = json_string_value(json_object_get(cell, key));
    return text ? text : "";
}

static const json_t *find(const json_t *block, struct glance_cell wanted) {
    size_t i;
    json_t *cell;
    json_array_foreach(json_object_get(block, "cells"), i, cell) {
        const char *stem = wanted.stem ? wanted.stem : "";
        if ((wanted.name == NULL || strcmp(text_of(cell, "lowering"), wanted.name) == 0) &&
            strcmp(text_of(cell, "role"), role_name(wanted.role)) == 0 &&
            strncmp(text_of(cell, "symbol"), stem, strlen(stem)) == 0)
            return cell;
    }
    return NULL;
}

bool glance_has(const struct glance *glance, struct glance_cell cell) {
    for (int b = 0; b < BLOCKS; b++)
        if (find(glance->blocks[b], cell) == NULL)
            return false;
    return true;
}

/* Ticks of an operation in a round; 0: the sample was spoiled. */
static double ticks(const json_t *cell, size_t round) {
    const json_t *all = json_object_get(cell, "ticks");
    double ops = (double)json_integer_value(json_object_get(cell, "ops"));
    return (double)json_integer_value(json_array_get(all, round)) / ops;
}

/* Of the cell's ticks over the base's or, without a base, over `unit`. */
static struct interval quotient(const struct glance *glance, struct glance_cell cell,
                                const struct glance_cell *base, double unit) {
    struct block_values blocks[BLOCKS];
    for (int b = 0; b < BLOCKS; b++) {
        const json_t *block = glance->blocks[b], *mine = find(block, cell);
        const json_t *its = base ? find(block, *base) : NULL;
        size_t rounds = (size_t)json_integer_value(json_object_get(block, "rounds"));
        blocks[b] = (struct block_values){.values = allocate(rounds + 1, sizeof(double))};
        for (size_t r = 0; mine && (its || base == NULL) && r < rounds; r++) {
            double value = ticks(mine, r), of = its ? ticks(its, r) : unit;
            if (value > 0 && of > 0) /* null: the thread migrated */
                blocks[b].values[blocks[b].count++] = value / of;
        }
    }
    struct interval result = stats_interval(blocks, BLOCKS, 1);
    for (int b = 0; b < BLOCKS; b++)
        free(blocks[b].values);
    return result;
}

struct interval glance_ns(const struct glance *glance, struct glance_cell cell) {
    return quotient(glance, cell, NULL, ticks_per_ns());
}

struct interval glance_ratio(const struct glance *glance, struct glance_cell cell,
                             struct glance_cell base) {
    return quotient(glance, cell, &base, 1);
}
