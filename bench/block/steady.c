/* SPDX-License-Identifier: MIT
 *
 * steady.c: no cell is favoured. Three things make code faster than the same code elsewhere:
 *
 * 1. It was executed just before: caches and buffers hold what is its own. So each sample has an
 *    untimed lead-in, whose length is doubled until the double of it changes no cell's time by more
 *    than the baseline differs from itself in the same rounds.
 * 2. It was executed more often, however long ago: branch predictors learn the course that code
 *    takes through its data, over hundreds of samples. No lead-in of bearable length makes up for
 *    that (8 samples left 0.3 to 0.7 % of 2.7 %), so all code is executed equally often instead.
 * 3. Its samples are longer: what a sample pays once, as for data that its neighbours have thrown
 * out, is less of it. The cell that is calibrated first has the cold caches, predictors and clock
 * for itself, and so got fewer operations than the same code behind it, in all blocks of the set
 * (half as many made 2.1 % in bfs in L2). So operations are counted out among the other cells'
 * samples.
 */
#include <math.h>
#include <stdlib.h>

#include "base/die.h"
#include "base/seconds.h"
#include "block/runner.h"
#include "stats/stats.h"

/* How often a round executes a cell's code for its samples' sake; 0: an earlier cell stands for
 * the code. */
static unsigned executions(const struct set *set, unsigned cell) {
    unsigned count = 0;
    for (unsigned i = 0; i < set->cell_count; i++)
        if (set->cells[i].run == set->cells[cell].run) {
            if (i < cell)
                return 0;
            count++;
        }
    return count;
}

void runner_balance(struct runner *runner) {
    const struct set *set = runner->set;
    unsigned most = 1;
    for (unsigned i = 0; i < set->cell_count; i++)
        most = executions(set, i) > most ? executions(set, i) : most;
    for (unsigned i = 0; i < set->cell_count; i++)
        for (unsigned n = executions(set, i); n && n < most; n++) {
            if (runner->slots == MAX_SLOTS)
                die(EXIT_FAILED, "%s: more than %d samples a round", set->name, MAX_SLOTS);
            runner->slot[runner->slots++] = set->cell_count + i;
        }
}

/* The ticks of a sample with the lead-in, or with its double; NAN where it was SPOILED. */
static double take(struct runner *runner, unsigned which, bool twice) {
    uint64_t lead_in = runner_lead_in(runner, which, runner->lead_in * (twice ? 2 : 1));
    uint64_t ticks = runner_sample(runner, which, runner->samples[which].ops, lead_in);
    return ticks && ticks != SPOILED ? (double)ticks : NAN;
}

/* ---- samples of one length ---- */

/* One pass over so many rounds; after the least, while there is time. False: no sample counted. */
static bool even_out(struct runner *runner, double deadline) {
    enum { LEAST = 3, MOST = 15 };
    double ticks[MAX_CELLS][MOST];
    size_t count[MAX_CELLS] = {0}, all = 0;
    unsigned order[MAX_CELLS], cells = runner->set->cell_count;
    for (unsigned i = 0; i < cells; i++)
        order[i] = i;
    for (int round = 0; round < LEAST || (round < MOST && seconds_now() < deadline); round++) {
        rng_shuffle(&runner->rng, order, cells);
        for (unsigned i = 0; i < cells; i++) {
            double took = take(runner, order[i], false);
            if (isnan(took))
                continue;
            ticks[order[i]][count[order[i]]++] = took;
            all++;
        }
        if (all == 0)
            return false;
    }
    for (unsigned i = 0; i < cells; i++)
        if (count[i])
            runner->samples[i].ops =
                runner_ops(runner, runner->samples[i].ops, stats_median(ticks[i], count[i]));
    return true;
}

void runner_even(struct runner *runner) {
    static const double seconds = 0.2;
    double begin = seconds_now();
    /* Twice: time need not be proportional to operations. */
    if (even_out(runner, begin + seconds / 2))
        even_out(runner, begin + seconds);
}

/* ---- the lead-in ---- */

/* A trial of a lead-in is so many rounds of pairs; the search for one ends after so long. */
enum { TRIAL_ROUNDS = 40 };
static const double search_seconds = 1.0;

/* What a lead-in changes by less than this is not worth its time. */
static const double tolerance = 0.001;

struct trial {
    double ratio[MAX_CELLS][TRIAL_ROUNDS]; /* with the lead-in / with its double */
    double same[TRIAL_ROUNDS];             /* the second cell / the first one, which it repeats */
    size_t rounds;
};

/* A round has every slot with both lead-ins, all in random order: were the two of a cell side by
 * side, the first would be the lead-in of the second. */
static void try_lead_in(struct runner *runner, struct trial *trial, double deadline) {
    unsigned order[2 * MAX_SLOTS], cells = runner->set->cell_count;
    trial->rounds = 0;
    for (int round = 0; round < TRIAL_ROUNDS && seconds_now() < deadline; round++) {
        double ticks[2][2 * MAX_CELLS]; /* those of the second half are for balance */
        for (unsigned i = 0; i < 2 * MAX_CELLS; i++)
            ticks[0][i] = ticks[1][i] = NAN;
        for (unsigned i = 0; i < 2 * runner->slots; i++)
            order[i] = i;
        rng_shuffle(&runner->rng, order, 2 * runner->slots);
        for (unsigned i = 0; i < 2 * runner->slots; i++) {
            unsigned slot = runner->slot[order[i] / 2], twice = order[i] % 2;
            ticks[twice][slot] = take(runner, slot % cells, twice);
        }
        for (unsigned i = 0; i < cells; i++)
            trial->ratio[i][trial->rounds] = ticks[0][i] / ticks[1][i];
        trial->same[trial->rounds++] = cells > 1 ? ticks[0][1] / ticks[0][0] : 1;
    }
}

/* Of the rounds in which both samples count. */
static struct interval interval_of(double *ratios, size_t count) {
    struct block_values block = {.values = ratios};
    for (size_t i = 0; i < count; i++)
        if (!isnan(ratios[i]))
            ratios[block.count++] = ratios[i];
    return stats_interval(&block, 1, 1);
}

static bool changes(const struct runner *runner, struct trial *trial) {
    const struct set *set = runner->set;
    bool repeats = set->cell_count > 1 && set->cells[1].run == set->cells[0].run;
    double noise = repeats ? stats_reach(interval_of(trial->same, trial->rounds)) : 0;
    for (unsigned i = 0; i < set->cell_count; i++) {
        struct interval ratio = interval_of(trial->ratio[i], trial->rounds);
        double change = fabs(ratio.value - 1);
        if (change > tolerance && change > noise && (ratio.low > 1 || ratio.high < 1))
            return true;
    }
    return false;
}

void runner_settle(struct runner *runner, double lead_in, bool settled) {
    double deadline = seconds_now() + search_seconds;
    runner->lead_in = lead_in > 0 ? lead_in : LEAD_IN_LEAST;
    runner->settled = settled;
    if (lead_in > 0)
        return;
    struct trial *trial = allocate(1, sizeof *trial);
    for (;;) {
        try_lead_in(runner, trial, deadline);
        runner->settled = !changes(runner, trial);
        if (runner->settled || 2 * runner->lead_in > LEAD_IN_MOST || seconds_now() > deadline)
            break;
        runner->lead_in *= 2;
    }
    free(trial);
}
