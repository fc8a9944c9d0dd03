/* SPDX-License-Identifier: MIT */
#include "stats/stats.h"

#include <math.h>
#include <stdlib.h>

#include "base/die.h"
#include "stats/rng.h"

static const double confidence_tail = 0.025; /* on each side of a 95 % interval */

/* Hoare's selection: afterwards values[rank] is in its place, smaller before, larger after. */
static double select_rank(double *values, size_t count, size_t rank) {
    size_t low = 0, high = count - 1;
    while (low < high) {
        double pivot = values[low + (high - low) / 2];
        size_t i = low, j = high;
        for (;;) {
            while (values[i] < pivot)
                i++;
            while (values[j] > pivot)
                j--;
            if (i >= j)
                break;
            double swap = values[i];
            values[i++] = values[j];
            values[j--] = swap;
        }
        /* low..j <= pivot <= j+1..high */
        if (rank <= j)
            high = j;
        else
            low = j + 1;
    }
    return values[rank];
}

double stats_quantile(double *values, size_t count, double p) {
    if (count == 0)
        return NAN;
    double at = p * (double)(count - 1);
    size_t below = (size_t)at;
    double low = select_rank(values, count, below), high = INFINITY;
    if (at == (double)below)
        return low;
    for (size_t i = below + 1; i < count; i++)
        high = fmin(high, values[i]);
    return low + (at - (double)below) * (high - low);
}

double stats_median(double *values, size_t count) {
    return stats_quantile(values, count, 0.5);
}

double stats_ratio_median(double *values, size_t count) {
    if (count == 0)
        return NAN;
    double low = select_rank(values, count, (count - 1) / 2);
    return count % 2 ? low : sqrt(low * select_rank(values, count, count / 2));
}

double stats_normal_cdf(double x) {
    return erfc(-x * M_SQRT1_2) / 2;
}

/* The continued fraction DLMF 8.17.22 by Lentz's method; converges fast for x < (a+1)/(a+b+2). */
static double beta_fraction(double a, double b, double x) {
    const double tiny = 1e-300;
    double c = 1, d = 1 / (1 - (a + b) * x / (a + 1)), value = d;
    for (int m = 1; m < 10000; m++) {
        double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        double step = 1;
        for (int half = 0; half < 2; half++) {
            double term = half ? odd : even;
            d = 1 + term * d;
            c = 1 + term / c;
            d = 1 / (fabs(d) < tiny ? tiny : d);
            c = fabs(c) < tiny ? tiny : c;
            step = c * d;
            value *= step;
        }
        if (fabs(step - 1) < 1e-15)
            break;
    }
    return value;
}

double stats_beta_cdf(double a, double b, double x) {
    if (x <= 0 || x >= 1)
        return x <= 0 ? 0 : 1;
    int sign;
    double log_front = a * log(x) + b * log1p(-x) + lgamma_r(a + b, &sign) - lgamma_r(a, &sign) -
                       lgamma_r(b, &sign);
    if (x < (a + 1) / (a + b + 2))
        return exp(log_front) * beta_fraction(a, b, x) / a;
    return 1 - exp(log_front) * beta_fraction(b, a, 1 - x) / b;
}

double stats_beta_quantile(double a, double b, double p) {
    double low = 0, high = 1;
    for (int i = 0; i < 100 && low < high; i++) {
        double middle = low + (high - low) / 2;
        if (stats_beta_cdf(a, b, middle) < p)
            low = middle;
        else
            high = middle;
    }
    return low + (high - low) / 2;
}

double stats_t_quantile(double p, double degrees) {
    if (p < 0.5)
        return -stats_t_quantile(1 - p, degrees);
    /* t^2 / (degrees + t^2) is Beta(1/2, degrees/2) distributed. */
    double x = stats_beta_quantile(0.5, degrees / 2, 2 * p - 1);
    return sqrt(degrees * x / (1 - x));
}

/* Hesterberg's widened tail for n values. */
static double widened_tail(double n) {
    return stats_normal_cdf(sqrt(n / (n - 1)) * stats_t_quantile(confidence_tail, n - 1));
}

static struct interval of_rounds(struct block_values block) {
    size_t n = block.count;
    struct interval result = {.blocks = 1};
    result.value = stats_ratio_median(block.values, n);
    result.low = result.high = n < 2 ? NAN : result.value;
    if (n < 2)
        return result;
    double middle = (double)(n + 1) / 2;
    size_t rank =
        (size_t)((double)n * stats_beta_quantile(middle, middle, widened_tail((double)n)));
    result.low = select_rank(block.values, n, rank);
    result.high = select_rank(block.values, n, n - 1 - rank);
    return result;
}

static struct interval student(const double *logs, size_t n, double mean) {
    double squares = 0;
    for (size_t i = 0; i < n; i++)
        squares += (logs[i] - mean) * (logs[i] - mean);
    double count = (double)n, error = sqrt(squares / (count - 1) / count);
    double reach = -stats_t_quantile(confidence_tail, count - 1) * error;
    return (struct interval){exp(mean), exp(mean - reach), exp(mean + reach), n};
}

/* The percentiles, or Student's ends where these are farther away: see stats.h. */
static struct interval bootstrap(const double *logs, size_t n, double mean, uint64_t seed) {
    struct rng rng;
    rng_seed(&rng, seed);
    double means[STATS_RESAMPLES];
    for (size_t i = 0; i < STATS_RESAMPLES; i++) {
        double sum = 0;
        for (size_t j = 0; j < n; j++)
            sum += logs[rng_below(&rng, n)];
        means[i] = sum / (double)n;
    }
    struct interval wider = student(logs, n, mean);
    double tail = widened_tail((double)n);
    wider.low = fmin(wider.low, exp(stats_quantile(means, STATS_RESAMPLES, tail)));
    wider.high = fmax(wider.high, exp(stats_quantile(means, STATS_RESAMPLES, 1 - tail)));
    return wider;
}

/* Whether blocks are of several layouts, all known. */
static bool several_layouts(const struct block_values *blocks, size_t count) {
    const struct block_values *first = NULL;
    bool several = false;
    for (size_t i = 0; i < count; i++) {
        if (blocks[i].count == 0)
            continue;
        if (blocks[i].layout == 0)
            return false;
        first = first ? first : &blocks[i];
        several |= blocks[i].layout != first->layout;
    }
    return several;
}

/* The mean of the logarithms of the medians of the blocks from `first` on that share its layout. */
static double log_of_layout(struct block_values *blocks, size_t first, size_t count) {
    double sum = 0, of_layout = 0;
    for (size_t i = first; i < count; i++)
        if (blocks[i].count && blocks[i].layout == blocks[first].layout) {
            sum += log(stats_ratio_median(blocks[i].values, blocks[i].count));
            of_layout++;
        }
    return sum / of_layout;
}

static bool layout_was_before(const struct block_values *blocks, size_t which) {
    for (size_t i = 0; i < which; i++)
        if (blocks[i].count && blocks[i].layout == blocks[which].layout)
            return true;
    return false;
}

struct interval stats_interval(struct block_values *blocks, size_t count, uint64_t seed) {
    double *logs = allocate(count, sizeof *logs), sum = 0;
    bool several = several_layouts(blocks, count);
    size_t n = 0, last = 0;
    for (size_t i = 0; i < count; i++) {
        if (blocks[i].count == 0 || (several && layout_was_before(blocks, i)))
            continue;
        last = i;
        logs[n] = several ? log_of_layout(blocks, i, count)
                          : log(stats_ratio_median(blocks[i].values, blocks[i].count));
        sum += logs[n++];
    }
    struct interval result = {NAN, NAN, NAN, n};
    if (n == 1)
        result = of_rounds(blocks[last]);
    else if (n >= STATS_FEWEST_BLOCKS)
        result = bootstrap(logs, n, sum / (double)n, seed);
    else if (n > 1)
        result = student(logs, n, sum / (double)n);
    free(logs);
    return result;
}

struct interval stats_inverse(struct interval x) {
    return (struct interval){1 / x.value, 1 / x.high, 1 / x.low, x.blocks};
}

struct interval stats_quotient(struct interval left, struct interval right) {
    double down = hypot(log(left.value / left.low), log(right.high / right.value));
    double up = hypot(log(left.high / left.value), log(right.value / right.low));
    double value = left.value / right.value;
    return (struct interval){value, value * exp(-down), value * exp(up),
                             left.blocks < right.blocks ? left.blocks : right.blocks};
}

struct interval stats_together(struct interval x, size_t count) {
    if (count < 2 || x.blocks < 2)
        return x;
    double degrees = (double)(x.blocks - 1);
    double times = stats_t_quantile(confidence_tail / (double)count, degrees) /
                   stats_t_quantile(confidence_tail, degrees);
    return (struct interval){x.value, x.value * pow(x.low / x.value, times),
                             x.value * pow(x.high / x.value, times), x.blocks};
}

struct interval stats_geometric_mean(const struct interval *items, size_t count) {
    double sum = 0, below = 0, above = 0;
    size_t blocks = count ? items[0].blocks : 0;
    for (size_t i = 0; i < count; i++) {
        blocks = items[i].blocks < blocks ? items[i].blocks : blocks;
        double down = log(items[i].value / items[i].low), up = log(items[i].high / items[i].value);
        sum += log(items[i].value);
        below += down * down;
        above += up * up;
    }
    double n = (double)count, mean = sum / n;
    return (struct interval){exp(mean), exp(mean - sqrt(below) / n), exp(mean + sqrt(above) / n),
                             blocks};
}

bool stats_has_ends(struct interval x) {
    return !isnan(x.low) && !isnan(x.high);
}

double stats_half_width(struct interval x) {
    return fmax(x.high - x.value, x.value - x.low) / x.value;
}

double stats_reach(struct interval x) {
    return stats_has_ends(x) ? fmax(fabs(x.high - 1), fabs(x.low - 1)) : fabs(x.value - 1);
}
