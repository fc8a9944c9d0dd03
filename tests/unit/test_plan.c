/* SPDX-License-Identifier: MIT
 *
 * Plans: which cells a set has on machines of every kind, and what is skipped and why.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "plan/plan.h"
#include "plan/registry.h"

static struct plan_request machine(const char *suite) {
    struct plan_request request = {.suite = plan_suite(suite), .cpu_count = 2, .features = ~0u};
    for (int i = 0; i < 4; i++)
        request.level[i].bytes = UINT64_C(16384) << 3 * i;
    request.model[MEMMODEL_FIXED_TSO] = true;
    return request;
}

static unsigned count(const struct set *set, enum role role, enum memmodel model) {
    unsigned found = 0;
    for (unsigned i = 0; i < set->cell_count; i++)
        found += set->cells[i].role == role && set->cells[i].model == model;
    return found;
}

static void smoke_has_every_kernel_and_lowering(void **state) {
    (void)state;
    struct plan_request request = machine("smoke");
    struct plan plan = plan_make(&request);
    size_t lowerings;
    const struct lowering *const *all = registry_lowerings(&lowerings);
    for (const struct kernel *const *kernel = all[0]->kernels; *kernel; kernel++) {
        size_t found = 0;
        for (size_t i = 0; i < plan.count; i++) {
            if (strcmp(plan.sets[i].kernel->name, (*kernel)->name))
                continue;
            found++;
            assert_string_equal(plan.sets[i].skip, "");
            assert_int_equal(plan.sets[i].cells[0].role, ROLE_BASELINE);
            assert_int_equal(count(&plan.sets[i], ROLE_AA, MEMMODEL_FIXED_TSO), 1);
            assert_int_equal(count(&plan.sets[i], ROLE_TWIN, MEMMODEL_FIXED_TSO), 1);
            assert_int_equal(count(&plan.sets[i], ROLE_LOWERING, MEMMODEL_FIXED_TSO),
                             (*kernel)->forms_only ? 0 : lowerings - 1);
        }
        assert_true(found > 0);
    }
    plan_free(&plan);
}

/* Lowerings of weight 1 are not in the quick suite, and in the full one. */
static void the_quick_suite_has_the_main_lowerings(void **state) {
    (void)state;
    size_t lowerings;
    const struct lowering *const *all = registry_lowerings(&lowerings);
    const char *const suites[] = {"quick", "full"};
    for (unsigned s = 0; s < 2; s++) {
        struct plan_request request = machine(suites[s]);
        struct plan plan = plan_make(&request);
        unsigned wanted = 0;
        for (size_t i = 1; i < lowerings; i++)
            wanted += all[i]->weight <= s;
        for (size_t i = 0; i < plan.count; i++)
            if (plan.sets[i].skip[0] == 0 && !plan.sets[i].kernel->forms_only)
                assert_int_equal(count(&plan.sets[i], ROLE_LOWERING, MEMMODEL_FIXED_TSO), wanted);
        plan_free(&plan);
    }
}

static void suites_grow(void **state) {
    (void)state;
    size_t sizes[3];
    for (int i = 0; i < 3; i++) {
        struct plan_request request = machine(plan_suites[i].name);
        struct plan plan = plan_make(&request);
        sizes[i] = plan.count;
        for (size_t j = 0; j < plan.count; j++)
            for (size_t k = 0; k < j; k++)
                assert_string_not_equal(plan.sets[j].name, plan.sets[k].name);
        plan_free(&plan);
    }
    /* Smoke has every kernel, quick every family. */
    assert_true(sizes[0] < sizes[2] && sizes[1] < sizes[2]);
    assert_null(plan_suite("huge"));
}

/* With a switch, every lowering stands under both models, and plain under TSO is the baseline. */
static void a_switch_doubles_the_cells(void **state) {
    (void)state;
    struct plan_request request = machine("smoke");
    request.model[MEMMODEL_FIXED_TSO] = false;
    request.model[MEMMODEL_WEAK] = request.model[MEMMODEL_TSO] = true;
    struct plan plan = plan_make(&request);
    size_t lowerings;
    registry_lowerings(&lowerings);
    const struct set *set = &plan.sets[0];
    assert_int_equal(set->cells[0].model, MEMMODEL_TSO);
    assert_int_equal(count(set, ROLE_LOWERING, MEMMODEL_WEAK), lowerings);
    assert_int_equal(count(set, ROLE_LOWERING, MEMMODEL_TSO), lowerings - 1);
    assert_int_equal(plan_sound(set, &set->cells[0]), 1);
    plan_free(&plan);

    request.model[MEMMODEL_TSO] = false;
    plan = plan_make(&request);
    assert_int_equal(plan.sets[0].cells[0].model, MEMMODEL_WEAK);
    plan_free(&plan);
}

/* Forms stand under both models, as the plain one does; they are no lowerings to be judged. */
static void forms_are_in_every_model(void **state) {
    (void)state;
    struct plan_request request = machine("smoke");
    request.model[MEMMODEL_FIXED_TSO] = false;
    request.model[MEMMODEL_WEAK] = request.model[MEMMODEL_TSO] = true;
    struct plan plan = plan_make(&request);
    plan_filter(&plan, "^load_forms/");
    const struct set *set = &plan.sets[0];
    assert_int_equal(count(set, ROLE_LOWERING, MEMMODEL_WEAK), 1);
    assert_int_equal(count(set, ROLE_LOWERING, MEMMODEL_TSO), 0);
    unsigned forms = count(set, ROLE_FORM, MEMMODEL_WEAK);
    assert_true(forms > 0);
    assert_int_equal(count(set, ROLE_FORM, MEMMODEL_TSO), forms);
    for (unsigned i = 0; i < set->cell_count; i++)
        assert_int_equal(plan_sound(set, &set->cells[i]), -1);
    plan_free(&plan);
}

static void a_dropped_cell_leaves_its_reason(void **state) {
    (void)state;
    struct plan_request request = machine("smoke");
    struct plan plan = plan_make(&request);
    struct set *set = &plan.sets[0];
    struct cell second = set->cells[1], third = set->cells[2];
    unsigned cells = set->cell_count, skips = set->skip_count;
    plan_drop(set, 1, "faults: SIGBUS");
    assert_int_equal(set->cell_count, cells - 1);
    assert_memory_equal(&set->cells[1], &third, sizeof third);
    assert_int_equal(set->skip_count, skips + 1);
    assert_string_equal(set->skips[skips].lowering, second.name);
    assert_int_equal(set->skips[skips].model, second.model);
    assert_string_equal(set->skips[skips].reason, "faults: SIGBUS");
    plan_free(&plan);
}

static void what_is_missing_is_skipped_with_its_reason(void **state) {
    (void)state;
    struct plan_request request = machine("quick");
    request.cpu_count = 1;
    request.level[1].bytes = 0;
    snprintf(request.level[1].reason, sizeof request.level[1].reason, "nobody says");
    struct plan plan = plan_make(&request);
    unsigned cpus = 0, levels = 0;
    for (size_t i = 0; i < plan.count; i++) {
        const struct set *set = &plan.sets[i];
        cpus += strcmp(set->skip, "needs 2 CPUs, has 1") == 0;
        levels += strcmp(set->skip, "L2 size unknown: nobody says") == 0;
        assert_true(set->skip[0] == 0 || set->cell_count == 0);
    }
    assert_true(cpus > 0 && levels > 0);
    plan_free(&plan);
}

/* Kunpeng 920: 128 cores with 512 KiB of L2 each, of which half is used: grids of 113 rows. */
static void more_threads_than_rows_is_a_skip(void **state) {
    (void)state;
    struct plan_request request = machine("exhaustive");
    request.cpu_count = 128;
    request.level[1].bytes = 256 << 10;
    struct plan plan = plan_make(&request);
    plan_filter(&plan, "^(lbm|stencil)/.*footprint=L2/threads=(64|128)$");
    unsigned skipped = 0, kept = 0;
    for (size_t i = 0; i < plan.count; i++) {
        const struct set *set = &plan.sets[i];
        bool many = set->threads == 128 && strcmp(set->kernel->name, "lbm") == 0;
        assert_string_equal(set->skip,
                            many ? "128 KiB are too small a footprint for 128 threads" : "");
        assert_true(many == (set->cell_count == 0));
        skipped += many;
        kept += !many;
    }
    assert_true(skipped >= 1 && kept >= 3);
    plan_free(&plan);
}

/* A CPU without any optional feature: what needs one is skipped cell by cell or set by set, and
 * no set has cells without a baseline. */
static void features_are_needed(void **state) {
    (void)state;
    struct plan_request request = machine("quick");
    request.features = 0;
    struct plan plan = plan_make(&request);
    unsigned skipped = 0;
    for (size_t i = 0; i < plan.count; i++) {
        const struct set *set = &plan.sets[i];
        skipped += set->skip_count + (set->skip[0] != 0);
        for (unsigned j = 0; j < set->skip_count; j++)
            assert_non_null(strstr(set->skips[j].reason, "this CPU has no "));
        if (set->cell_count)
            assert_int_equal(set->cells[0].role, ROLE_BASELINE);
    }
    assert_true(skipped > 0);
    plan_free(&plan);
}

/* A parameter that kernels did not always have: the sets of before keep their names, and the others
 * run other code. Who stands for the others is in the full suite; alone, nobody waits. */
static void the_usual_hint_goes_without_saying(void **state) {
    (void)state;
    const char *const suites[] = {"quick", "full", "exhaustive"};
    unsigned hints[3] = {0}, kernels = 0;
    for (unsigned s = 0; s < 3; s++) {
        struct plan_request request = machine(suites[s]);
        struct plan plan = plan_make(&request);
        const struct kernel *last = NULL;
        for (size_t i = 0; i < plan.count; i++) {
            const struct set *set = &plan.sets[i];
            if (!strstr(set->name, "spin="))
                continue;
            hints[s]++;
            assert_true(set->threads > 1);
            assert_ptr_not_equal(set->cells[0].run, set->kernel->run);
            kernels += s == 2 && set->kernel != last;
            last = set->kernel;
        }
        if (s > 0) {
            const struct set *usual = plan_find(&plan, "ticket_lock/inside=4,outside=0/threads=2");
            assert_ptr_equal(usual->cells[0].run, usual->kernel->run);
            assert_non_null(plan_find(&plan, "ticket_lock/inside=4,outside=0,spin=none/threads=2"));
            assert_non_null(
                plan_find(&plan, "spsc_ring/slots=1024,mode=throughput,spin=none/threads=2"));
        }
        plan_free(&plan);
    }
    assert_int_equal(hints[0], 0);
    assert_true(hints[1] >= 4 && hints[1] < hints[2]);
    assert_int_equal(kernels, 19);
}

static void filters_keep_what_matches(void **state) {
    (void)state;
    struct plan_request request = machine("quick");
    struct plan plan = plan_make(&request);
    size_t all = plan.count;
    plan_filter(&plan, "^memcpy/.*size=16K");
    assert_true(plan.count > 0 && plan.count < all);
    for (size_t i = 0; i < plan.count; i++)
        assert_non_null(strstr(plan.sets[i].name, "size=16K"));
    assert_ptr_equal(plan_find(&plan, plan.sets[0].name), &plan.sets[0]);
    assert_null(plan_find(&plan, "nothing"));
    plan_free(&plan);
}

/* plain is unsound exactly where nothing else orders it: arm64's weak mode. */
static void soundness_follows_model_and_uses(void **state) {
    (void)state;
    size_t count_;
    const struct lowering *plain = registry_lowerings(&count_)[0];
#if defined(__aarch64__)
    assert_non_null(registry_breaks(plain, USES_LOAD, 0));
    const struct lowering *qemu = registry_lowering("dmb-qemu");
    assert_null(registry_breaks(qemu, USES_LOAD | USES_STORE | USES_ADD, 0));
    assert_non_null(registry_breaks(qemu, USES_LOAD | USES_CAS, 0));
    const struct lowering *ldapr = registry_lowering("ldapr-stlr");
    assert_null(registry_breaks(ldapr, USES_LOAD | USES_CAS, 0));
    assert_null(registry_breaks(ldapr, USES_LOAD | USES_VECTOR, 0));
    assert_non_null(registry_breaks(ldapr, USES_LOAD | USES_VECTOR | USES_CAS, 0));
    const struct lowering *llsc = registry_lowering("ldapr-stlr-llsc");
    assert_null(registry_breaks(llsc, USES_LOAD | USES_STORE | USES_FENCE, 0));
    assert_non_null(registry_breaks(llsc, USES_EXCHANGE, 0));
    assert_string_equal(registry_breaks(llsc, USES_LOAD | USES_ADD, 0), "SB+xadds");
    /* A pair is two accesses of the guest. */
    const struct lowering *risotto = registry_lowering("dmb-risotto-llsc");
    assert_string_equal(registry_breaks(risotto, USES_PAIR, 0), "torn-pair");
    assert_string_equal(registry_breaks(risotto, USES_PAIR | USES_CAS, 0), "torn-CMPXCHG16B");
    assert_null(registry_breaks(risotto, USES_PAIR | USES_CAS, FEATURE_LSE2));
    assert_null(registry_breaks(ldapr, USES_PAIR, 0));
#else
    assert_null(registry_breaks(plain, USES_LOAD | USES_STORE | USES_RMW, 0));
#endif
    assert_null(registry_lowering("no-such-lowering"));
}

static void one_set_is_that_of_the_suite(void **state) {
    (void)state;
    struct plan_request request = machine("full");
    struct plan all = plan_make(&request);
    for (size_t i = 0; i < all.count; i += 37) {
        request.set = all.sets[i].name;
        struct plan one = plan_make(&request);
        assert_int_equal(one.count, 1);
        assert_string_equal(one.sets[0].name, all.sets[i].name);
        assert_int_equal(one.sets[0].cell_count, all.sets[i].cell_count);
        plan_free(&one);
    }
    request.set = "memcpy/no-such-point/threads=1";
    struct plan none = plan_make(&request);
    assert_int_equal(none.count, 0);
    plan_free(&none);
    plan_free(&all);
}

#if defined(__aarch64__)
/* FEX leaves vectors plain: a copy by vectors is unsound, the same kernel by words is not. */
static void soundness_is_that_of_the_point(void **state) {
    (void)state;
    unsigned seen[2] = {0};
    struct plan_request request = machine("quick");
    request.model[MEMMODEL_FIXED_TSO] = false;
    request.model[MEMMODEL_WEAK] = true;
    struct plan plan = plan_make(&request);
    plan_filter(&plan, "^memcpy/");
    for (size_t i = 0; i < plan.count; i++)
        for (unsigned c = 0; c < plan.sets[i].cell_count; c++) {
            const struct cell *cell = &plan.sets[i].cells[c];
            if (strcmp(cell->name, "fex-default"))
                continue;
            const char *name = plan.sets[i].name;
            int sound = !strstr(name, "vec,") && !strstr(name, "bytes=mops");
            assert_int_equal(plan_sound(&plan.sets[i], cell), sound);
            seen[sound]++;
        }
    assert_true(seen[0] > 0 && seen[1] > 0);
    plan_free(&plan);
}
#endif

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(smoke_has_every_kernel_and_lowering),
#if defined(__aarch64__)
        cmocka_unit_test(soundness_is_that_of_the_point),
#endif
        cmocka_unit_test(suites_grow),
        cmocka_unit_test(the_quick_suite_has_the_main_lowerings),
        cmocka_unit_test(a_switch_doubles_the_cells),
        cmocka_unit_test(forms_are_in_every_model),
        cmocka_unit_test(a_dropped_cell_leaves_its_reason),
        cmocka_unit_test(what_is_missing_is_skipped_with_its_reason),
        cmocka_unit_test(more_threads_than_rows_is_a_skip),
        cmocka_unit_test(features_are_needed),
        cmocka_unit_test(the_usual_hint_goes_without_saying),
        cmocka_unit_test(filters_keep_what_matches),
        cmocka_unit_test(soundness_follows_model_and_uses),
        cmocka_unit_test(one_set_is_that_of_the_suite),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
