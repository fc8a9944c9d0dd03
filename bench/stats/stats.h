/* SPDX-License-Identifier: MIT
 *
 * stats.h: from raw samples to a number and its 95 % interval.
 *
 * The model. A block is a process with its own address-space layout, so its samples share an
 * effect that more rounds do not average away. A block is reduced to the median of its rounds
 * (a preemption spoils a round, not the median), that of the logarithms; the estimate is the
 * geometric mean of the blocks' medians. The interval is a hierarchical bootstrap, blocks then
 * rounds (Kalibera and Jones, "Rigorous benchmarking in reasonable time", ISMM 2013), with three
 * corrections:
 *
 * 1. Medians differ from block to block by the block effect and by the noise of the rounds, so
 *    resampling the blocks already counts both, and resampling rounds with replacement counts
 *    the second again. The second stage is therefore taken without replacement, which gives the
 *    block's own median (Davison and Hinkley, "Bootstrap Methods and their Application", 1997,
 *    section 3.8; Ren et al., Journal of Applied Statistics 37, 2010).
 * 2. Percentile intervals from n blocks are too narrow: a resample's variance is (n-1)/n of the
 *    sample's, and the sample's is itself uncertain. The percentiles are widened to
 *    Phi(-sqrt(n/(n-1)) t_{alpha/2,n-1}) (Hesterberg, "What Teachers Should Know About the
 *    Bootstrap", The American Statistician 69, 2015).
 * 3. No percentile leaves the range of the blocks, which holds the truth with probability
 *    1 - 2^(1-n): below 95 % for n < 6, and from so near the range's ends the percentiles of 6
 *    still cover 93.5 % only (20000 simulations). Below STATS_FEWEST_BLOCKS the interval is
 *    Student's on the logarithms of the medians: wide, because few processes do not tell more.
 *
 * From there on it is the wider of both, at each end: each is too narrow where the other is not.
 * Student's is exact for normal medians, and wide enough where some blocks are far off, as on a
 * machine that is shared; but 16 layouts of two modes are held in 92.6 %. The bootstrap holds 95.6
 * % of these, but 93.8 % where one block in eight has five times the deviation. Of 1442 pairs of
 * identical code in a full run, with the sign of each layout drawn anew (the two are exchangeable,
 * so the truth is 0), the bootstrap alone excluded it in 6.2 %, Student's in 4.4 %, the wider in
 * 4.3 %. The wider is 3 % wider than the bootstrap (median). tests/unit/test_stats.c has
 * simulations, with rounds, outliers, block effects and layouts. Where blocks were added by four,
 * from 16 to 32, until Student's interval was as narrow as asked, it covered 93.9 to 94.8 % (20000
 * simulations, by target): an interval that is narrow by luck ends the run.
 *
 * Where code lies is part of the block effect: each block is executed from another layout of the
 * program (base/layout.h). Blocks of one layout share what it does to them, so when layouts come
 * again, a layout and not a block is what is drawn: its blocks are first made one.
 *
 * One sample has no interval: a deterministic simulator gives one, and would give it again. low and
 * high are then NAN, and stay so in all that is made of it.
 *
 * One block says nothing about blocks: its interval is of its rounds alone, by the exact
 * bootstrap distribution of a median (Efron, Annals of Statistics 7, 1979: the middle of n
 * uniform indices is Beta distributed), and whoever prints it says "one-block".
 */
#ifndef STATS_H
#define STATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { STATS_RESAMPLES = 2000, STATS_FEWEST_BLOCKS = 8 };

/* An estimate and its 95 % interval; all NAN when there is nothing to estimate from, low and high
 * where there is one sample. */
struct interval {
    double value, low, high;
    size_t blocks;
};

/* One block's positive values, one a round; the statistics reorder them. */
struct block_values {
    double *values;
    size_t count;
    unsigned layout; /* of the program, which blocks may share; 0: nobody knows */
};

/* The p-quantile of values by linear interpolation (R's type 7), and the median. They reorder the
 * values; NAN if there are none. */
double stats_quantile(double *values, size_t count, double p);
double stats_median(double *values, size_t count);

/* exp of the median of the logarithms of positive values: of an even count the geometric mean of
 * the middle two. That of the ratios y / x is 1 over that of x / y, so neither is favoured, while
 * the arithmetic mean of two ratios is above it. Reorders the values; NAN if there are none. */
double stats_ratio_median(double *values, size_t count);

/* The interval of the geometric mean of the blocks' medians. Blocks without values are passed
 * over. Where blocks are of several layouts, those of one count as one, at the mean of the
 * logarithms of their medians. Equal seeds give equal digits. */
struct interval stats_interval(struct block_values *blocks, size_t count, uint64_t seed);

/* The interval of 1 / x. */
struct interval stats_inverse(struct interval x);

/* The interval of left / right, both independent: MOVER on the log scale, as below. */
struct interval stats_quotient(struct interval left, struct interval right);

/* The interval widened so that `count` such intervals all hold their truths with 95 %
 * (Bonferroni; the tail grows as Student's of blocks - 1 degrees of freedom does). */
struct interval stats_together(struct interval x, size_t count);

/* The geometric mean of independent estimates. The interval's ends are combined as in Zou and
 * Donner, Statistics in Medicine 27, 2008 (MOVER): squared distances on the log scale add up.
 * Its blocks are the fewest of an item's, whose uncertainty of the uncertainty is greatest. */
struct interval stats_geometric_mean(const struct interval *items, size_t count);

/* Whether there is an interval, and not only a value. */
bool stats_has_ends(struct interval x);

/* The larger distance of the value from an end of its interval, relative to the value; NAN without
 * an interval. */
double stats_half_width(struct interval x);

/* The larger distance of an end of the interval from 1, or of the value where it has none: what a
 * floor is made of. */
double stats_reach(struct interval x);

/* The standard normal distribution; the quantile p of Student's t. */
double stats_normal_cdf(double x);
double stats_t_quantile(double p, double degrees);
/* Of the Beta(a, b) distribution: the regularised incomplete beta function and its inverse. */
double stats_beta_cdf(double a, double b, double x);
double stats_beta_quantile(double a, double b, double p);

#endif
