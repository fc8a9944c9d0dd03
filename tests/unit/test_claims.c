/* SPDX-License-Identifier: MIT
 *
 * The rows of claims.def and published.def, and the language they are written in.
 */
#include <math.h>
#include <string.h>

#include "claims/claims.h"
#include "plan/registry.h"
#include "unit/cmocka_all.h"

static bool is_known_kernel(const char *pattern) {
    char kernel[64];
    snprintf(kernel, sizeof kernel, "%.*s", (int)strcspn(pattern, "/"), pattern);
    return strchr(kernel, '*') || registry_kernel(registry_lowerings(&(size_t){0})[0], kernel);
}

/* What a row needs and is not there must be said, and not be a kernel with a wrong name. */
static void all_rows_make_sense(void **state) {
    (void)state;
    for (size_t i = 0; i < claim_count; i++) {
        struct expression expression;
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(claims[i].id, claims[k].id);
        assert_true(*claims[i].text && *claims[i].refuted && claims[i].source);
        if (strncmp(claims[i].test, "needs: ", 7) == 0)
            continue;
        const char *wrong = expression_parse(claims[i].test, &expression);
        if (wrong)
            fail_msg("claim %s: wrong from `%s'", claims[i].id, wrong);
        for (size_t k = 0; k < expression.count; k++)
            if (expression.conditions[k].kind < SEEN &&
                !is_known_kernel(expression.conditions[k].sets))
                fail_msg("claim %s: no kernel %s", claims[i].id, expression.conditions[k].sets);
    }
    for (size_t i = 0; i < figure_count; i++) {
        size_t k = 0;
        while (k < claim_count && strcmp(figures[i].claim, claims[k].id) != 0)
            k++;
        assert_true(k < claim_count && figures[i].value > 0);
        assert_non_null(strchr("PSM", figures[i].source->grade));
    }
}

static void the_language(void **state) {
    (void)state;
    struct expression e;
    assert_null(expression_parse("every memcpy/*: a@weak / b@tso in 0.9..1.1; "
                                 "some *: a@weak cycles > 2; mean *: a@tso / b@tso < 1e1; "
                                 "litmus MP@tso unseen 1e8",
                                 &e));
    assert_int_equal(e.count, 4);
    assert_string_equal(e.conditions[0].bottom.lowering, "b");
    assert_true(e.conditions[0].low == 0.9 && e.conditions[0].high == 1.1);
    assert_true(e.conditions[1].bottom.lowering[0] == 0 && isinf(e.conditions[1].high));
    assert_true(e.conditions[2].kind == MEAN && e.conditions[2].high == 10);
    assert_string_equal(e.conditions[2].text, "mean *: a@tso / b@tso < 1e1");
    assert_true(e.conditions[3].kind == UNSEEN && e.conditions[3].runs == 1e8);
    static const char *const wrong[] = {
        "",
        "all *: a@weak / c@tso > 1",
        "every *: a@weka / c@tso > 1",
        "every *: a@weak / c@tso",
        "every *: a / c@tso > 1",
        "every *: a@weak / c@tso > one",
        "every *: a@weak / c@tso in 2..1",
        "every *: a@weak / c@tso > 1 or so",
        "mean *: a@weak cycles > 1",
        "litmus MP@tso unseen",
        "every *: a@weak / c@tso > 1;",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        if (expression_parse(wrong[i], &e) == NULL)
            fail_msg("`%s' was taken", wrong[i]);
}

/* An interval and a threshold, by hand. The floor and the number of comparisons widen it. */
static void verdicts(void **state) {
    (void)state;
    static const struct {
        const char *test;
        double low, high, floor;
        size_t comparisons;
        enum verdict verdict;
        const char *why;
    } cases[] = {
        {"> 1.2", 1.25, 1.35, 0, 1, HOLDS, ""},
        {"> 1.2", 1.05, 1.15, 0, 1, REFUTED, ""},
        {"> 1.2", 1.15, 1.25, 0, 1, UNDECIDED, "the interval is too wide"},
        {"> 1.2", 1.25, 1.35, 0.05, 1, UNDECIDED, "inside the floor"},
        {"> 1.2", 1.25, 1.35, 0.01, 1, HOLDS, ""},
        {"> 1.2", 1.22, 1.35, 0, 100, UNDECIDED,
         "the interval is too wide for so many comparisons"},
        {"< 1.02", 0.99, 1.01, 0, 1, HOLDS, ""},
        {"in 0.9..1.1", 0.95, 1.05, 0, 1, HOLDS, ""},
        {"in 0.9..1.1", 1.05, 1.15, 0, 1, UNDECIDED, "the interval is too wide"},
        {"in 0.9..1.1", 1.15, 1.25, 0, 1, REFUTED, ""},
        {"in 0.9..1.1", 0.5, 1.5, 0, 1, UNDECIDED, "the interval is too wide"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[96];
        struct expression e;
        snprintf(text, sizeof text, "every *: a@weak / c@tso %s", cases[i].test);
        assert_null(expression_parse(text, &e));
        struct measure measure = {
            .value = {sqrt(cases[i].low * cases[i].high), cases[i].low, cases[i].high, 12},
            .floor = cases[i].floor};
        struct finding finding = {.condition = &e.conditions[0],
                                  .measures = &measure,
                                  .count = 1,
                                  .comparisons = cases[i].comparisons};
        expression_judge(&finding, cases[i].comparisons);
        if (finding.verdict != cases[i].verdict || strcmp(finding.why, cases[i].why) != 0)
            fail_msg("case %zu: %s (%s)", i, claims_verdict_name(finding.verdict), finding.why);
    }
}

static void cores(void **state) {
    (void)state;
    assert_true(claims_core_matches("", "anything"));
    assert_true(claims_core_matches("Apple M1*|*Cortex-X4", "Arm Cortex-X4"));
    assert_false(claims_core_matches("Apple M1*|*Cortex-X4", "Arm Cortex-X3"));
    assert_false(claims_core_matches("!Apple M1*|*Cortex-X4", "Apple M1 Icestorm"));
    assert_true(claims_core_matches("!Apple M1*|*Cortex-X4", "Arm Cortex-X3"));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(all_rows_make_sense),
                                       cmocka_unit_test(the_language), cmocka_unit_test(verdicts),
                                       cmocka_unit_test(cores)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
