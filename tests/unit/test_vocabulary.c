/* SPDX-License-Identifier: MIT
 *
 * test_vocabulary.c: each word is parsed into what is printed as it, and a schema allows the words
 * that are parsed and no others.
 */
#include <string.h>

#include "cmocka_all.h"
#include "samples/vocabulary.h"

#define FINDS_ITS_WORDS(type, first, words)                                                        \
    static void every_##type(void **state) {                                                       \
        (void)state;                                                                               \
        char list[] = words, *rest = list;                                                         \
        enum type value = first, parsed;                                                           \
        for (char *word; (word = strsep(&rest, " ")) != NULL; value++) {                           \
            assert_string_equal(type##_name(value), word);                                         \
            assert_true(type##_parse(word, &parsed));                                              \
            assert_int_equal(parsed, value);                                                       \
        }                                                                                          \
        parsed = first;                                                                            \
        assert_false(type##_parse("", &parsed));                                                   \
        assert_false(type##_parse("no such word", &parsed));                                       \
        assert_false(type##_parse(words, &parsed));                                                \
        assert_int_equal(parsed, first);                                                           \
        assert_int_equal(value, first##_END);                                                      \
    }

enum {
    SOURCE_MEASURED_END = SOURCE_SIMULATED + 1,
    ROLE_BASELINE_END = ROLE_FORM + 1,
    MEMMODEL_WEAK_END = MEMMODEL_COUNT,
    COVERAGE_ALL_END = COVERAGE_NONE + 1
};

FINDS_ITS_WORDS(source, SOURCE_MEASURED, SOURCE_WORDS)
FINDS_ITS_WORDS(role, ROLE_BASELINE, ROLE_WORDS)
FINDS_ITS_WORDS(memmodel, MEMMODEL_WEAK, MEMMODEL_WORDS)
FINDS_ITS_WORDS(coverage, COVERAGE_ALL, COVERAGE_WORDS)

static void none_has_no_word(void **state) {
    (void)state;
    assert_string_equal(source_name(SOURCE_NONE), "");
    assert_string_equal(role_name(ROLE_NONE), "");
    assert_string_equal(memmodel_name(MEMMODEL_NONE), "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_source),     cmocka_unit_test(every_role),
        cmocka_unit_test(every_memmodel),   cmocka_unit_test(every_coverage),
        cmocka_unit_test(none_has_no_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
