/* SPDX-License-Identifier: MIT */
#include "selftest/harness.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/die.h"
#include "base/layout.h"
#include "base/seconds.h"
#include "base/text.h"
#include "block/gb_shim.h"
#include "block/runner.h"
#include "machine/virt.h"
#include "run/campaign.h"
#include "run/spawn.h"
#include "selftest/identical.h"

enum { REPETITIONS = 30, ROUNDS = 40, MOST_BLOCKS = 4096 };
static const double block_timeout = 120;

#ifdef __x86_64__
static const char architecture[] = "x86_64";
#else
static const char architecture[] = "aarch64";
#endif

/* The cell of other code whose ratio to the baseline is known to be 1. */
static unsigned other_code(const struct set *set) {
    unsigned twin = 1;
    for (unsigned i = 0; i < set->cell_count; i++) {
        const struct cell *cell = &set->cells[i];
        if (cell->role == ROLE_LOWERING && text_same(cell->name, "native") &&
            identical_native(set->kernel, architecture))
            return i;
        twin = cell->role == ROLE_TWIN ? i : twin;
    }
    return twin;
}

/* ---- our way ---- */

static void measure_block(struct campaign *campaign, struct job *job, unsigned layouts) {
    campaign_assign(campaign, 0, ROUNDS, layouts, job);
    char *text = job_print(job), *program = job->layout ? layout_path(job->layout) : NULL;
    struct spawned block = spawn_program(program, text, block_timeout);
    json_t *line = block.answer ? json_loads(block.answer, 0, NULL) : NULL;
    if (line == NULL)
        die(EXIT_FAILED, "%s: a block failed: %s", job->set, block.reason);
    campaign_absorb(campaign, line);
    json_decref(line);
    free(block.answer);
    free(text);
    free(program);
}

static struct interval ratio_of(const struct standing *standing, unsigned cell, uint64_t seed) {
    struct block_values *blocks = allocate(standing->blocks, sizeof *blocks);
    for (unsigned i = 0; i < standing->blocks; i++)
        blocks[i] = (struct block_values){&standing->medians[cell][i], 1, standing->layouts[i]};
    struct interval ratio = stats_interval(blocks, standing->blocks, seed);
    free(blocks);
    return ratio;
}

/* Blocks of the whole set until the time is up: all its ratios come from the same rounds. */
static void ours(const struct job *job, const struct set *set, double seconds,
                 const unsigned cells[HARNESS_PAIRS], struct interval ratios[HARNESS_PAIRS]) {
    struct campaign campaign;
    struct set only = *set;
    struct plan plan = {.sets = &only, .count = 1};
    struct campaign_options options = {
        .min_blocks = 1, .max_blocks = MOST_BLOCKS, .seed = job->seed};
    struct job its = *job;
    unsigned layouts = virt_ends_at_exec() ? 0 : layout_count();
    double deadline = seconds_now() + seconds;
    campaign_open(&campaign, &plan, &options);
    do
        measure_block(&campaign, &its, layouts);
    while (seconds_now() < deadline && campaign.done < MOST_BLOCKS);
    for (int pair = 0; pair < HARNESS_PAIRS; pair++)
        ratios[pair] = ratio_of(&campaign.sets[0], cells[pair], job->seed);
    campaign_close(&campaign);
}

/* ---- their way ---- */

struct body {
    struct runner *runner;
    unsigned cell;
};

static void plain_body(void *context, long n) {
    const struct body *body = context;
    struct runner *runner = body->runner;
    runner->set->cells[body->cell].run(&runner->work, 0, (uint64_t)n);
}

/* Two entries, repetitions, random interleaving, the ratio of the medians; the interval from the
 * coefficients of variation that the library prints (normal, medians of n). */
static struct interval theirs(const struct job *job, const struct set *set, double seconds,
                              unsigned cell) {
    char why[128];
    struct runner runner;
    struct set own = *set;
    struct crew *crew = crew_start(job->cpus, 1, why, sizeof why);
    if (crew == NULL)
        die(EXIT_FAILED, "%s", why);
    runner_open(&runner, &own, crew, job->seed);
    runner_calibrate(&runner, NULL); /* warms up */
    const char *names[2] = {"A", "B"};
    void (*bodies[2])(void *, long) = {plain_body, plain_body};
    struct body contexts[2] = {{&runner, 0}, {&runner, cell}};
    void *pointers[2] = {&contexts[0], &contexts[1]};
    struct gb_plain plain = {{NAN, NAN}, {NAN, NAN}};
    gb_run_plain(names, bodies, pointers, REPETITIONS, seconds / (2 * REPETITIONS), &plain);
    runner_close(&runner);
    crew_stop(crew);
    double ratio = plain.median[1] / plain.median[0];
    /* The standard error of a median of n normal values is 1.2533 s / sqrt(n). */
    double relative = 1.959964 * 1.2533 *
                      sqrt((plain.cv[0] * plain.cv[0] + plain.cv[1] * plain.cv[1]) / REPETITIONS);
    return (struct interval){ratio, ratio * (1 - relative), ratio * (1 + relative), REPETITIONS};
}

void harness_compare(const struct job *job, const struct set *set, double seconds,
                     struct harness_row rows[HARNESS_PAIRS]) {
    unsigned cells[HARNESS_PAIRS] = {1, other_code(set)}; /* the plan puts baseline and A/A first */
    struct interval ratios[HARNESS_PAIRS];
    double begin = seconds_now(), all = 0;
    /* The library first: what it really takes (it calibrates before it repeats) is what we get. */
    for (int pair = 0; pair < HARNESS_PAIRS; pair++) {
        const struct cell *cell = &set->cells[cells[pair]];
        rows[pair].pair = cell->role == ROLE_LOWERING ? "native" : role_name(cell->role);
        rows[pair].ratio[0] = theirs(job, set, seconds, cells[pair]);
        rows[pair].seconds[0] = seconds_now() - begin - all;
        all += rows[pair].seconds[0];
    }
    ours(job, set, all, cells, ratios);
    for (int pair = 0; pair < HARNESS_PAIRS; pair++) {
        rows[pair].ratio[1] = ratios[pair];
        rows[pair].seconds[1] = seconds_now() - begin - all;
    }
}
