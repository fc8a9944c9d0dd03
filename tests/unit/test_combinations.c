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
    return kind == KIND_LOAD || kind == KIND_LOAD16     ? rule->load
           : kind == KIND_STORE || kind == KIND_STORE16 ? rule->store
           : kind == KIND_FENCE                         ? rule->fence
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
            (facts[i].gives & bits) != bits ||
            (which < SEARCH_OPERATIONS && is_vector(facts[i].name)))
            continue;
        words_of(which, isa, facts[i].name, words[count++]);
    }
    return count;
}

/* The next choice of the operations from `begin' to `end'; false after the last. */
static bool next_choice(const size_t count[], size_t of[], unsigned begin, unsigned end) {
    for (unsigned at = begin; at < end; at++) {
        if (++of[at] < count[at])
            return true;
        of[at] = 0;
    }
    return false;
}

/* Judges every choice of a rule, of scalars and of 16 bytes, both going on at once; returns how
 * many. */
static unsigned judge_all(const struct combination *rule) {
    static char words[JUDGED_OPERATIONS][SEARCH_SEQUENCES][SEQUENCE_TEXT];
    enum isa isa = text_same(rule->architecture, "x86_64") ? ISA_X86_64 : ISA_AARCH64;
    size_t count[JUDGED_OPERATIONS], of[JUDGED_OPERATIONS] = {0}, tests;
    unsigned judged = 0;
    for (unsigned i = 0; i < JUDGED_OPERATIONS; i++) {
        count[i] = choices(rule, i, isa, words[i]);
        assert_true(count[i] > 0);
    }
    for (bool scalars = true, wide = true; scalars || wide; judged++) {
        const char *chosen[JUDGED_OPERATIONS];
        for (unsigned i = 0; i < JUDGED_OPERATIONS; i++)
            chosen[i] = words[i][of[i]];
        const struct hole *hole = words_hole(isa, chosen);
        if (hole)
            fail_msg("%s: %s | %s | %s | %s | %s | %s | %s | %s | %s breaks %s", rule->id,
                     chosen[0], chosen[1], chosen[2], chosen[3], chosen[4], chosen[5], chosen[6],
                     chosen[7], chosen[8], tests_all(&tests)[hole->test].name);
        scalars &= next_choice(count, of, 0, SEARCH_OPERATIONS);
        wide &= next_choice(count, of, SEARCH_OPERATIONS, JUDGED_OPERATIONS);
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
    const char *const words[JUDGED_OPERATIONS] = {load,      "STLR",  "SWPAL",
                                                  "LDADDAL", "CASAL", "DMB ISH"};
    assert_null(words_hole(ISA_AARCH64, words));
    strcpy(load, "LDR");
    assert_non_null(words_hole(ISA_AARCH64, words));
}

/* Of 16 bytes, likewise: what orders nothing, and exclusives beside what is none. */
static void test_a_wrong_pair_is_seen(void **state) {
    (void)state;
    static const struct {
        const char *load, *store, *compares;
        bool sound;
    } cases[] = {
        {"ldiapp", "stilp", "caspal", true},
        {"ldaxp+stxp+cbnz", "ldp+mov+mov+caspal+cmp+ccmp+b.ne", "caspal", true},
        {"caspal", "ldxp+stlxp+cbnz", "caspal", true},
        {"ldp", "stilp", "caspal", false},
        {"casp", "stilp", "caspal", false},
        {"ldxp+stxp+cbnz", "stilp", "caspal", false},
        {"ldiapp", "stp", "caspal", false},
        {"ldiapp", "ldxp+stxp+cbnz", "caspal", false},
        {"ldiapp", "dmb.ishst+str", "caspal", false},
        {"ldiapp", "stilp", "casp", false},
        {"ldiapp", "stilp", "ldxp+cmp+ccmp+b.ne+stxp+cbnz", false},
        {"ldiapp", "stilp", "ldaxp+cmp+ccmp+b.ne+stlxp+cbnz", false},
        {"ldp+dmb.ishld", "stilp", "ldaxp+cmp+ccmp+csel+csel+stlxp+cbnz", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char wide[3][SEQUENCE_TEXT];
        words_of(SEARCH_OPERATIONS, ISA_AARCH64, cases[i].load, wide[0]);
        words_of(SEARCH_OPERATIONS + 1, ISA_AARCH64, cases[i].store, wide[1]);
        words_of(SEARCH_OPERATIONS + 2, ISA_AARCH64, cases[i].compares, wide[2]);
        const char *const words[JUDGED_OPERATIONS] = {
            "LDAPR", "STLR", "SWPAL", "LDADDAL", "CASAL", "DMB ISH", wide[0], wide[1], wide[2]};
        const struct hole *hole = words_hole(ISA_AARCH64, words);
        if (cases[i].sound != (hole == NULL))
            fail_msg("%s, %s, %s: %s", cases[i].load, cases[i].store, cases[i].compares,
                     hole ? "unsound" : "sound");
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rules_are_sound),
        cmocka_unit_test(test_a_wrong_rule_is_seen),
        cmocka_unit_test(test_a_wrong_pair_is_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
