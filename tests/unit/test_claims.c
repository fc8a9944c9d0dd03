/* SPDX-License-Identifier: MIT
 *
 * The rows of claims.def and published.def, and the language they are written in.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "claims/claims.h"
#include "claims/cores.h"
#include "core/probes.h"
#include "plan/registry.h"
#include "replay/policy.h"
#include "unit/cmocka_all.h"

static bool is_known_kernel(const char *pattern) {
    char kernel[64];
    snprintf(kernel, sizeof kernel, "%.*s", (int)strcspn(pattern, "/"), pattern);
    return strchr(kernel, '*') || registry_kernel(registry_lowerings(&(size_t){0})[0], kernel);
}

/* Of replayed traces the cells are policies. */
static bool is_policy(const struct cell_name *cell) {
    size_t count;
    for (int isa = 0; isa < ISAS; isa++) {
        const struct policy *all = policies((enum isa)isa, &count);
        for (size_t i = 0; i < count; i++)
            if (strcmp(all[i].name, cell->lowering) == 0)
                return true;
    }
    return false;
}

static bool is_policies(const struct condition *condition) {
    return condition->kind != TRACES ||
           (is_policy(&condition->top) && is_policy(&condition->bottom));
}

static bool is_known_answer(const char *id) {
    bool found = false;
    for (int isa = 0; isa < ISAS; isa++) {
        size_t count;
        struct probe *probes = probes_of((enum isa)isa, NULL, &count);
        for (size_t i = 0; i < count; i++)
            found |= strcmp(probes[i].id, id) == 0;
        free(probes);
    }
    return found;
}

/* Each row has a test, of kernels and policies that there are, and words for what would test it. */
static void all_rows_make_sense(void **state) {
    (void)state;
    for (size_t i = 0; i < claim_count; i++) {
        struct expression expression;
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(claims[i].id, claims[k].id);
        assert_true(*claims[i].text && *claims[i].refuted && claims[i].source);
        const char *wrong = expression_parse(claims[i].test, &expression);
        if (wrong)
            fail_msg("claim %s: wrong from `%s'", claims[i].id, wrong);
        for (size_t k = 0; k < expression.count; k++)
            if (expression_of_sets(&expression.conditions[k]) &&
                (!is_known_kernel(expression.conditions[k].sets) ||
                 !is_policies(&expression.conditions[k])))
                fail_msg("claim %s: no such kernel or policy: %s", claims[i].id,
                         expression.conditions[k].text);
            else if (expression.conditions[k].kind == CORE &&
                     !is_known_answer(expression.conditions[k].sets))
                fail_msg("claim %s: no answer %s", claims[i].id, expression.conditions[k].sets);
        char *wanted = claims_wanted(&claims[i]);
        assert_true(strstr(wanted, " on ") && strstr(wanted, ", with "));
        char core[64];
        snprintf(core, sizeof core, "%.*s", (int)strcspn(claims[i].cores, "|"), claims[i].cores);
        assert_non_null(strstr(wanted, core + (*core == '!')));
        free(wanted);
    }
    for (size_t i = 0; i < figure_count; i++) {
        size_t k = 0;
        while (k < claim_count && strcmp(figures[i].claim, claims[k].id) != 0)
            k++;
        assert_true(k < claim_count && figures[i].value > 0);
        assert_non_null(strchr("PSM", figures[i].source->grade));
    }
    /* RESULTS.md makes one row of the rows of a core, and quotes nothing from memory. */
    for (size_t i = 0; i < known_count; i++) {
        assert_true(0 < known[i].least && known[i].least <= known[i].most && *known[i].what);
        assert_int_not_equal(known[i].source->grade, 'M');
        for (size_t k = 0; k + 1 < i; k++)
            if (strcmp(known[k].core, known[i].core) == 0)
                assert_string_equal(known[i - 1].core, known[i].core);
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
    assert_null(expression_parse("some k/*: a@weak / c@tso with x=1 > 2; event \"a b\" / c < 3; "
                                 "traces *: a@weak from m.x!=\"no one\" / a@weak from m.x=1* > 1; "
                                 "event fork in 1..5",
                                 &e));
    assert_int_equal(e.count, 4);
    assert_string_equal(e.conditions[0].with, "x=1");
    assert_string_equal(e.conditions[1].event[0], "a b");
    assert_string_equal(e.conditions[1].event[1], "c");
    assert_true(e.conditions[2].kind == TRACES && expression_of_two_runs(&e.conditions[2]));
    assert_string_equal(e.conditions[2].top.from.value, "no one");
    assert_true(e.conditions[2].top.from.other && !e.conditions[2].bottom.from.other);
    assert_string_equal(e.conditions[2].bottom.from.path, "m.x");
    assert_true(e.conditions[3].kind == EVENT && e.conditions[3].event[1][0] == 0);
    assert_null(expression_parse("core store-overlap/STR, DMB ISHST@tso > 2", &e));
    assert_true(e.conditions[0].kind == CORE && e.conditions[0].low == 2);
    assert_string_equal(e.conditions[0].sets, "store-overlap/STR, DMB ISHST");
    static const char *const wrong[] = {
        "core store-overlap/STR > 1",
        "core store-overlap/STR@tso",
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
        "every *: a@weak with x=1 / c@tso > 1",
        "every *: a@weak / c@tso with x > 1",
        "mean *: a@weak / c@tso with x=1 > 1",
        "every *: a@weak from x=1 / c@tso > 1",
        "every *: a@weak from x=1 / c@tso from x=2 with y=1 > 1",
        "every *: a@weak from x / c@tso from x=2 > 1",
        "traces *: a@weak cycles > 1",
        "event fork",
        "event \"fork < 1",
        "event fork / < 1",
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
    assert_true(cores_match("", "anything"));
    assert_true(cores_match("Apple M1*|*Cortex-X4", "Arm Cortex-X4"));
    assert_false(cores_match("Apple M1*|*Cortex-X4", "Arm Cortex-X3"));
    assert_false(cores_match("!Apple M1*|*Cortex-X4", "Apple M1 Icestorm"));
    assert_true(cores_match("!Apple M1*|*Cortex-X4", "Arm Cortex-X3"));
}

static void fields(void **state) {
    (void)state;
    static const struct {
        struct run_field field;
        bool fits;
    } cases[] = {
        {{"memory.page_kib", "4", false}, true},
        {{"memory.page_kib", "16", false}, false},
        {{"memory.page_kib", "16", true}, true},
        {{"system.kernel", "6.1*", false}, true},
        {{"environment.BOX64_PROFILE", "safest", false}, true},
        {{"environment.BOX64_PROFILE", "safest", true}, false},
        /* What is not there fits nothing. */
        {{"environment.FEX_X", "1", true}, false},
        {{"memory.nothing", "4", true}, false},
        {{"memory", "4", true}, false},
    };
    json_t *machine =
        json_loads("{\"memory\": {\"page_kib\": 4}, \"system\": {\"kernel\": \"6.18.2\"}, "
                   "\"environment\": [{\"name\": \"BOX64_PROFILE\", \"value\": \"safest\"}]}",
                   0, NULL);
    assert_non_null(machine);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (expression_field_fits(&cases[i].field, machine) != cases[i].fits)
            fail_msg("case %zu", i);
        assert_false(expression_field_fits(&cases[i].field, NULL));
    }
    json_decref(machine);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(all_rows_make_sense),
                                       cmocka_unit_test(the_language), cmocka_unit_test(verdicts),
                                       cmocka_unit_test(cores), cmocka_unit_test(fields)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
