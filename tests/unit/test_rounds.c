// SPDX-License-Identifier: MIT
//
// How many rounds a block has, chosen by Google Benchmark or in its place: the same promises.
#include "block/gb_shim.h"
#include "unit/cmocka_all.h"

struct passes {
    long passes, begun, done; /* rounds of the last pass, as they were said and as they came */
    double each, took;        /* seconds: of a round, and of the last pass */
};

static void begin(void *context, long rounds) {
    struct passes *passes = context;
    passes->passes++;
    passes->begun = rounds;
    passes->done = 0;
    passes->took = 0;
}

static double one_round(void *context) {
    struct passes *passes = context;
    passes->done++;
    passes->took += passes->each;
    return passes->each;
}

static const struct gb_callbacks callbacks = {begin, one_round};

static void as_many_as_asked(void **state) {
    (void)state;
    struct passes passes = {.each = 1e-6};
    assert_int_equal(gb_run("fixed", 37, 100, &callbacks, &passes), 37);
    assert_int_equal(passes.passes, 1);
    assert_int_equal(passes.begun, 37);
    assert_int_equal(passes.done, 37);
}

/* Whatever a round takes, the last pass is the one that counts: long enough, not much longer. */
static void as_many_as_fill_the_time(void **state) {
    (void)state;
    for (double each = 1e-6; each < 1; each *= 7) {
        struct passes passes = {.each = each};
        long rounds = gb_run("grown", 0, 0.05, &callbacks, &passes);
        assert_int_equal(rounds, passes.begun);
        assert_int_equal(rounds, passes.done);
        assert_true(passes.took >= 0.05);
        assert_true(rounds == 1 || passes.took < 0.05 * 2);
        assert_true(passes.passes <= 8);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_many_as_asked),
        cmocka_unit_test(as_many_as_fill_the_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
