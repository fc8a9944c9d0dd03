/* SPDX-License-Identifier: MIT */
#include "selftest/harness.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/die.h"
#include "base/seconds.h"
#include "block/gb_shim.h"
#include "block/runner.h"
#include "stats/stats.h"

enum { BLOCKS = 8, REPETITIONS = 30 };

/* The set with nothing in it but the baseline and its repetition. */
static struct set only_aa(const struct set *set) {
    struct set aa = *set;
    aa.cell_count = 2; /* the plan puts baseline and A/A first */
    return aa;
}

/* Our way: blocks of rounds. The blocks have fresh memory but, unlike those of a run, one process:
 * so has the other method, and the effect of a process is in neither interval. */
static struct interval ours(const struct job *job, const struct set *set, double seconds) {
    struct set aa = only_aa(set);
    struct block_values blocks[BLOCKS];
    double *ratios[BLOCKS], deadline = seconds_now();
    for (int b = 0; b < BLOCKS; b++) {
        char why[128];
        struct runner runner;
        struct crew *crew = crew_start(job->cpus, 1, why, sizeof why);
        if (crew == NULL)
            die(EXIT_FAILED, "%s", why);
        deadline += seconds / BLOCKS;
        runner_open(&runner, &aa, crew, job->seed + (uint64_t)b);
        runner_calibrate(&runner, NULL);
        long rounds = (long)(seconds / BLOCKS / (2 * runner.target_ns * 1e-9)) + 1, made = 0;
        runner_begin(&runner, rounds);
        size_t used = 0;
        ratios[b] = allocate((size_t)rounds, sizeof(double));
        while (made < rounds && (used == 0 || seconds_now() < deadline)) {
            runner_round(&runner);
            uint64_t first = runner.samples[0].ticks[made], again = runner.samples[1].ticks[made];
            if (first != SPOILED && again != SPOILED)
                ratios[b][used++] = (double)again / (double)first;
            made++;
        }
        blocks[b] = (struct block_values){.values = ratios[b], .count = used};
        runner_close(&runner);
        crew_stop(crew);
    }
    struct interval result = stats_interval(blocks, BLOCKS, job->seed);
    for (int b = 0; b < BLOCKS; b++)
        free(ratios[b]);
    return result;
}

static void plain_body(void *context, long n) {
    struct runner *runner = context;
    runner->set->cells[0].run(&runner->work, 0, (uint64_t)n);
}

/* Their way: two entries, repetitions, random interleaving, the ratio of the medians; the interval
 * from the coefficients of variation that the library prints (normal, medians of n). */
static struct interval theirs(const struct job *job, const struct set *set, double seconds) {
    char why[128];
    struct runner runner;
    struct set aa = only_aa(set);
    struct crew *crew = crew_start(job->cpus, 1, why, sizeof why);
    if (crew == NULL)
        die(EXIT_FAILED, "%s", why);
    runner_open(&runner, &aa, crew, job->seed);
    runner_calibrate(&runner, NULL); /* lays out and warms up */
    const char *names[2] = {"A", "A'"};
    void (*bodies[2])(void *, long) = {plain_body, plain_body};
    void *contexts[2] = {&runner, &runner};
    struct gb_plain plain = {{NAN, NAN}, {NAN, NAN}};
    gb_run_plain(names, bodies, contexts, REPETITIONS, seconds / (2 * REPETITIONS), &plain);
    runner_close(&runner);
    crew_stop(crew);
    double ratio = plain.median[1] / plain.median[0];
    /* The standard error of a median of n normal values is 1.2533 s / sqrt(n). */
    double relative = 1.959964 * 1.2533 *
                      sqrt((plain.cv[0] * plain.cv[0] + plain.cv[1] * plain.cv[1]) / REPETITIONS);
    return (struct interval){ratio, ratio * (1 - relative), ratio * (1 + relative), REPETITIONS};
}

void harness_compare(const struct job *job, const struct set *set, double seconds,
                     struct harness_row rows[2]) {
    double begin = seconds_now();
    /* The library first: what it really takes (it calibrates before it repeats) is what we get. */
    struct interval other = theirs(job, set, seconds);
    double took = seconds_now() - begin;
    struct interval own = ours(job, set, took);
    double total = seconds_now() - begin;
    rows[0] = (struct harness_row){set->name, "google-benchmark", took, fabs(other.value - 1),
                                   stats_half_width(other)};
    rows[1] = (struct harness_row){set->name, "tsobench", total - took, fabs(own.value - 1),
                                   stats_half_width(own)};
}
