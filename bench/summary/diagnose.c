/* SPDX-License-Identifier: MIT */
#include "summary/diagnose.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "stats/dip.h"
#include "stats/stats.h"

static const double least_distance = 0.05, least_share = 0.1, least_warm_up = 0.01,
                    least_trend = 0.01, trend_deviations = 3.3;
enum { FEWEST_SAMPLES = 30, FEWEST_TREND = 8, FEWEST_ROUNDS = 20 };

static int ascending(const void *left, const void *right) {
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/* ---- modes ---- */

/* Where in n ascending values a cut leaves the least squared distances of the logarithms from the
 * two means, with at least the least share on either side. Values are clamped to the outermost
 * tenths, so that a few preempted samples do not look like a mode. */
static size_t best_cut(const double *sorted, size_t n) {
    double *sums = allocate(n + 1, sizeof *sums), least = INFINITY;
    size_t fewest = (size_t)ceil(least_share * (double)n), edge = fewest - 1, best = n / 2;
    for (size_t i = 0; i < n; i++) {
        size_t at = i < edge ? edge : i >= n - edge ? n - edge - 1 : i;
        sums[i + 1] = sums[i] + log(sorted[at] / sorted[n / 2]);
    }
    for (size_t cut = fewest; cut + fewest <= n; cut++) {
        double left = sums[cut], right = sums[n] - left;
        double rest = -left * left / (double)cut - right * right / (double)(n - cut);
        if (rest < least) {
            least = rest;
            best = cut;
        }
    }
    free(sums);
    return best;
}

double diagnose_modes(double *values, size_t n, struct diagnosis *out) {
    if (n < FEWEST_SAMPLES)
        return 0;
    qsort(values, n, sizeof *values, ascending);
    if (dip_of(values, n) * sqrt((double)n) <= DIP_LIMIT)
        return 0;
    size_t cut = best_cut(values, n);
    double between = (values[cut - 1] + values[cut]) / 2;
    double distance = stats_median(values + cut, n - cut) / stats_median(values, cut) - 1;
    double gap =
        stats_quantile(values + cut, n - cut, 0.25) / stats_quantile(values, cut, 0.75) - 1;
    if (distance < least_distance || gap < distance / 2)
        return 0;
    out->bimodal = distance;
    out->slower_share = (double)(n - cut) / (double)n;
    return between;
}

/* ---- trend ---- */

double diagnose_trend(const double *values, size_t n) {
    if (n < FEWEST_TREND)
        return 0;
    size_t pairs = n * (n - 1) / 2, k = 0;
    double *slopes = allocate(pairs + n, sizeof *slopes), *copy = slopes + pairs, sum = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++) {
            sum += (values[j] > values[i]) - (values[j] < values[i]);
            slopes[k++] = (values[j] - values[i]) / (double)(j - i);
        }
    memcpy(copy, values, n * sizeof *copy);
    double count = (double)n, deviation = sqrt(count * (count - 1) * (2 * count + 5) / 18);
    double change = stats_median(slopes, pairs) * (count - 1) / stats_median(copy, n);
    free(slopes);
    bool shown = fabs(sum) > trend_deviations * deviation && fabs(change) >= least_trend;
    return shown ? change : 0;
}

/* ---- a cell ---- */

/* The cell's cycles, or its time over another cell's where base is not its own, of the rounds
 * [from, to) of a block that count; returns how many. */
static size_t collect(const struct sample_set *set, const struct sample_block *block, size_t cell,
                      size_t base, size_t from, size_t to, double *out) {
    const struct sample_column *column = samples_column(block, cell);
    size_t count = 0;
    for (size_t i = from; column && i < to; i++) {
        double x = cell == base ? samples_cycles(set, block, column, i)
                                : samples_ratio(set, block, cell, base, i);
        if (x > 0 && isfinite(x))
            out[count++] = x;
    }
    return count;
}

static void find_modes(const struct sample_set *set, size_t cell, double *values,
                       struct diagnosis *out) {
    size_t n = 0;
    for (size_t b = 0; b < set->block_count; b++)
        n += collect(set, &set->blocks[b], cell, cell, 0, set->blocks[b].rounds, values + n);
    double between = diagnose_modes(values, n, out);
    if (between == 0)
        return;
    out->between_blocks = set->block_count > 1;
    for (size_t b = 0; b < set->block_count; b++) {
        size_t count = collect(set, &set->blocks[b], cell, cell, 0, set->blocks[b].rounds, values),
               slow = 0;
        for (size_t i = 0; i < count; i++)
            slow += values[i] > between;
        out->between_blocks &= 10 * slow <= count || 10 * slow >= 9 * count;
    }
}

static void find_warm_up(const struct sample_set *set, size_t cell, double *values,
                         struct diagnosis *out) {
    double *ratios = allocate(set->block_count, sizeof *ratios);
    struct block_values *blocks = allocate(set->block_count, sizeof *blocks);
    size_t used = 0;
    for (size_t b = 0; b < set->block_count; b++) {
        const struct sample_block *block = &set->blocks[b];
        size_t rounds = block->rounds;
        if (rounds < FEWEST_ROUNDS)
            continue;
        double first =
            stats_median(values, collect(set, block, cell, cell, 0, rounds / 10, values));
        double rest =
            stats_median(values, collect(set, block, cell, cell, rounds / 2, rounds, values));
        ratios[used] = first / rest;
        if (isfinite(ratios[used])) {
            blocks[used] = (struct block_values){.values = &ratios[used], .count = 1};
            used++;
        }
    }
    struct interval ratio = stats_interval(blocks, used, 0);
    if (used > 1 && ratio.low > 1 + least_warm_up)
        out->warm_up = ratio.value - 1;
    free(ratios);
    free(blocks);
}

static void find_trend(const struct sample_set *set, size_t cell, double *values,
                       struct diagnosis *out) {
    double *medians = allocate(set->block_count, sizeof *medians);
    size_t used = 0, base = samples_role(set, ROLE_BASELINE);
    base = base < set->cell_count ? base : cell;
    for (size_t b = 0; b < set->block_count; b++) {
        const struct sample_block *block = &set->blocks[b];
        medians[used] =
            stats_ratio_median(values, collect(set, block, cell, base, 0, block->rounds, values));
        if (isfinite(medians[used]))
            used++;
    }
    out->trend = diagnose_trend(medians, used);
    free(medians);
}

struct diagnosis diagnose_cell(const struct sample_set *set, size_t cell) {
    struct diagnosis result = {0};
    size_t rounds = 0;
    for (size_t b = 0; b < set->block_count; b++)
        rounds += set->blocks[b].rounds;
    double *values = allocate(rounds, sizeof *values);
    if (set->trimmed) {
        const struct sample_shape *shape = &set->cells[cell].shape;
        result.bimodal = shape->bimodal;
        result.slower_share = shape->slower_share;
        result.between_blocks = shape->between_blocks;
        result.warm_up = shape->warm_up;
    } else {
        find_modes(set, cell, values, &result);
        find_warm_up(set, cell, values, &result);
    }
    find_trend(set, cell, values, &result);
    free(values);
    return result;
}

void diagnose_print_flags(const struct diagnosis *diagnosis, FILE *out) {
    if (diagnosis->bimodal > 0)
        fprintf(out, " bimodal=%.1f%%", 100 * diagnosis->bimodal);
    if (diagnosis->warm_up > 0)
        fprintf(out, " warm-up=%.1f%%", 100 * diagnosis->warm_up);
    if (diagnosis->trend != 0)
        fprintf(out, " trend=%+.1f%%", 100 * diagnosis->trend);
}

void diagnose_text(const struct diagnosis *diagnosis, char *out, size_t size) {
    size_t used = 0;
    *out = 0;
    if (diagnosis->bimodal > 0)
        used += (size_t)snprintf(
            out, size, "Two modes %.1f%% apart, %.0f%% of the samples in the slower one; %s.",
            100 * diagnosis->bimodal, 100 * diagnosis->slower_share,
            diagnosis->between_blocks ? "each process is in one of them"
                                      : "processes change between them");
    if (diagnosis->warm_up > 0 && used < size)
        used += (size_t)snprintf(out + used, size - used,
                                 "%sThe first tenth of a block's rounds is %.1f%% slower.",
                                 used ? " " : "", 100 * diagnosis->warm_up);
    if (diagnosis->trend != 0 && used < size)
        snprintf(out + used, size - used, "%sOver the run it %s by %.1f%%.", used ? " " : "",
                 diagnosis->trend > 0 ? "rises" : "falls", fabs(100 * diagnosis->trend));
}
