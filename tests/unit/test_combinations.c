/* SPDX-License-Identifier: MIT
 *
 * Whatever the rules of the advice (combinations.def) let be chosen together (sequences.def), the
 * oracle calls sound.
 */
#include <stdlib.h>
#include <string.h>

#include "advise/words.h"
#include "base/text.h"
#include "unit/cmocka_all.h"

static const struct sequence_fact facts[] = {
#define SEQUENCE(...)               {__VA_ARGS__, NULL},
#define SEQUENCE_WITH(feature, ...) {__VA_ARGS__, feature},
#include "advise/sequences.def"
#undef SEQUENCE
#undef SEQUENCE_WITH
};
static const struct combination rules[] = {
#define COMBINATION(...) {__VA_ARGS__},
#include "advise/combinations.def"
#undef COMBINATION
};

/* What the rule asks of an operation. */
static unsigned wanted(const struct combination *rule, enum kind kind) {
    return kind == KIND_LOAD    ? rule->load
           : kind == KIND_STORE ? rule->store
           : kind == KIND_FENCE ? rule->fence
                                : rule->rmw;
}

/* Of vector registers, as movaps and movdqu+mfence: the oracle's tests are of scalars. */
static bool is_vector(const char *name) {
    return strncmp(name, "vmov", 4) == 0 || (strncmp(name, "mov", 3) == 0 && name[3] > '+');
}

/* The words of all sequences that a rule lets be chosen for an operation. */
static size_t choices(const struct combination *rule, unsigned which, enum isa isa,
                      char words[][SEQUENCE_TEXT]) {
    enum kind kind = operations[searched[which].operation].kind;
    size_t count = 0;
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        unsigned bits = wanted(rule, kind);
        if (facts[i].kind != kind || !text_same(facts[i].architecture, rule->architecture) ||
            (facts[i].gives & bits) != bits || is_vector(facts[i].name))
            continue;
        words_of(which, isa, facts[i].name, words[count++]);
    }
    return count;
}

/* Judges every choice of a rule; returns how many. */
static unsigned judge_all(const struct combination *rule) {
    static char words[SEARCH_OPERATIONS][SEARCH_SEQUENCES][SEQUENCE_TEXT];
    enum isa isa = text_same(rule->architecture, "x86_64") ? ISA_X86_64 : ISA_AARCH64;
    size_t count[SEARCH_OPERATIONS], of[SEARCH_OPERATIONS] = {0}, tests;
    unsigned judged = 0;
    for (unsigned i = 0; i < SEARCH_OPERATIONS; i++) {
        count[i] = choices(rule, i, isa, words[i]);
        assert_true(count[i] > 0);
    }
    for (unsigned at = 0; at < SEARCH_OPERATIONS; judged++) {
        const char *chosen[SEARCH_OPERATIONS];
        for (unsigned i = 0; i < SEARCH_OPERATIONS; i++)
            chosen[i] = words[i][of[i]];
        const struct hole *hole = words_hole(isa, chosen);
        if (hole)
            fail_msg("%s: %s | %s | %s | %s | %s | %s breaks %s", rule->id, chosen[0], chosen[1],
                     chosen[2], chosen[3], chosen[4], chosen[5],
                     tests_all(&tests)[hole->test].name);
        for (at = 0; at < SEARCH_OPERATIONS && ++of[at] == count[at]; at++)
            of[at] = 0;
    }
    return judged;
}

static void test_rules_are_sound(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (!(rules[i].tso && text_same(rules[i].architecture, "aarch64")))
            print_message("%s: %u choices\n", rules[i].id, judge_all(&rules[i]));
}

/* The planted fault: a load that no rule allows, in the buffer that had one which is allowed. */
static void test_a_wrong_rule_is_seen(void **state) {
    (void)state;
    char load[] = "LDAPR";
    const char *const words[SEARCH_OPERATIONS] = {load,      "STLR",  "SWPAL",
                                                  "LDADDAL", "CASAL", "DMB ISH"};
    assert_null(words_hole(ISA_AARCH64, words));
    strcpy(load, "LDR");
    assert_non_null(words_hole(ISA_AARCH64, words));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rules_are_sound),
        cmocka_unit_test(test_a_wrong_rule_is_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
