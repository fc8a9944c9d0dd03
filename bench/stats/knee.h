/* SPDX-License-Identifier: MIT
 *
 * knee.h: where a curve steps up, and whether it does so once.
 *
 * A curve is lines, one after the other, with breaks between them. Where the breaks are: Bai and
 * Perron, "Computation and Analysis of Multiple Structural Change Models" (Journal of Applied
 * Econometrics 18, 2003): for each number of breaks those that leave the least squares, found by
 * dynamic programming. How many there are: the criterion of Liu, Wu and Zidek, "On Segmented
 * Multivariate Regression" (Statistica Sinica 7, 1997), which takes one more only if it leaves so
 * much less that noise would not. Where the curve rises at a break by a part of what it was, that
 * is a knee; other breaks are bends, as buffers that fill make them, and answer nothing. Breaks
 * nearer to each other than KNEE_WIDE are one rise that takes some points.
 *
 * The interval is a bootstrap of the blocks, as in stats.h: a block is reduced to its own values,
 * and the curve is the median over blocks; of each resample the break is
 * found again between its neighbours. It is of whole points, never empty, and holds the estimate.
 */
#ifndef KNEE_H
#define KNEE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    KNEE_BREAKS = 5,      /* that are looked for */
    KNEE_SHORTEST = 3,    /* points of a line */
    KNEE_WIDE = 8,        /* points that a rise may take */
    KNEE_RESAMPLES = 400, /* for the interval */
};

struct knee {
    unsigned count;       /* of knees: the rest is of the first, and an answer only if it is 1 */
    size_t last;          /* the last point before it */
    size_t low, high;     /* of that, 95 % */
    size_t second;        /* where there are more: the last point before the second */
    double before, after; /* the lines' values on either side */
};

/* Finds the knees of a curve: blocks x points positive values, a block's in a row. `least`: what a
 * knee rises by, of the value before it. Equal seeds give equal digits. */
struct knee knee_find(const double *values, size_t blocks, size_t points, double least,
                      uint64_t seed);

#endif
