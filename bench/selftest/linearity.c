/* SPDX-License-Identifier: MIT */
#include "selftest/linearity.h"

#include <math.h>

#include "block/runner.h"
#include "stats/stats.h"

enum { ROUNDS = 100, TRIES = 16, ENOUGH = ROUNDS / 4 };

/* One try: the ratio of 2n operations' time to n's in the rounds in which no thread was preempted,
 * and the ends of its median's 95 % interval. */
struct attempt {
    double median, low, high;
    size_t rounds;
};

static struct attempt measure(struct runner *runner) {
    const struct cell_samples *once = &runner->samples[0], *twice = &runner->samples[1];
    double ratios[ROUNDS];
    size_t count = 0;
    runner_begin(runner, ROUNDS);
    for (int i = 0; i < ROUNDS; i++) {
        unsigned preempted = once->preempted + twice->preempted;
        runner_round(runner);
        if (once->ticks[i] != SPOILED && twice->ticks[i] != SPOILED &&
            once->preempted + twice->preempted == preempted)
            ratios[count++] = (double)twice->ticks[i] / (double)once->ticks[i];
    }
    if (count < ENOUGH)
        return (struct attempt){NAN, NAN, NAN, count};
    /* Of count values, those below the median are count / 2 with a deviation of sqrt(count) / 2. */
    double reach = 1 / sqrt((double)count);
    return (struct attempt){stats_median(ratios, count), stats_quantile(ratios, count, 0.5 - reach),
                            stats_quantile(ratios, count, 0.5 + reach), count};
}

struct linearity linearity_measure(const struct set *set, struct crew *crew, uint64_t seed) {
    /* One thread: 3 %. Several: 10 %, since who waits for whom, and how far apart their CPUs are,
     * may settle differently in a sample of twice the length. What is timed beside the operations
     * makes the ratio smaller; of several threads a larger one says that they got more in each
     * other's way, which is theirs to do. */
    struct linearity result = {.ratio = NAN, .allowed = set->threads == 1 ? 0.06 : 0.2};
    struct runner runner;
    struct set pair = *set;
    pair.cell_count = 2;
    runner_open(&runner, &pair, crew, seed);
    while (result.tries < TRIES && !result.linear) {
        runner_calibrate(&runner, NULL); /* may have been disturbed, too */
        runner.samples[1].ops = 2 * runner.samples[0].ops;
        struct attempt attempt = measure(&runner);
        result.tries++;
        result.wrong += runner.samples[0].check_failed + runner.samples[1].check_failed;
        result.ratio = attempt.rounds < ENOUGH ? result.ratio : attempt.median;
        result.linear = fabs(attempt.median - 2) < result.allowed;
        bool longer = attempt.low > 2 + result.allowed, shorter = attempt.high < 2 - result.allowed;
        result.refuted += shorter || (longer && set->threads == 1);
    }
    runner_close(&runner);
    return result;
}

enum linearity_verdict linearity_verdict(const struct linearity *found) {
    if (found->wrong)
        return LINEARITY_REFUTED;
    if (found->linear)
        return LINEARITY_HOLDS;
    return found->refuted > TRIES / 2 ? LINEARITY_REFUTED : LINEARITY_UNJUDGED;
}
