/* SPDX-License-Identifier: MIT
 *
 * The statistics against GSL, and the intervals against the truth in simulated experiments: a
 * 95 % interval that does not hold the truth in 95 % of experiments is not one.
 */
/* LIBS: gsl */
#include "machine/virt.h"
#include "stats/stats.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include <gsl/gsl_cdf.h>

#include "stats/rng.h"
#include "unit/cmocka_all.h"

enum { ROUNDS = 51, MOST_BLOCKS = 32, EXPERIMENTS = 2000 };

static void assert_near(double got, double want, double tolerance) {
    if (!(fabs(got - want) <= tolerance * fmax(1, fabs(want))))
        fail_msg("got %.17g, want %.17g", got, want);
}

static void distributions_match_gsl(void **state) {
    (void)state;
    for (double x = -9; x <= 9; x += 0.25)
        assert_near(stats_normal_cdf(x), gsl_cdf_ugaussian_P(x), 1e-14);
    static const double shapes[] = {0.5, 1, 2.5, 50, 75.5, 500};
    static const double tails[] = {1e-6, 0.0024, 0.025, 0.3, 0.5, 0.8, 0.975, 0.9999};
    for (size_t i = 0; i < 6; i++)
        for (size_t j = 0; j < 6; j++)
            for (size_t k = 0; k < 8; k++) {
                double a = shapes[i], b = shapes[j], p = tails[k];
                assert_near(stats_beta_cdf(a, b, p), gsl_cdf_beta_P(p, a, b), 1e-10);
                assert_near(gsl_cdf_beta_P(stats_beta_quantile(a, b, p), a, b), p, 1e-7);
            }
    for (int degrees = 1; degrees < 400; degrees += 1 + degrees / 4)
        for (size_t k = 1; k < 7; k++)
            assert_near(stats_t_quantile(tails[k], degrees), gsl_cdf_tdist_Pinv(tails[k], degrees),
                        1e-7);
}

static void medians_and_quantiles(void **state) {
    (void)state;
    struct rng rng;
    rng_seed(&rng, 7);
    for (size_t n = 1; n < 200; n++) {
        double values[200], sorted[200], again[200];
        for (size_t i = 0; i < n; i++) {
            values[i] = (double)rng_below(&rng, n); /* with ties */
            size_t j = i;
            for (; j > 0 && sorted[j - 1] > values[i]; j--)
                sorted[j] = sorted[j - 1];
            sorted[j] = values[i];
        }
        double want = n % 2 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
        memcpy(again, values, sizeof again);
        assert_true(stats_median(values, n) == want);
        for (double p = 0; p <= 1; p += 0.0625) {
            double rank = p * (double)(n - 1);
            want = sorted[(size_t)rank];
            want += (rank - floor(rank)) * (sorted[(size_t)ceil(rank)] - want);
            assert_near(stats_quantile(again, n, p), want, 1e-15);
        }
    }
    assert_true(isnan(stats_median(NULL, 0)));
}

/* Neither side of a ratio is favoured: with few rounds that would be percents. */
static void a_ratio_median_inverts(void **state) {
    (void)state;
    struct rng rng;
    rng_seed(&rng, 8);
    double favoured = 0;
    for (size_t n = 1; n < 50; n++) {
        double ratios[50], inverse[50];
        for (size_t i = 0; i < n; i++)
            inverse[i] = 1 / (ratios[i] = exp(2 * rng_double(&rng) - 1));
        favoured += log(stats_median(ratios, n) * stats_median(inverse, n));
        assert_near(stats_ratio_median(ratios, n) * stats_ratio_median(inverse, n), 1, 1e-14);
    }
    assert_true(favoured > 0.1); /* the planted fault */
    assert_true(isnan(stats_ratio_median(NULL, 0)));

    double pair[] = {1.2, 0.8}, other_way[] = {1 / 1.2, 1 / 0.8};
    struct block_values block = {pair, 2, 0}, inverse = {other_way, 2, 0};
    struct block_values blocks[] = {block, block}, inverses[] = {inverse, inverse};
    for (size_t n = 1; n <= 2; n++)
        assert_near(stats_interval(blocks, n, 1).value * stats_interval(inverses, n, 1).value, 1,
                    1e-14);
}

/* ---- coverage ---- */

enum noise { GAUSS, OUTLIERS };

static const char *const noise_names[] = {"gauss", "skewed with outliers"};

/* What the place of the code does, drawn once for each layout. */
enum placement { NOWHERE, SPREAD, TWO_MODES };

static const char *const placement_names[] = {"", ", a placement effect", ", one of two modes"};

struct experiment {
    size_t blocks;
    double block_effect; /* in units of the standard error of a block's median */
    enum noise noise;
    enum placement placement;
    size_t layouts; /* that the blocks are of in turn; 0: not known */
    double far;     /* how often a block's effect is five times as large */
};

static double gauss(struct rng *rng) {
    return sqrt(-2 * log(1 - rng_double(rng))) * cos(2 * M_PI * rng_double(rng));
}

/* One sample's time: never below 1, like a real one. */
static double sample(struct rng *rng, enum noise noise) {
    if (noise == GAUSS)
        return exp(0.002 * gauss(rng));
    double value = 1 - 0.003 * log(1 - rng_double(rng));
    if (rng_double(rng) < 0.05)
        value *= 1 + 5 * rng_double(rng); /* a preemption */
    return value;
}

/* 20 % between both modes, around 1. */
static double draw_placement(struct rng *rng, enum placement placement) {
    static const double apart = 0.2;
    return placement == SPREAD      ? exp(0.01 * gauss(rng))
           : placement == TWO_MODES ? pow(1 + apart, rng_double(rng) < 0.5 ? -0.5 : 0.5)
                                    : 1;
}

/* A block's paired ratios; the truth is 1.1. */
static void draw_block(struct rng *rng, struct experiment e, double *values) {
    /* standard error of the median: 1.25 sd / sqrt(n); sd of a ratio is sqrt(2) a sample's */
    double error = 1.25 * M_SQRT2 * 0.0025 / sqrt(ROUNDS);
    double times = e.far > 0 && rng_double(rng) < e.far ? 5 : 1;
    double effect = exp(times * e.block_effect * error * gauss(rng));
    for (size_t i = 0; i < ROUNDS; i++)
        values[i] = 1.1 * effect * sample(rng, e.noise) / sample(rng, e.noise);
}

/* Percentiles of the same resamples. */
static struct interval percentiles(struct block_values *blocks, size_t count, double tail,
                                   uint64_t seed) {
    struct rng rng;
    rng_seed(&rng, seed);
    double logs[MOST_BLOCKS], means[STATS_RESAMPLES];
    for (size_t i = 0; i < count; i++)
        logs[i] = log(stats_median(blocks[i].values, blocks[i].count));
    for (size_t i = 0; i < STATS_RESAMPLES; i++) {
        means[i] = 0;
        for (size_t j = 0; j < count; j++)
            means[i] += logs[rng_below(&rng, count)] / (double)count;
    }
    return (struct interval){NAN, exp(stats_quantile(means, STATS_RESAMPLES, tail)),
                             exp(stats_quantile(means, STATS_RESAMPLES, 1 - tail)), count};
}

/* Two faulty methods: without the widening, and with nothing but it. */
static struct interval naive(struct block_values *blocks, size_t count, uint64_t seed) {
    return percentiles(blocks, count, 0.025, seed);
}

static struct interval widened(struct block_values *blocks, size_t count, uint64_t seed) {
    double n = (double)count, t = stats_t_quantile(0.025, n - 1);
    return percentiles(blocks, count, stats_normal_cdf(sqrt(n / (n - 1)) * t), seed);
}

static struct interval student(struct block_values *blocks, size_t count, uint64_t seed) {
    (void)seed;
    double logs[MOST_BLOCKS], mean = 0, squares = 0, n = (double)count;
    for (size_t i = 0; i < count; i++) {
        logs[i] = log(stats_median(blocks[i].values, blocks[i].count));
        mean += logs[i] / n;
    }
    for (size_t i = 0; i < count; i++)
        squares += (logs[i] - mean) * (logs[i] - mean);
    double reach = stats_t_quantile(0.975, n - 1) * sqrt(squares / (n - 1) / n);
    return (struct interval){exp(mean), exp(mean - reach), exp(mean + reach), count};
}

typedef struct interval method(struct block_values *, size_t, uint64_t);

static double coverage(struct experiment e, int experiments, method *interval) {
    struct rng rng;
    rng_seed(&rng, 1000 * e.blocks + (uint64_t)(10 * e.block_effect) + e.noise);
    int hits = 0;
    for (int i = 0; i < experiments; i++) {
        static double values[MOST_BLOCKS][ROUNDS];
        struct block_values blocks[MOST_BLOCKS];
        double places[MOST_BLOCKS] = {0};
        for (size_t b = 0; b < (e.layouts ? e.layouts : 1); b++)
            places[b] = draw_placement(&rng, e.placement);
        for (size_t b = 0; b < e.blocks; b++) {
            unsigned layout = e.layouts ? (unsigned)(b % e.layouts) + 1 : 0;
            draw_block(&rng, e, values[b]);
            for (size_t r = 0; layout && r < ROUNDS; r++)
                values[b][r] *= places[layout - 1];
            blocks[b] = (struct block_values){values[b], ROUNDS, layout};
        }
        struct interval x = interval(blocks, e.blocks, rng_next(&rng));
        hits += x.low <= 1.1 && 1.1 <= x.high;
    }
    double share = (double)hits / experiments;
    print_message("%2zu blocks, block effect %.1f, %-20s%s: %.1f %%\n", e.blocks, e.block_effect,
                  noise_names[e.noise], placement_names[e.placement], 100 * share);
    return share;
}

static void intervals_cover_the_truth(void **state) {
    (void)state;
    static const size_t blocks[] = {3, 6, 8, 10, 20};
    static const double effects[] = {0, 1, 4};
    bool good = true;
    char how[128];
    /* The digits are the same on every machine; an emulator takes minutes over them. */
    size_t sizes = virt_emulated(how, sizeof how) ? 1 : 5;
    for (size_t b = 0; b < sizes; b++)
        for (size_t f = 0; f < 3; f++)
            for (enum noise noise = GAUSS; noise <= OUTLIERS; noise++) {
                double share =
                    coverage((struct experiment){blocks[b], effects[f], noise, NOWHERE, 0, 0},
                             EXPERIMENTS, stats_interval);
                good = good && share >= 0.93 && share <= 0.97;
            }
    /* One block: right about its rounds, when there is no block effect. */
    double alone =
        coverage((struct experiment){1, 0, OUTLIERS, NOWHERE, 0, 0}, EXPERIMENTS, stats_interval);
    assert_true(good && alone >= 0.93 && alone <= 0.97);
}

/* The suites' blocks, each of another layout, and twice as many, two of each. */
static void intervals_contain_placement(void **state) {
    (void)state;
    for (enum placement placement = SPREAD; placement <= TWO_MODES; placement++)
        for (size_t blocks = 16; blocks <= MOST_BLOCKS; blocks *= 2) {
            double share = coverage((struct experiment){blocks, 1, OUTLIERS, placement, 16, 0},
                                    EXPERIMENTS, stats_interval);
            assert_true(share >= 0.93 && share <= 0.97);
        }
    /* The planted fault: the same blocks, as if each were another layout. */
    double same[16], two[16][1];
    struct block_values blocks[16], apart[16];
    for (unsigned b = 0; b < 16; b++) {
        same[b] = two[b][0] = b % 2 ? 1.2 : 1;
        apart[b] = (struct block_values){&same[b], 1, b + 1};
        blocks[b] = (struct block_values){two[b], 1, b % 2 + 1};
    }
    struct interval x = stats_interval(blocks, 16, 1), narrow = stats_interval(apart, 16, 1);
    assert_true(x.blocks == 2 && x.low < 1 && x.high > 1.2); /* of two layouts 20 % apart: both */
    assert_true(narrow.blocks == 16 && narrow.low > 1 && narrow.high < 1.2);
}

/* On a shared machine some blocks are far off, to either side. */
static void intervals_hold_with_blocks_far_off(void **state) {
    (void)state;
    struct experiment far_off = {16, 4, GAUSS, NOWHERE, 0, 0.125};
    struct experiment two_modes = {16, 1, OUTLIERS, TWO_MODES, 16, 0};
    double share = coverage(far_off, EXPERIMENTS, stats_interval);
    assert_true(share >= 0.95 && share <= 0.98);
    /* Neither method alone. */
    assert_true(coverage(far_off, EXPERIMENTS, widened) < 0.95);
    assert_true(coverage(two_modes, EXPERIMENTS, student) < 0.93);
}

/* The planted faults: what the corrections in stats.h are there for. */
static void uncorrected_intervals_do_not(void **state) {
    (void)state;
    struct experiment six = {6, 1, GAUSS, NOWHERE, 0, 0}, three = {3, 1, GAUSS, NOWHERE, 0, 0};
    struct experiment alone = {1, 4, GAUSS, NOWHERE, 0, 0};
    assert_true(coverage(six, 1000, naive) < 0.92);
    assert_true(coverage(three, 1000, naive) < 0.80);
    assert_true(coverage(alone, 1000, stats_interval) < 0.60);
}

static void edges(void **state) {
    (void)state;
    double one[] = {2}, three[] = {1.5, 1.5, 1.5}, none[1];
    struct block_values blocks[] = {{none, 0, 0}, {one, 1, 0}, {three, 3, 0}};
    struct interval x = stats_interval(blocks, 1, 1);
    assert_true(isnan(x.value) && isnan(x.low) && x.blocks == 0);
    x = stats_interval(blocks, 2, 1);
    assert_true(x.value == 2 && isnan(x.low) && isnan(x.high) && x.blocks == 1);
    assert_true(!stats_has_ends(x) && isnan(stats_half_width(x)) && stats_reach(x) == 1);
    struct interval ends[] = {x, {8, 4, 16, 6}};
    struct interval product = stats_geometric_mean(ends, 2), over = stats_quotient(ends[1], x);
    assert_true(product.value > 3.999 && product.value < 4.001 && !stats_has_ends(product));
    assert_true(over.value == 4 && !stats_has_ends(over) && !stats_has_ends(stats_inverse(x)));
    x = stats_interval(blocks, 3, 1);
    assert_near(x.value, sqrt(3), 1e-15);
    assert_true(x.blocks == 2 && x.low < 1.5 && x.high > 2);

    struct interval half = stats_inverse((struct interval){2, 1.6, 2.5, 1});
    assert_near(half.value, 0.5, 0);
    assert_near(half.low, 0.4, 1e-15);
    assert_near(half.high, 0.625, 1e-15);
    struct interval pair[] = {{2, 1, 4, 6}, {8, 4, 16, 6}};
    struct interval mean = stats_geometric_mean(pair, 2);
    assert_near(mean.value, 4, 1e-15);
    assert_true(mean.blocks == 6 && product.blocks == 1); /* and not the number of items */
    assert_near(mean.high, 4 * exp2(M_SQRT1_2), 1e-14);
    assert_near(stats_half_width(pair[0]), 1, 0);
    assert_near(stats_reach((struct interval){1, 0.98, 1.01, 6}), 0.02, 1e-12);
}

static void equal_seeds_give_equal_digits(void **state) {
    (void)state;
    enum { BLOCKS = 16 };
    struct rng rng;
    rng_seed(&rng, 3);
    double values[BLOCKS][ROUNDS];
    struct block_values blocks[BLOCKS];
    for (size_t b = 0; b < BLOCKS; b++) {
        draw_block(&rng, (struct experiment){BLOCKS, 1, OUTLIERS, NOWHERE, 0, 0}, values[b]);
        for (size_t r = 0; r < ROUNDS && b < BLOCKS / 4; r++)
            values[b][r] *= 1.2; /* some in another mode: the bootstrap's upper end is farther */
        blocks[b] = (struct block_values){.values = values[b], .count = ROUNDS};
    }
    struct interval first = stats_interval(blocks, BLOCKS, 42),
                    again = stats_interval(blocks, BLOCKS, 42),
                    other = stats_interval(blocks, BLOCKS, 43);
    assert_memory_equal(&first, &again, sizeof first);
    assert_true(first.high != other.high);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(distributions_match_gsl),
        cmocka_unit_test(medians_and_quantiles),
        cmocka_unit_test(a_ratio_median_inverts),
        cmocka_unit_test(intervals_cover_the_truth),
        cmocka_unit_test(intervals_contain_placement),
        cmocka_unit_test(intervals_hold_with_blocks_far_off),
        cmocka_unit_test(uncorrected_intervals_do_not),
        cmocka_unit_test(edges),
        cmocka_unit_test(equal_seeds_give_equal_digits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
