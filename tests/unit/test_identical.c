/* SPDX-License-Identifier: MIT */
/* test_identical.c: what a run says of the same code under two names, with numbers that can be
 * checked by hand. */
#include <math.h>

#include "fakes/made_run.h"
#include "selftest/identical.h"
#include "unit/cmocka_all.h"

/* The twin and native are slower by 1 % in all blocks; native of dekker_lock has a fence. */
static const struct made_cell cells[] = {
    {"plain", "baseline", "fixed-tso", "true", 100, "1000,1000,1000,1000,1000"},
    {"plain", "aa", "fixed-tso", "true", 100, "1000,1000,1000,1000,1000"},
    {"plain", "twin", "fixed-tso", "true", 100, "1010,1010,1010,1010,1010"},
    {"native", "lowering", "fixed-tso", "true", 100, "1010,1010,1010,1010,1010"},
};
enum { CELLS = sizeof cells / sizeof cells[0] };

static void assert_pairs(const struct identical *found, size_t sets, size_t excluding,
                         double mean) {
    assert_int_equal(found->sets, sets);
    assert_int_equal(found->excluding, excluding);
    assert_true(isnan(mean) ? isnan(found->mean) : fabs(found->mean - mean) < 1e-9);
}

static void the_same_code_under_two_names(void **state) {
    (void)state;
    made_append(MADE_BEGIN);
    for (unsigned b = 0; b < 3; b++) {
        made_block("memcpy", 1, b, cells, CELLS, "");
        made_block("dekker_lock", 2, b, cells, CELLS, "");
    }
    made_append(MADE_END);
    struct samples *run = samples_read(made_directory);
    struct summary *summary = summary_build(run);
    struct identical aa = identical_of(summary, IDENTICAL_AA, NULL, "x86_64");
    struct identical twin = identical_of(summary, IDENTICAL_TWIN, NULL, "x86_64");
    struct identical one = identical_of(summary, IDENTICAL_TWIN, "memcpy", "x86_64");
    struct identical native = identical_of(summary, IDENTICAL_NATIVE, NULL, "x86_64");
    struct identical other = identical_of(summary, IDENTICAL_NATIVE, NULL, "aarch64");
    assert_pairs(&aa, 2, 0, 1);
    assert_pairs(&twin, 2, 2, 1.01);
    assert_pairs(&one, 1, 1, 1.01);
    assert_pairs(&native, 1, 1, 1.01); /* not that of the kernel with a fence */
    assert_pairs(&other, 0, 0, NAN);
    summary_free(summary);
    samples_free(run);
}

/* Two sets: the mean of 1 % and 3 %, half their distance as its standard error, and the weighted
 * mean near the set whose blocks agree. */
static void means_and_their_errors(void **state) {
#define FIVE(ticks) ticks "," ticks "," ticks "," ticks "," ticks
    static const char *const twins[2][3] = {{FIVE("100900"), FIVE("101000"), FIVE("101100")},
                                            {FIVE("100000"), FIVE("103000"), FIVE("106090")}};
    struct made_cell scattered[] = {{"plain", "baseline", "fixed-tso", "true", 100, FIVE("100000")},
                                    {"plain", "aa", "fixed-tso", "true", 100, FIVE("100000")},
                                    {"plain", "twin", "fixed-tso", "true", 100, ""}};
    (void)state;
    made_append(MADE_BEGIN);
    for (unsigned b = 0; b < 3; b++)
        for (unsigned set = 0; set < 2; set++) {
            scattered[2].ticks = twins[set][b];
            made_block(set ? "triad" : "memcpy", 1, b, scattered, 3, "");
        }
    made_append(MADE_END);
    struct samples *run = samples_read(made_directory);
    struct summary *summary = summary_build(run);
    struct identical twin = identical_of(summary, IDENTICAL_TWIN, NULL, "x86_64");
    assert_int_equal(twin.sets, 2);
    assert_true(fabs(log(twin.mean) - log(1.01 * 1.03) / 2) < 1e-5);
    assert_true(fabs(twin.error - log(1.03 / 1.01) / 2) < 1e-5);
    assert_true(fabs(log(twin.weighted) - log(1.01)) < 1e-4);
    assert_true(twin.weighted_error > 0 && twin.weighted_error < twin.error);
    struct identical aa = identical_of(summary, IDENTICAL_AA, NULL, "x86_64");
    assert_true(aa.mean == 1 && aa.error == 0 && isnan(aa.weighted)); /* no width, no weight */
    summary_free(summary);
    samples_free(run);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_same_code_under_two_names, made_begin, made_end),
        cmocka_unit_test_setup_teardown(means_and_their_errors, made_begin, made_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
