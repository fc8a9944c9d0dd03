/* SPDX-License-Identifier: MIT */
#include "stats/knee.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "base/die.h"
#include "stats/rng.h"
#include "stats/stats.h"

/* Sums of x, y, and their products over the points before this one. */
struct sums {
    double x, y, xx, xy, yy;
};

/* A line by least squares over points `from` to `to` - 1, and the squares that it leaves. */
struct line {
    double at, slope, middle, squares;
};

static struct line fit(const struct sums *sums, size_t from, size_t to) {
    const struct sums *a = &sums[from], *b = &sums[to];
    double n = (double)(to - from), x = (b->x - a->x) / n, y = (b->y - a->y) / n;
    double xx = b->xx - a->xx - n * x * x, xy = b->xy - a->xy - n * x * y;
    double slope = xx > 0 ? xy / xx : 0;
    return (struct line){y, slope, x, fmax(b->yy - a->yy - n * y * y - slope * xy, 0)};
}

static double value_at(struct line line, double x) {
    return line.at + line.slope * (x - line.middle);
}

/* Differences from the first value keep the sums of squares small. */
static void sum_up(const double *curve, size_t points, struct sums *sums) {
    sums[0] = (struct sums){0};
    for (size_t i = 0; i < points; i++) {
        double x = (double)i, y = curve[i] - curve[0];
        sums[i + 1] = (struct sums){sums[i].x + x, sums[i].y + y, sums[i].xx + x * x,
                                    sums[i].xy + x * y, sums[i].yy + y * y};
    }
}

/* The least squares that `breaks` breaks leave of the first points, and where the last of them is.
 */
struct best {
    double *squares[KNEE_BREAKS + 1];
    size_t *last[KNEE_BREAKS + 1];
};

static void search(const struct sums *sums, size_t points, unsigned breaks, struct best *best) {
    for (size_t to = KNEE_SHORTEST; to <= points; to++)
        best->squares[0][to] = fit(sums, 0, to).squares;
    for (unsigned m = 1; m <= breaks; m++)
        for (size_t to = (m + 1) * KNEE_SHORTEST; to <= points; to++) {
            best->squares[m][to] = INFINITY;
            for (size_t from = m * KNEE_SHORTEST; from + KNEE_SHORTEST <= to; from++) {
                double squares = best->squares[m - 1][from];
                if (squares < best->squares[m][to])
                    squares += fit(sums, from, to).squares;
                if (squares < best->squares[m][to]) {
                    best->squares[m][to] = squares;
                    best->last[m][to] = from;
                }
            }
        }
}

/* Liu, Wu and Zidek's criterion with their constants; m breaks between lines are 3 m + 2 numbers.
 * What is below the digits of the values is not noise: `least`. */
static double criterion(double squares, size_t points, unsigned breaks, double least) {
    double n = (double)points, numbers = 3.0 * breaks + 2;
    return log(fmax(squares, least) / (n - numbers)) + numbers * 0.299 * pow(log(n), 2.1) / n;
}

/* The breaks of a curve, ascending: the first point of each line but the first. How many. */
static unsigned find_breaks(const struct sums *sums, size_t points, size_t breaks[KNEE_BREAKS]) {
    unsigned most = 0, chosen = 0;
    while (most < KNEE_BREAKS && (most + 2) * KNEE_SHORTEST <= points)
        most++;
    struct best best;
    for (unsigned m = 0; m <= most; m++) {
        best.squares[m] = allocate(points + 1, sizeof(double));
        best.last[m] = allocate(points + 1, sizeof(size_t));
    }
    if (points >= KNEE_SHORTEST)
        search(sums, points, most, &best);
    double least = 1e-9 * sums[points].yy + DBL_MIN, lowest = INFINITY;
    for (unsigned m = 0; m <= most && points > 3 * m + 2; m++) {
        double value = criterion(best.squares[m][points], points, m, least);
        if (value < lowest) {
            lowest = value;
            chosen = m;
        }
    }
    for (size_t m = chosen, to = points; m > 0; m--)
        breaks[m - 1] = to = best.last[m][to];
    for (unsigned m = 0; m <= most; m++) {
        free(best.squares[m]);
        free(best.last[m]);
    }
    return chosen;
}

/* The break between two lines over points `from` to `to` - 1 that leaves the least squares. */
static size_t one_break(const struct sums *sums, size_t from, size_t to) {
    double lowest = INFINITY;
    size_t best = from;
    for (size_t at = from + KNEE_SHORTEST; at + KNEE_SHORTEST <= to; at++) {
        double squares = fit(sums, from, at).squares + fit(sums, at, to).squares;
        if (squares < lowest) {
            lowest = squares;
            best = at;
        }
    }
    return best;
}

/* The median over blocks of each point; of a resample of them where there is an rng. */
static void curve_of(const double *values, size_t blocks, size_t points, struct rng *rng,
                     double *curve) {
    double *column = allocate(blocks, sizeof *column);
    size_t *drawn = allocate(blocks, sizeof *drawn);
    for (size_t b = 0; b < blocks; b++)
        drawn[b] = rng ? (size_t)rng_below(rng, blocks) : b;
    for (size_t p = 0; p < points; p++) {
        for (size_t b = 0; b < blocks; b++)
            column[b] = values[drawn[b] * points + p];
        curve[p] = stats_median(column, blocks);
    }
    free(column);
    free(drawn);
}

/* A rise: breaks that stand together, between the lines around them. */
struct rise {
    size_t from, to;   /* points of the two lines, and between them */
    size_t first, end; /* breaks */
    double before, after;
};

/* The rises of at least so much: into rises, how many. */
static unsigned find_rises(const struct sums *sums, const double *curve, size_t points,
                           double least, struct rise rises[KNEE_BREAKS]) {
    size_t breaks[KNEE_BREAKS + 1], begin = 0;
    unsigned count = find_breaks(sums, points, breaks), found = 0;
    breaks[count] = points;
    for (unsigned i = 0, next; i < count; i = next) {
        for (next = i + 1; next < count && breaks[next] - breaks[next - 1] < KNEE_WIDE;)
            next++;
        struct rise rise = {begin, breaks[next], breaks[i], breaks[next - 1], 0, 0};
        rise.before = curve[0] + value_at(fit(sums, begin, rise.first), (double)rise.first - 1);
        rise.after = curve[0] + value_at(fit(sums, rise.end, rise.to), (double)rise.end);
        if (rise.after - rise.before >= least * rise.before)
            rises[found++] = rise;
        begin = rise.end;
    }
    return found;
}

static int compare(const void *left, const void *right) {
    size_t a = *(const size_t *)left, b = *(const size_t *)right;
    return (a > b) - (a < b);
}

struct knee knee_find(const double *values, size_t blocks, size_t points, double least,
                      uint64_t seed) {
    double *curve = allocate(points + 1, sizeof *curve);
    struct sums *sums = allocate(points + 1, sizeof *sums);
    struct rise rises[KNEE_BREAKS];
    size_t found[KNEE_RESAMPLES];
    struct knee knee = {0};
    struct rng rng;
    rng_seed(&rng, seed);
    curve_of(values, blocks, points, NULL, curve);
    sum_up(curve, points, sums);
    knee.count = find_rises(sums, curve, points, least, rises);
    if (knee.count) {
        struct rise rise = rises[0];
        knee.before = rise.before;
        knee.after = rise.after;
        knee.second = knee.count > 1 ? rises[1].first - 1 : 0;
        knee.last = one_break(sums, rise.from, rise.to) - 1;
        for (size_t i = 0; i < KNEE_RESAMPLES; i++) {
            curve_of(values, blocks, points, &rng, curve);
            sum_up(curve, points, sums);
            found[i] = one_break(sums, rise.from, rise.to) - 1;
        }
        qsort(found, KNEE_RESAMPLES, sizeof *found, compare);
        knee.low = found[KNEE_RESAMPLES / 40];
        knee.high = found[KNEE_RESAMPLES - 1 - KNEE_RESAMPLES / 40];
        /* A rise that takes some points is not known better than from its first to its last. */
        size_t first = rise.first - 1, end = rise.end - 1;
        knee.low = knee.low < first ? knee.low : first;
        knee.high = knee.high > end ? knee.high : end;
        knee.low = knee.low < knee.last ? knee.low : knee.last;
        knee.high = knee.high > knee.last ? knee.high : knee.last;
    }
    free(curve);
    free(sums);
    return knee;
}
