/* SPDX-License-Identifier: MIT
 *
 * Litmus tests: code and data come from the same row and mean the same; what TSO forbids is
 * computed as the literature has it; a program that is wrong on purpose is caught; a verdict says
 * no more than was seen; herd7's text is what it should be.
 */
/* MEASURES: what two CPUs see of each other */
/* LINK: -Wl,--wrap=memmodel_set */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "litmus/litmus_case.h"
#include "machine/feature.h"
#include "machine/topology.h"
#include "mapping/mapping.h"
#include "plan/registry.h"
#include "unit/cmocka_all.h"

enum { MOST_TESTS = 64 };

static size_t test_named(const char *name) {
    for (size_t test = 0; test < litmus_test_count; test++)
        if (strcmp(litmus_tests[test].name, name) == 0)
            return test;
    fail_msg("no test %s", name);
    return 0;
}

/* Switches are only noted. */
static _Thread_local enum memmodel model_now;
static int refusal;

int __wrap_memmodel_set(enum memmodel model);
int __wrap_memmodel_set(enum memmodel model) {
    model_now = model;
    return refusal;
}

static void rules_are_what_the_abstract_machine_finds(void **state) {
    (void)state;
    for (size_t test = 0; test < litmus_test_count; test++) {
        const struct litmus_view *view = litmus_view(test);
        bool tso = false, sc = false;
        for (unsigned outcome = 0; outcome < LITMUS_OUTCOMES; outcome++) {
            bool counted = litmus_matches(view, outcome) && outcome < 1u << 2 * view->cell_count;
            tso |= counted && view->tso[outcome];
            sc |= counted && view->sc[outcome];
            assert_true(view->tso[outcome] || !view->sc[outcome]);
        }
        if (tso != (view->test->rule == TSO_ALLOWS) || sc)
            fail_msg("%s: TSO %d, SC %d", view->test->name, tso, sc);
    }
}

static void some_outcome_sets_are_known(void **state) {
    (void)state;
    const struct litmus_view *sb = litmus_view(test_named("SB"));
    const struct litmus_view *casfail = litmus_view(test_named("MP+rd-casfail-data"));
    char text[64];
    unsigned tso = 0, sc = 0;
    for (unsigned outcome = 0; outcome < LITMUS_OUTCOMES; outcome++) {
        tso += sb->tso[outcome];
        sc += sb->sc[outcome];
    }
    assert_int_equal(tso, 4);
    assert_int_equal(sc, 3);
    assert_int_equal(sb->uses, USES_LOAD | USES_STORE);
    assert_int_equal(casfail->uses, USES_LOAD | USES_STORE | USES_CAS);
    litmus_outcome_text(casfail, 1 | 0 << 2 | 3 << 4, text, sizeof text);
    assert_string_equal(text, "1:r0=1 1:r1=0 x=?");
}

static bool available(const struct lowering *lowering, const struct litmus_view *view) {
    unsigned needs = lowering->needs | (view->uses & USES_RMW ? lowering->rmw_needs : 0);
    return (needs & ~feature_detect()) == 0;
}

/* One thread after the other, in every order: each such outcome is sequentially consistent. */
static void run_in_order(const struct lowering *lowering, size_t test, unsigned done,
                         uint64_t *const at[], uint64_t seen[][LITMUS_REGISTERS]) {
    const struct litmus_view *view = litmus_view(test);
    uint64_t memory[LITMUS_VARIABLES];
    for (unsigned thread = 0; thread < view->threads; thread++) {
        if (done & 1u << thread)
            continue;
        for (unsigned v = 0; v < LITMUS_VARIABLES; v++)
            memory[v] = *at[v];
        lowering->litmus[test][thread](at, seen[thread]);
        run_in_order(lowering, test, done | 1u << thread, at, seen);
        for (unsigned v = 0; v < LITMUS_VARIABLES; v++)
            *at[v] = memory[v];
    }
    if (done + 1 != 1u << view->threads)
        return;
    unsigned outcome = 0;
    for (unsigned c = 0; c < view->cell_count; c++) {
        const struct litmus_cell *cell = &view->cells[c];
        uint64_t value = cell->final ? *at[cell->variable] : seen[cell->thread][cell->slot];
        assert_true(value < 3);
        outcome |= (unsigned)value << 2 * c;
    }
    if (!view->sc[outcome])
        fail_msg("%s under %s", view->test->name, lowering->name);
}

static void code_and_data_mean_the_same(void **state) {
    (void)state;
    size_t count;
    const struct lowering *const *lowerings = registry_lowerings(&count);
    for (size_t i = 0; i < count; i++)
        for (size_t test = 0; test < litmus_test_count; test++) {
            uint64_t memory[LITMUS_VARIABLES] LINE_ALIGNED = {0};
            uint64_t *at[LITMUS_VARIABLES], seen[LITMUS_THREADS][LITMUS_REGISTERS] = {{0}};
            for (unsigned v = 0; v < LITMUS_VARIABLES; v++)
                at[v] = &memory[v];
            if (available(lowerings[i], litmus_view(test)))
                run_in_order(lowerings[i], test, 0, at, seen);
        }
}

/* Runs on two CPUs, or skips. */
static void run_pair(const struct litmus_job *job, double seconds, struct litmus_counts *counts,
                     int expected) {
    char why[128];
    unsigned cpu_count;
    const unsigned *cpus = topology_cpus(&cpu_count);
    memset(counts, 0, sizeof *counts);
    if (cpu_count < 2)
        skip();
    struct crew *crew = crew_start(cpus, 2, why, sizeof why);
    assert_non_null(crew);
    struct litmus *litmus = litmus_open(crew, 1);
    assert_int_equal(litmus_run(litmus, job, UINT64_MAX, seconds, counts), expected);
    litmus_close(litmus);
    crew_stop(crew);
}

static struct litmus_job job_of(const char *test, const struct lowering *lowering,
                                enum memmodel model) {
    struct litmus_job job = {.test = test_named(test), .lowering = lowering};
    for (int thread = 0; thread < LITMUS_THREADS; thread++)
        job.model[thread] = model;
    return job;
}

/* plain, but with other bodies for the first two threads of a test. */
static const struct lowering *replaced(const char *test, litmus_body *first, litmus_body *second) {
    static struct lowering lowering;
    static litmus_body *bodies[MOST_TESTS][LITMUS_THREADS];
    assert_true(litmus_test_count <= MOST_TESTS);
    lowering = *registry_lowering("plain");
    memcpy(bodies, lowering.litmus, litmus_test_count * sizeof *bodies);
    if (first)
        bodies[test_named(test)][0] = first;
    if (second)
        bodies[test_named(test)][1] = second;
    lowering.litmus = bodies;
    return &lowering;
}

/* What a compiler may make of MP's stores and loads when nothing holds it back. */
static void stores_swapped(uint64_t *const at[], uint64_t seen[]) {
    (void)seen;
    *(volatile uint64_t *)at[1] = 1;
    *(volatile uint64_t *)at[0] = 1;
}

static void loads_swapped(uint64_t *const at[], uint64_t seen[]) {
    seen[1] = *(volatile uint64_t *)at[0];
    seen[0] = *(volatile uint64_t *)at[1];
}

static void a_wrong_order_is_caught(void **state) {
    (void)state;
    litmus_body *const wrong[][2] = {{stores_swapped, NULL}, {NULL, loads_swapped}};
    for (int i = 0; i < 2; i++) {
        struct litmus_counts counts;
        char text[256];
        struct litmus_case one;
        const struct lowering *lowering = replaced("MP", wrong[i][0], wrong[i][1]);
        litmus_case_make(&one, test_named("MP"), lowering, MEMMODEL_FIXED_TSO);
        run_pair(&one.job, 1, &counts, 0);
        one.counts = counts;
        assert_true(litmus_forbidden(one.view, &counts) > 0);
        assert_false(litmus_verdict(&one, text, sizeof text));
        assert_non_null(strstr(text, "this is not TSO"));
    }
}

static void the_right_order_is_not(void **state) {
    (void)state;
    struct litmus_counts counts;
    const struct lowering *plain = registry_lowering("plain");
    struct litmus_job mp = job_of("MP", plain, MEMMODEL_FIXED_TSO);
    struct litmus_job sb = job_of("SB", plain, MEMMODEL_FIXED_TSO);
    run_pair(&mp, 1, &counts, 0);
    assert_true(counts.runs >= 256);
    assert_int_equal(litmus_relaxed(litmus_view(mp.test), &counts), 0);
    run_pair(&sb, 1, &counts, 0);
    assert_int_equal(litmus_forbidden(litmus_view(sb.test), &counts), 0);
    assert_true(litmus_relaxed(litmus_view(sb.test), &counts) > 0);
}

static void tell_model(uint64_t *const at[], uint64_t seen[]) {
    (void)at;
    seen[0] = model_now == MEMMODEL_TSO;
}

static void each_thread_of_a_test_has_its_own_model(void **state) {
    (void)state;
    const struct lowering *lowering = replaced("SB", tell_model, tell_model);
    for (int alone = 0; alone < 2; alone++) {
        struct litmus_case one;
        struct litmus_counts counts;
        litmus_case_make(&one, test_named("SB"), lowering, LITMUS_ONE_SIDED - alone);
        assert_string_equal(one.model, alone ? "tso:1" : "tso:0");
        assert_false(one.promised);
        run_pair(&one.job, 0.1, &counts, 0);
        assert_int_equal(counts.outcomes[1u << 2 * alone], counts.runs);
    }
}

static void a_refused_model_runs_nothing(void **state) {
    (void)state;
    struct litmus_counts counts;
    struct litmus_job job = job_of("SB", registry_lowering("plain"), MEMMODEL_TSO);
    refusal = -EINVAL;
    run_pair(&job, 0.1, &counts, -EINVAL);
    refusal = 0;
    assert_int_equal(counts.runs, 0);
}

static struct litmus_case seen(const char *test, const struct lowering *lowering, int model,
                               unsigned outcome, uint64_t times) {
    struct litmus_case one;
    litmus_case_make(&one, test_named(test), lowering, model);
    one.counts.outcomes[outcome] = times;
    one.counts.outcomes[0] += 12345678 - times;
    one.counts.runs = 12345678;
    return one;
}

static void expect_verdict(const struct litmus_case *one, bool kept, const char *wanted) {
    char text[256];
    assert_int_equal(litmus_verdict(one, text, sizeof text), kept);
    assert_string_equal(text, wanted);
}

static void verdicts_claim_what_was_seen(void **state) {
    (void)state;
#ifdef __aarch64__
    const struct lowering *sound = registry_lowering("dmb-full");
#else
    const struct lowering *sound = registry_lowering("sc-mfence");
#endif
    const struct lowering *unsound = registry_lowering("plain");
    const struct lowering *native = registry_lowering("native");
    struct litmus_case one = seen("MP", sound, MEMMODEL_WEAK, 1, 0);
    expect_verdict(&one, true, "TSO-forbidden outcome never seen in 12,345,678 runs");
    one = seen("MP", sound, MEMMODEL_WEAK, 1, 12); /* 1:r0=1 1:r1=0 */
    expect_verdict(&one, false,
                   "TSO-forbidden outcome seen 12 times in 12,345,678 runs: this is not TSO");
    one = seen("MP", unsound, MEMMODEL_TSO, 1, 1);
    assert_true(one.promised);
    one = seen("MP", unsound, MEMMODEL_WEAK, 1, 1234);
    assert_int_equal(one.promised, isa_here() == ISA_X86_64);
    one.promised = false;
    expect_verdict(&one, true,
                   "TSO-forbidden outcome seen 1,234 times in 12,345,678 runs: this is not TSO; "
                   "the lowering is unsound in weak mode");
    one = seen("MP", native, MEMMODEL_WEAK, 1, 2);
    expect_verdict(&one, true,
                   "TSO-forbidden outcome seen 2 times in 12,345,678 runs: this is not TSO; "
                   "a data race, of which native code promises nothing");
    one = seen("MP", sound, LITMUS_ONE_SIDED - 1, 1, 2);
    expect_verdict(&one, true,
                   "TSO-forbidden outcome seen 2 times in 12,345,678 runs: this is not TSO; "
                   "nothing is promised of such a pair");
    one = seen("CoRR", unsound, MEMMODEL_WEAK, 1, 1);
    expect_verdict(&one, false,
                   "outcome that every memory model forbids seen 1 times in 12,345,678 runs: "
                   "machine or program is broken");
    one = seen("SB", unsound, MEMMODEL_WEAK, 3, 1); /* a 3 that nobody stored */
    assert_int_equal(litmus_impossible(one.view, &one.counts), 1);
    one = seen("SB", sound, MEMMODEL_WEAK, 1, 12345678 - 123456);
    expect_verdict(
        &one, true,
        "relaxed outcome, which TSO allows, seen 123,456 times in 12,345,678 runs (1 %)");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_are_what_the_abstract_machine_finds),
        cmocka_unit_test(some_outcome_sets_are_known),
        cmocka_unit_test(code_and_data_mean_the_same),
        cmocka_unit_test(a_wrong_order_is_caught),
        cmocka_unit_test(the_right_order_is_not),
        cmocka_unit_test(each_thread_of_a_test_has_its_own_model),
        cmocka_unit_test(a_refused_model_runs_nothing),
        cmocka_unit_test(verdicts_claim_what_was_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
