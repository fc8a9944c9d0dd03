/* SPDX-License-Identifier: MIT
 *
 * Words: the nearest match that error messages offer, and the random generator against the
 * values its authors' code gives.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "stats/rng.h"

static void nearest_is_the_smallest_edit_distance(void **state) {
    (void)state;
    static const char *const words[] = {"smoke", "quick", "full"};
    assert_string_equal(text_nearest("quack", words, 3), "quick");
    assert_string_equal(text_nearest("ful", words, 3), "full");
    assert_string_equal(text_nearest("", words, 3), "full");
    assert_null(text_nearest("x", words, 0));
    char huge[1000];
    memset(huge, 'q', sizeof huge - 1);
    huge[sizeof huge - 1] = 0;
    assert_non_null(text_nearest(huge, words, 3));
}

static void signals_have_names(void **state) {
    (void)state;
    char name[32];
    assert_string_equal(text_signal(4, name, sizeof name), "SIGILL");
    assert_string_equal(text_signal(1000, name, sizeof name), "signal 1000");
}

static void lists_have_words(void **state) {
    (void)state;
    assert_true(text_listed("rw,memory", "memory"));
    assert_true(text_listed("memory,rw", "memory"));
    assert_false(text_listed("memory2,xmemory", "memory"));
    assert_false(text_listed("", "memory"));
    assert_false(text_listed(NULL, "memory"));
}

/* "a,,bc" holds an empty word, "a," one at its end, and "" is one; what is too long is cut. */
static void words_come_off_a_list(void **state) {
    (void)state;
    static const char *const lists[][5] = {
        {"a,,bc", "a", "", "bc"}, {"a,", "a", ""}, {"", ""}, {"longer,b", "lon", "b"}, {NULL}};
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        const char *rest = lists[i][0];
        char word[4];
        size_t count = 0;
        for (; text_next(&rest, word, sizeof word); count++)
            assert_string_equal(word, lists[i][1 + count]);
        assert_true(count == 4 || lists[i][1 + count] == NULL);
    }
}

/* The first outputs of splitmix64 from seed 1234567, as published with its reference code; and
 * xoshiro256** from the state {1, 2, 3, 4}. */
static void generator_is_the_published_one(void **state) {
    (void)state;
    uint64_t split = 1234567;
    assert_true(rng_split(&split) == UINT64_C(6457827717110365317));
    assert_true(rng_split(&split) == UINT64_C(3203168211198807973));
    struct rng rng = {{1, 2, 3, 4}};
    assert_true(rng_next(&rng) == 11520);
    assert_true(rng_next(&rng) == 0);
    assert_true(rng_next(&rng) == 1509978240);
    assert_true(rng_next(&rng) == UINT64_C(1215971899390074240));
}

static void shuffles_reach_every_order(void **state) {
    (void)state;
    unsigned seen[6] = {0};
    struct rng rng;
    rng_seed(&rng, 1);
    for (int i = 0; i < 6000; i++) {
        unsigned items[3] = {0, 1, 2};
        rng_shuffle(&rng, items, 3);
        seen[items[0] * 2 + (items[1] > items[2])]++;
    }
    for (int i = 0; i < 6; i++)
        assert_in_range(seen[i], 850, 1150); /* 5 standard deviations */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nearest_is_the_smallest_edit_distance),
        cmocka_unit_test(signals_have_names),
        cmocka_unit_test(lists_have_words),
        cmocka_unit_test(words_come_off_a_list),
        cmocka_unit_test(generator_is_the_published_one),
        cmocka_unit_test(shuffles_reach_every_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
