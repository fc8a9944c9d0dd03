/* SPDX-License-Identifier: MIT
 *
 * diagnose.h: what an interval does not show. A median with a narrow interval may stand between
 * two modes, or at the mean of a slope; whoever quotes it must be told.
 *
 * bimodal: the cycles of the cell's samples, 30 or more, have two modes. Both conditions are
 * needed:
 *   1. Hartigan's dip is above what 1 in 1000 unimodal samples have (dip.h);
 *   2. split in two where the squared distances from the two centres are least, the smaller part
 *      has at least a tenth of the samples, the medians are at least 5 % apart, and the quartiles
 *      that face each other more than half of that: of halves of one mode they are not. The dip
 *      finds two modes a thousandth apart in enough samples, and a few outliers; they are no news.
 *
 * warm-up: in the blocks' first tenth of rounds the cell is slower than in their second half: the
 * 95 % interval of the ratio of the two medians over blocks is above 1.01. Less than half of the
 * rounds cannot move a median, but a benchmark without rounds would have measured this.
 *
 * trend: over the run the paired ratio to the baseline rises or falls: Kendall's tau of the blocks'
 * medians and their numbers is beyond 3.3 standard deviations (1 in 1000 where there is none), and
 * the Theil-Sen slope comes to at least 1 % from the first block to the last. Without a baseline of
 * its own (it is the baseline) a cell's cycles are taken. Fewer than 8 blocks show no trend.
 */
#ifndef DIAGNOSE_H
#define DIAGNOSE_H

#include <stdbool.h>
#include <stdio.h>

#include "samples/samples.h"

/* What was found; 0 where nothing was. */
struct diagnosis {
    double bimodal;      /* distance of the modes, as a fraction of the faster one */
    double slower_share; /* of the samples, in the slower mode */
    bool between_blocks; /* each block is in one mode (nine tenths of its samples) */
    double warm_up;      /* how much slower the first rounds are, a fraction */
    double trend;        /* of the ratio from the first block to the last, a fraction, signed */
};

/* Looks at all samples of a cell, by its number in the set; of a trimmed one it takes modes and
 * warm-up as they were found. */
struct diagnosis diagnose_cell(const struct sample_set *set, size_t cell);

/* " bimodal=21.3% warm-up=2.0% trend=-1.4%", or less, or nothing. */
void diagnose_print_flags(const struct diagnosis *diagnosis, FILE *out);

/* The same in one sentence for each finding, separated by blanks; out holds size bytes. */
void diagnose_text(const struct diagnosis *diagnosis, char *out, size_t size);

/* Fills in what the values (positive, in any order, which they lose) say of their modes: bimodal
 * and slower_share. Returns the value between the modes, 0 where there are not two. */
double diagnose_modes(double *values, size_t n, struct diagnosis *out);

/* How much n values change from first to last, as a fraction of their median; 0: no trend. */
double diagnose_trend(const double *values, size_t n);

#endif
