/* SPDX-License-Identifier: MIT */
#include "linearity.h"

#include <math.h>

#include "runner.h"
#include "stats.h"

enum { ROUNDS = 100, TRIES = 16 };

static double median_ratio(struct runner *runner) {
    double ratios[ROUNDS];
    size_t count = 0;
    runner_begin(runner, ROUNDS);
    for (int i = 0; i < ROUNDS; i++) {
        runner_round(runner);
        uint64_t once = runner->samples[0].ticks[i], twice = runner->samples[1].ticks[i];
        if (once != SPOILED && twice != SPOILED)
            ratios[count++] = (double)twice / (double)once;
    }
    return stats_median(ratios, count);
}

struct linearity linearity_measure(const struct set *set, struct crew *crew, uint64_t seed) {
    /* One thread: 3 %. Several: 10 %, since who waits for whom, and how far apart their CPUs are,
     * may settle differently in a sample of twice the length. */
    struct linearity result = {.ratio = NAN, .allowed = set->threads == 1 ? 0.06 : 0.2};
    struct runner runner;
    struct set pair = *set;
    pair.cell_count = 2;
    runner_open(&runner, &pair, crew, seed);
    runner_calibrate(&runner, NULL);
    runner.samples[1].ops = 2 * runner.samples[0].ops;
    while (result.tries < TRIES && !result.linear) {
        result.tries++;
        result.ratio = median_ratio(&runner);
        result.wrong += runner.samples[0].check_failed + runner.samples[1].check_failed;
        result.linear = fabs(result.ratio - 2) < result.allowed;
    }
    runner_close(&runner);
    return result;
}
