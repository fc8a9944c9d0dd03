/* SPDX-License-Identifier: MIT
 *
 * Whole mappings: what they are judged by beside the tests of scalars, CMPXCHG16B and data under
 * synchronisation, and what languages promise.
 */
#include <stdio.h>
#include <string.h>

#include "oracle/lower.h"
#include "oracle/oracle.h"
#include "unit/cmocka_all.h"

/* The judge of whole mappings says what its parts say. */
static void judges_agree_with_comparisons(void **state) {
    (void)state;
    const struct mapping *qemu = mapping_named("dmb-qemu", ISA_AARCH64);
    const struct verdict *verdict = oracle_judge(qemu, REFERENCE_TSO);
    assert_int_equal(verdict->unsound, 4);
    assert_int_equal(verdict->over_strong, 1);
    assert_int_equal(verdict->hole_count, 2); /* CMPXCHG, and CMPXCHG16B */
    assert_int_equal(verdict->holes[0].test_ops, 1u << TEST_COMPARE_EXCHANGE);
    assert_int_equal(verdict->holes[1].test_ops, 1u << TEST_COMPARE_EXCHANGE_PAIR);
    assert_ptr_equal(oracle_hole_of_uses(verdict, USES_LOAD | USES_ADD | USES_EXCHANGE), NULL);
    assert_non_null(oracle_hole_of_uses(verdict, USES_CAS));
    assert_ptr_equal(oracle_judge(qemu, REFERENCE_TSO), verdict);
    assert_int_equal(oracle_judge(mapping_named("dmb-full", ISA_AARCH64), REFERENCE_SC)->hole_count,
                     0);
    assert_true(oracle_judge(mapping_named("ldapr-stlr", ISA_AARCH64), REFERENCE_SC)->unsound > 0);
    assert_int_equal(oracle_judge(mapping_named("sc-xchg", ISA_X86_64), REFERENCE_SC)->hole_count,
                     0);
    assert_true(oracle_judge(mapping_named("plain", ISA_X86_64), REFERENCE_SC)->unsound > 0);
    assert_int_equal(oracle_judge(mapping_named("plain", ISA_X86_64), REFERENCE_TSO)->unsound, 0);
}

static const struct test *test_named(const char *name) {
    size_t count, number = 0;
    const struct test *tests = tests_all(&count);
    while (number < count && strcmp(tests[number].name, name))
        number++;
    assert_true(number < count);
    return &tests[number];
}

static bool is_unsound(const struct mapping *mapping, const char *name) {
    size_t count, number = (size_t)(test_named(name) - tests_all(&count));
    struct lowered lowered;
    oracle_lower(mapping, number, &lowered);
    const struct comparison *result = oracle_compare(number, mapping->isa, &lowered, REFERENCE_TSO);
    assert_false(result->unknown);
    return result->unsound;
}

/* What languages ask for: loads before younger stores. Loads are in no order with loads, and stores
 * with stores only where they are releases. */
static void load_before_store_is_what_some_promise(void **state) {
    (void)state;
    static const char *const lowerings[] = {"fence-before-store", "branch-after-load",
                                            "store-release"};
    static const char *const kept[] = {"LB",       "LB+padded",  "3.LB",
                                       "LB+xchgs", "LB+xchg-rd", "LB+casfail-rd"};
    for (size_t i = 0; i < sizeof lowerings / sizeof *lowerings; i++) {
        const struct mapping *mapping = mapping_named(lowerings[i], ISA_AARCH64);
        for (size_t k = 0; k < sizeof kept / sizeof *kept; k++)
            assert_false(is_unsound(mapping, kept[k]));
        assert_true(is_unsound(mapping, "MP"));
        assert_int_equal(is_unsound(mapping, "2+2W"), strcmp(lowerings[i], "store-release") != 0);
    }
    assert_true(is_unsound(mapping_named("plain", ISA_AARCH64), "LB"));
}

/* Linux's cmpxchg() that fails branches past its barrier, and so orders nothing; others pass it. */
static void a_comparison_leaves_where_its_text_says(void **state) {
    (void)state;
    static const struct {
        const char *lowering, *branch;
        bool past;
    } cases[] = {{"linux-llsc", "CBNZ X22,L0", true}, {"ldapr-stlr-llsc-dmb", "B.NE L0", false}};
    const struct test *test = test_named("SB+cas-fail-read");
    size_t count, number = (size_t)(test - tests_all(&count));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        static char text[LOWERED_TEXT];
        char why[96];
        struct lowered lowered;
        oracle_lower(mapping_named(cases[i].lowering, ISA_AARCH64), number, &lowered);
        assert_true(lower_text(test, &lowered, "t", "", text, why, sizeof why));
        const char *branch = strstr(text, cases[i].branch), *label = strstr(text, "L0:");
        assert_true(branch && label && branch < label);
        assert_int_equal(strstr(branch, "DMB ISH") < label, cases[i].past);
    }
    const struct verdict *linux_ =
        oracle_judge(mapping_named("linux-llsc", ISA_AARCH64), REFERENCE_TSO);
    const unsigned every = USES_LOAD | USES_STORE | USES_VECTOR | USES_PAIR | USES_FENCE;
    assert_ptr_equal(oracle_hole_of_uses(linux_, every | USES_ADD | USES_EXCHANGE), NULL);
    assert_non_null(oracle_hole_of_uses(linux_, every | USES_CAS));
    const struct verdict *native =
        oracle_judge(mapping_named("native-llsc", ISA_AARCH64), REFERENCE_TSO);
    assert_ptr_equal(oracle_hole_of_uses(native, every | USES_RMW), NULL);
}

/* Whether the oracle finds a program of scalars and CMPXCHG16B that breaks the mapping. */
static bool pair_breaks(const struct mapping *mapping) {
    return oracle_hole(oracle_judge(mapping, REFERENCE_TSO), 0, 1u << TEST_COMPARE_EXCHANGE_PAIR);
}

/* Whatever the lowering, a CMPXCHG16B that orders nothing, or not to both sides, is found out, and
 * one between full barriers is not. */
static void a_weak_cmpxchg16b_breaks_every_lowering(void **state) {
    (void)state;
    static const char *const weak[] = {"CASP", "LDXP; CMP; CCMP; B.NE; STXP; CBNZ",
                                       "LDXP; CMP; CCMP; CSEL; CSEL; STXP; CBNZ",
                                       "DMB ISHLD; CASP; DMB ISHST"};
    static const char *const strong[] = {"DMB ISH; CASP; DMB ISH",
                                         "DMB ISH; LDXP; CMP; CCMP; B.NE; STXP; CBNZ; DMB ISH",
                                         "DMB ISH; LDXP; CMP; CCMP; CSEL; CSEL; STXP; CBNZ; DMB "
                                         "ISH"};
    size_t count, pairs = tests_of_pairs();
    const struct mapping *all = mapping_table(&count);
    assert_int_equal(pairs, 13);
    for (size_t i = 0; i < count; i++) {
        struct mapping mapping = all[i];
        if (mapping.isa == ISA_X86_64) {
            assert_false(pair_breaks(&mapping));
            continue;
        }
        bool every = oracle_hole(oracle_judge(&mapping, REFERENCE_TSO), 0, 0) != NULL;
        bool cas = oracle_hole(oracle_judge(&mapping, REFERENCE_TSO), 0,
                               1u << TEST_COMPARE_EXCHANGE) != NULL;
        if (!strstr(mapping.name, "linux")) /* whose cmpxchg() is weaker than what it has of 16 */
            assert_int_equal(pair_breaks(&mapping), cas);
        for (size_t k = 0; k < sizeof weak / sizeof *weak; k++) {
            mapping.sequence.compare_exchange_pair = weak[k];
            /* Between full barriers nothing is weak. */
            assert_int_equal(pair_breaks(&mapping), strcmp(mapping.name, "dmb-full") != 0);
        }
        for (size_t k = 0; k < sizeof strong / sizeof *strong; k++) {
            mapping.sequence.compare_exchange_pair = strong[k];
            assert_int_equal(pair_breaks(&mapping), every);
        }
    }
}

static bool races(const char *name, const char *data, const struct outcome *seen) {
    struct machine_program program = machine_program_of(test_named(name));
    unsigned mask = 0;
    for (; *data; data++)
        mask |= 1u << (strchr(TEST_VARIABLE_NAMES, *data) - TEST_VARIABLE_NAMES);
    bool buffered = machine_races(&program, true, mask, seen);
    assert_int_equal(machine_races(&program, false, mask, seen), buffered);
    return buffered;
}

/* Who reads the flag as it is raised, or finds the lock free, is alone with the data; and nobody
 * else is. */
static void races_are_seen(void **state) {
    (void)state;
    const struct outcome none = {0}, raised = {.seen = {{0}, {1}}}, lock = {.seen = {{1}, {1}}},
                         chain = {.seen = {{0}, {1}, {1}}};
    assert_false(races("MP", "x", &raised));
    assert_true(races("MP", "x", &none));
    assert_true(races("MP", "y", &raised));
    assert_true(races("MP", "xy", &raised));
    assert_false(races("S", "x", &raised));
    assert_false(races("LB", "x", &raised));
    assert_true(races("LB", "x", &none));
    assert_true(races("SB", "x", &none));
    assert_true(races("R", "x", &none));
    assert_false(races("ISA2", "x", &chain));
    assert_true(races("ISA2", "x", &raised));
    assert_false(races("UNLOCK-LB", "x", &lock));
    assert_false(races("MP+2data", "xz", &raised));
    /* A filter that saves time drops nothing that a run of x86 has. */
    size_t count, unraced = 0;
    const struct test *tests = tests_all(&count);
    for (size_t i = 0; i < count + tests_of_pairs(); i++)
        for (unsigned data = 1; data < tests[i].variables; data++) {
            struct machine_program program = machine_program_of(&tests[i]);
            const struct outcomes *runs = test_outcomes(i, REFERENCE_TSO);
            bool dropped = !test_may_have_data(&tests[i], data), quiet = false;
            for (size_t k = 0; k < runs->count && !quiet; k++)
                quiet = !machine_races(&program, true, data, &runs->list[k]);
            if (quiet && dropped) /* the threads have nothing of it in common, or lock it */
                for (unsigned v = 0; v < TEST_VARIABLES; v++) {
                    unsigned users = 0, writes = 0, locked = 0;
                    for (unsigned thread = 0; thread < tests[i].threads; thread++) {
                        bool uses = false;
                        for (const struct test_op *op = tests[i].ops[thread]; op->kind; op++)
                            if (op->kind != TEST_FENCE && op->variable == v) {
                                uses = true;
                                writes += op->kind != TEST_LOAD;
                                locked += op->kind != TEST_LOAD && op->kind != TEST_STORE;
                            }
                        users += uses;
                    }
                    quiet &= !(data >> v & 1) || (users > 1 && writes && !locked);
                }
            if (quiet && dropped)
                fail_msg("%s: data %x", tests[i].name, data);
            unraced += quiet && !dropped;
        }
    assert_true(unraced > 40);
}

/* What acquire and release promise of plain data around them. Judged without data, each of these
 * mistakes would pass. */
static void data_stays_on_its_side_of_synchronisation(void **state) {
    (void)state;
    static const struct {
        size_t place;
        const char *words, *test; /* NULL: it is sound */
        unsigned data;
    } cases[] = {
        {offsetof(struct sequence, store), "STR; DMB ISH", "MP", 1u << 2},
        {offsetof(struct sequence, store), "DMB ISHST; STR", "LB", 1u << 2},
        {offsetof(struct sequence, load), "DMB ISH; LDR", "MP", 1u << 2},
        {offsetof(struct sequence, load), "LDR; DMB ISHLD", NULL, 0},
        {offsetof(struct sequence, store), "DMB ISHST; STLR", NULL, 0},
        {offsetof(struct sequence, exchange), "DMB ISH; SWP; DMB ISH", NULL, 0},
        {offsetof(struct sequence, exchange), "SWPA; DMB ISH", "SB+xchg-shared", 1u << 2},
        {offsetof(struct sequence, fetch_add), "LDADDA; DMB ISH", "MP+xadd-flag", 1u << 2},
    };
    size_t count;
    const struct test *tests = tests_all(&count);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct mapping mapping = *mapping_named("native-ldapr", ISA_AARCH64);
        mapping.sequence.compare_exchange = "DMB ISH; CASAL";
        mapping.sequence.compare_exchange_pair = "DMB ISH; CASPAL";
        *(const char **)(void *)((char *)&mapping.sequence + cases[i].place) = cases[i].words;
        const struct verdict *verdict = oracle_judge(&mapping, REFERENCE_TSO);
        assert_int_equal(verdict->unsound, 0); /* of sync accesses alone */
        assert_int_equal(verdict->hole_count > 0, cases[i].test != NULL);
        if (cases[i].test == NULL)
            continue;
        assert_string_equal(tests[verdict->holes[0].test].name, cases[i].test);
        assert_int_equal(verdict->holes[0].lowered.data, cases[i].data);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(judges_agree_with_comparisons),
        cmocka_unit_test(load_before_store_is_what_some_promise),
        cmocka_unit_test(a_comparison_leaves_where_its_text_says),
        cmocka_unit_test(a_weak_cmpxchg16b_breaks_every_lowering),
        cmocka_unit_test(races_are_seen),
        cmocka_unit_test(data_stays_on_its_side_of_synchronisation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
