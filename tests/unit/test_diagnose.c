/* SPDX-License-Identifier: MIT
 *
 * Modes, trends and warm-up, against laws of known shape: what must be found, and how seldom
 * something is found where nothing is.
 */
#include <math.h>
#include <stdlib.h>

#include "stats/dip.h"
#include "stats/rng.h"
#include "summary/diagnose.h"
#include "unit/cmocka_all.h"

enum { MOST = 4000 };
static double values[MOST];

static int ascending(const void *left, const void *right) {
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static double normal(struct rng *rng) {
    return sqrt(-2 * log(1 - rng_double(rng))) * cos(2 * M_PI * rng_double(rng));
}

/* Figures that other implementations of the dip give too: R's diptest has 0.0595238 for its
 * example, the ages of 63 members of a faculty. */
static void dip_of_known_samples(void **state) {
    (void)state;
    double ages[] = {30, 33, 35, 36, 37, 37, 39, 39, 39, 39, 39, 40, 40, 40, 40, 41,
                     42, 43, 43, 43, 44, 44, 45, 45, 46, 47, 47, 47, 48, 48, 48, 49,
                     50, 50, 51, 52, 52, 53, 53, 53, 53, 53, 54, 54, 57, 57, 59, 60,
                     60, 60, 61, 61, 61, 61, 62, 62, 62, 62, 63, 66, 70, 72, 72};
    enum { N = sizeof ages / sizeof ages[0] };
    assert_true(fabs(dip_of(ages, N) - 0.0595238095) < 1e-9);
    for (int i = 0; i < 100; i++)
        values[i] = i;
    assert_true(fabs(dip_of(values, 100) - 1 / 200.0) < 1e-12); /* the least there is */
    for (int i = 0; i < 100; i++)
        values[i] = (i < 50 ? 1 : 2) + 1e-6 * i;
    assert_true(fabs(dip_of(values, 100) - 0.25) < 0.006); /* the most */
}

/* Of 2000 uniform samples the dip calls at most 5 bimodal, whatever their size: 2 are expected. */
static void dip_of_the_uniform_law(void **state) {
    (void)state;
    static const size_t sizes[] = {10, 24, 100, 500};
    struct rng rng;
    rng_seed(&rng, 1);
    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
        unsigned wrong = 0;
        for (int trial = 0; trial < 2000; trial++) {
            for (size_t i = 0; i < sizes[s]; i++)
                values[i] = rng_double(&rng);
            qsort(values, sizes[s], sizeof *values, ascending);
            wrong += dip_of(values, sizes[s]) * sqrt((double)sizes[s]) > DIP_LIMIT;
        }
        if (wrong > 5)
            fail_msg("%u of 2000 uniform samples of %zu values", wrong, sizes[s]);
    }
}

enum law { NORMAL, LOGNORMAL, EXPONENTIAL, OUTLIERS, STEPS, TWO_NEAR, TWO, TWO_UNEQUAL, LAWS };

static double draw(struct rng *rng, enum law law) {
    double noise = 1 + 0.02 * normal(rng), u = rng_double(rng);
    switch (law) {
    case LOGNORMAL:
        return exp(0.3 * normal(rng));
    case EXPONENTIAL:
        return 1 - 0.1 * log(1 - u);
    case OUTLIERS:
        return u < 0.05 ? 40 * noise : noise;
    case STEPS: /* of a coarse timer */
        return round(noise * 200) / 200;
    case TWO_NEAR:
        return (u < 0.5 ? 1 : 1.02) * (1 + 0.001 * normal(rng));
    case TWO:
        return u < 0.5 ? noise : 1.3 * noise;
    case TWO_UNEQUAL:
        return u < 0.8 ? noise : 1.2 * noise;
    default:
        return noise;
    }
}

static void modes(void **state) {
    (void)state;
    static const double distance[LAWS] = {[TWO] = 0.3, [TWO_UNEQUAL] = 0.2};
    static const double share[LAWS] = {[TWO] = 0.5, [TWO_UNEQUAL] = 0.2};
    static const size_t sizes[] = {300, MOST};
    struct rng rng;
    rng_seed(&rng, 2);
    for (int law = 0; law < LAWS; law++)
        for (int trial = 0; trial < 60; trial++) {
            size_t n = sizes[trial % 2];
            struct diagnosis found = {0};
            for (size_t i = 0; i < n; i++)
                values[i] = draw(&rng, (enum law)law);
            diagnose_modes(values, n, &found);
            if (fabs(found.bimodal - distance[law]) > 0.03 ||
                fabs(found.slower_share - share[law]) > 0.1)
                fail_msg("law %d, %zu values: modes %.3f apart, share %.2f", law, n, found.bimodal,
                         found.slower_share);
        }
}

static void trends(void **state) {
    (void)state;
    struct rng rng;
    unsigned wrong = 0;
    rng_seed(&rng, 3);
    for (int trial = 0; trial < 2000; trial++) {
        for (int i = 0; i < 12; i++)
            values[i] = 1 + 0.05 * normal(&rng);
        wrong += diagnose_trend(values, 12) != 0;
    }
    if (wrong > 6) /* 1 in 1000 is promised */
        fail_msg("%u of 2000 runs without one show a trend", wrong);
    for (int i = 0; i < 12; i++)
        values[i] = 2 - 0.01 * i + 0.002 * normal(&rng);
    assert_true(fabs(diagnose_trend(values, 12) + 0.11 / 1.945) < 0.01);
    for (int i = 0; i < 12; i++)
        values[i] = 1 + 0.0005 * i; /* half a per cent */
    assert_true(diagnose_trend(values, 12) == 0);
    assert_true(diagnose_trend(values, 7) == 0);
}

static void words(void **state) {
    (void)state;
    struct diagnosis found = {.bimodal = 0.213,
                              .slower_share = 0.4,
                              .between_blocks = true,
                              .warm_up = 0.02,
                              .trend = -0.014};
    char text[256], flags[128];
    diagnose_text(&found, text, sizeof text);
    assert_string_equal(text, "Two modes 21.3% apart, 40% of the samples in the slower one; each "
                              "process is in one of them. The first tenth of a block's rounds is "
                              "2.0% slower. Over the run it falls by 1.4%.");
    FILE *out = fmemopen(flags, sizeof flags, "w");
    diagnose_print_flags(&found, out);
    fclose(out);
    assert_string_equal(flags, " bimodal=21.3% warm-up=2.0% trend=-1.4%");
    found = (struct diagnosis){0};
    diagnose_text(&found, text, sizeof text);
    assert_string_equal(text, "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dip_of_known_samples), cmocka_unit_test(dip_of_the_uniform_law),
        cmocka_unit_test(modes), cmocka_unit_test(trends), cmocka_unit_test(words)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
