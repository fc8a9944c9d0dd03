/* SPDX-License-Identifier: MIT
 *
 * Knees that are planted are found where they are; two, none, a bend or noise only are no answer;
 * and the interval holds what was planted.
 */
#include "stats/knee.h"

#include <math.h>

#include "stats/rng.h"
#include "unit/cmocka_all.h"

enum { BLOCKS = 8, MOST = 704 };

static const double least = 0.25;

static double gauss(struct rng *rng) {
    return sqrt(-2 * log(1 - rng_double(rng))) * cos(2 * M_PI * rng_double(rng));
}

/* A curve of 100 that bends a little, and rises by so much after the points first and second
 * (0: not), with noise of so much of it, in each block another. */
struct planted {
    size_t points, first, second, wide;
    double rise, noise;
};

static void plant(struct planted what, struct rng *rng, double *values) {
    for (size_t b = 0; b < BLOCKS; b++) {
        double level = 100 * (1 + what.noise * gauss(rng));
        for (size_t p = 0; p < what.points; p++) {
            double y = level * (1 + 1e-4 * (double)p);
            if (p > what.points / 3) /* a bend */
                y += level * 2e-4 * (double)(p - what.points / 3);
            double part = p <= what.first ? 0 : (double)(p - what.first) / (double)(what.wide + 1);
            y += what.first ? level * what.rise * fmin(part, 1) : 0;
            y += what.second && p > what.second ? level * what.rise : 0;
            values[b * what.points + p] = y * (1 + what.noise * gauss(rng));
        }
    }
}

static struct knee find(struct planted what, uint64_t seed) {
    static double values[BLOCKS * MOST];
    struct rng rng;
    rng_seed(&rng, seed);
    plant(what, &rng, values);
    return knee_find(values, BLOCKS, what.points, least, seed);
}

static void one_knee_is_found(void **state) {
    static const size_t places[] = {3, 16, 44, 64, 72, 112, 180, 254, 510};
    static const double noises[] = {0, 0.001, 0.01, 0.05};
    (void)state;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        for (size_t k = 0; k < sizeof noises / sizeof *noises; k++) {
            size_t points = places[i] < 100 ? 192 : MOST;
            struct knee knee = find(
                (struct planted){
                    .points = points, .first = places[i], .rise = 0.8, .noise = noises[k]},
                100 * i + k);
            if (knee.count != 1 || knee.last + 1 < places[i] || knee.last > places[i] + 1)
                fail_msg("%zu, noise %g: %u knees, the first at %zu", places[i], noises[k],
                         knee.count, knee.last);
            assert_true(knee.low <= knee.last && knee.last <= knee.high);
            assert_true(knee.after - knee.before > least * knee.before);
        }
}

/* The interval holds the truth as often as it says, and is no wider than it must be. */
static void the_interval_holds_it(void **state) {
    enum { TRIALS = 60 };
    unsigned held = 0, wide = 0;
    (void)state;
    for (unsigned i = 0; i < TRIALS; i++) {
        struct knee knee = find(
            (struct planted){.points = 128, .first = 64, .rise = 0.5, .noise = 0.15}, 1000 + i);
        held += knee.count == 1 && knee.low <= 64 && 64 <= knee.high;
        wide += knee.count == 1 && knee.high - knee.low > 12;
    }
    if (held < TRIALS * 9 / 10 || wide > TRIALS / 10)
        fail_msg("held in %u of %u, wide in %u", held, TRIALS, wide);
}

static void a_slow_rise_is_one_knee(void **state) {
    (void)state;
    struct knee knee = find(
        (struct planted){.points = 192, .first = 60, .wide = 5, .rise = 0.8, .noise = 0.002}, 5);
    assert_int_equal(knee.count, 1);
    assert_true(knee.low <= 61 && knee.high >= 62 && knee.high <= 68);
}

static void no_answer(const char *what, struct planted planted) {
    for (unsigned seed = 0; seed < 10; seed++) {
        struct knee knee = find(planted, seed);
        if (knee.count == 1)
            fail_msg("%s: a knee at %zu of %zu", what, knee.last, planted.points);
    }
}

static void two_knees_are_two(void **state) {
    (void)state;
    const struct planted two = {
        .points = 320, .first = 64, .second = 200, .rise = 0.5, .noise = 0.005};
    no_answer("two knees", two);
    struct knee knee = find(two, 1);
    assert_int_equal(knee.count, 2);
    assert_in_range(knee.last, 63, 65);
    assert_in_range(knee.second, 199, 201);
}

static void nothing_is_nothing(void **state) {
    static const double noises[] = {0, 0.001, 0.02, 0.1, 0.3};
    (void)state;
    for (size_t i = 0; i < sizeof noises / sizeof *noises; i++) {
        no_answer("no knee", (struct planted){.points = MOST, .noise = noises[i]});
        no_answer(
            "a knee of a tenth",
            (struct planted){.points = 192, .first = 64, .rise = 0.1, .noise = noises[i] / 20});
    }
    no_answer("a step down",
              (struct planted){.points = 192, .first = 64, .rise = -0.5, .noise = 0.01});
}

static void few_points(void **state) {
    (void)state;
    for (size_t points = 1; points < 9; points++)
        no_answer("few points", (struct planted){.points = points, .noise = 0.01});
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_knee_is_found),       cmocka_unit_test(the_interval_holds_it),
        cmocka_unit_test(a_slow_rise_is_one_knee), cmocka_unit_test(two_knees_are_two),
        cmocka_unit_test(nothing_is_nothing),      cmocka_unit_test(few_points),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
