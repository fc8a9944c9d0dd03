/* SPDX-License-Identifier: MIT
 *
 * The linear model of what order costs: least squares against systems whose solution is known, and
 * from a made-up run whose sequences cost what was planted to the time of a trace.
 */
#include "unit/cmocka_all.h"

#include <math.h>

#include "advise/gains.h"
#include "advise/replayed.h"
#include "fakes/made_run.h"

/* ---- least squares ---- */

static void expect(double is, double want, double tolerance) {
    if (!(fabs(is - want) <= tolerance))
        fail_msg("%.12g is not %.12g", is, want);
}

static void solves_exactly(void **state) {
    (void)state;
    const double a[] = {1, 0, 0, 2, 1, 1}, b[] = {3, 8, 7};
    double x[2];
    model_solve(a, b, 3, 2, x);
    expect(x[0], 3, 1e-9);
    expect(x[1], 4, 1e-9);
}

/* The least squares of y = c are the mean; of two that pull apart, with weights. */
static void solves_the_overdetermined(void **state) {
    (void)state;
    const double a[] = {1, 1, 2}, b[] = {1, 3, 10};
    double x[1];
    model_solve(a, b, 3, 1, x);
    expect(x[0], (1 + 3 + 20) / 6.0, 1e-9);
}

/* Unbounded, the first would be -1: then the other alone fits best. */
static void costs_are_not_negative(void **state) {
    (void)state;
    const double a[] = {1, 1, 0, 1, 1, 0}, b[] = {1, 2, -1};
    double x[2];
    model_solve(a, b, 3, 2, x);
    assert_true(x[0] == 0);
    expect(x[1], 1.5, 1e-9);
}

/* ---- a run ---- */

struct planted {
    const char *lowering, *role;
    double ns;
};

/* Eight blocks of six rounds, each sample 1000 operations, 2 ticks a ns. */
static void plant_set(const char *kernel, const char *params, const char *op,
                      const struct planted *cells) {
    for (unsigned block = 0; block < 8; block++) {
        char text[16384];
        int used = snprintf(
            text, sizeof text,
            "{\"format\":1,\"type\":\"block\",\"set\":\"%s/%s/threads=1\",\"kernel\":\"%s\","
            "\"params\":\"%s\",\"op\":\"%s\",\"threads\":1,\"placement\":\"0\",\"footprint\":0,"
            "\"bytes_per_op\":0,\"page_kib\":4,\"block\":%u,\"seed\":\"0x1\","
            "\"source\":\"measured\",\"time\":\"2026-11-22T13:45:00Z\",\"rounds\":6,\"ticks_per_"
            "ns\":2,"
            "\"chain_adds\":12000,\"order\":[],\"cells\":[",
            kernel, params, kernel, params, op, block);
        for (size_t i = 0; cells[i].lowering; i++) {
            double ticks = 2000 * cells[i].ns;
            used +=
                snprintf(text + used, sizeof text - (size_t)used,
                         "%s{\"lowering\":\"%s\",\"role\":\"%s\",\"coverage\":\"all\","
                         "\"model\":\"fixed-tso\",\"sound\":true,\"witness\":null,\"symbol\":\"f\","
                         "\"ops\":1000,\"ticks\":[%.0f,%.0f,%.0f,%.0f,%.0f,%.0f],"
                         "\"chain_before\":[8000,8000,8000,8000,8000,8000],"
                         "\"chain_after\":[8000,8000,8000,8000,8000,8000],\"migrated\":0,"
                         "\"preempted\":0,\"check_failed\":0,\"check_message\":null}",
                         i ? "," : "", cells[i].lowering, cells[i].role, ticks, ticks, ticks, ticks,
                         ticks, ticks);
        }
        snprintf(text + used, sizeof text - (size_t)used,
                 "],\"battery\":{\"before\":[],\"after\":[]},\"skipped\":[]}\n");
        made_append(text);
    }
}

#define BASE(ns)                                                                                   \
    {"plain", "baseline", ns}, {"plain", "aa", ns}, {                                              \
        "plain", "twin", ns                                                                        \
    }

static void plant_machine(void) {
    char path[128];
    snprintf(path, sizeof path, "%s/machine.json", made_directory);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("{\"architecture\":\"x86_64\"}", file);
    fclose(file);
}

/* MFENCE costs 10 after a store, and 14 where it waits for it; an exchange 5, and 6. */
static void plant_kernels(void) {
    made_append(MADE_BEGIN);
    plant_set("store_forms", "access=8,measure=throughput", "store",
              (struct planted[]){BASE(1), {"mov+mfence", "form", 11}, {"xchg", "form", 6}, {0}});
    plant_set("store_forms", "access=8,measure=latency", "store",
              (struct planted[]){BASE(2), {"mov+mfence", "form", 16}, {"xchg", "form", 8}, {0}});
    plant_set("store_forms", "access=16,measure=throughput", "store",
              (struct planted[]){BASE(1), {"movdqu+mfence", "form", 13}, {0}});
    plant_set("fence_forms", "after=store", "fence",
              (struct planted[]){BASE(1), {"mfence", "form", 9}, {0}});
    plant_machine();
}

static struct trace_access records[] = {
    {.kind = TRACE_BLOCK},
    {.kind = TRACE_LOAD, .size = 8, .count = 1, .gap = 2},
    {.kind = TRACE_STORE, .size = 8, .count = 1, .offset = 64},
    {.kind = TRACE_STORE, .size = 4, .count = 1, .offset = 8},
    {.kind = TRACE_STORE, .size = 64, .vector = true, .count = 1, .offset = 128},
    {.kind = TRACE_RMW, .op = TRACE_ADD, .size = 4, .count = 1, .offset = 256},
};
static struct trace_stream stream = {records, sizeof records / sizeof *records};

static void a_compare_of_16_bytes_is_an_operation_of_its_own(void **state) {
    (void)state;
    struct trace_access access = {.kind = TRACE_RMW, .op = TRACE_CMPXCHG, .size = 16, .count = 1};
    assert_int_equal(predict_operation(&access, false), OPERATION_CMPXCHG16B);
    access.size = 8;
    assert_int_equal(predict_operation(&access, false), OPERATION_CMPXCHG);
}

static const struct policy *policy_of(enum isa isa, const char *name) {
    size_t count;
    const struct policy *all = policies(isa, &count);
    for (size_t i = 0; i < count; i++)
        if (strcmp(all[i].name, name) == 0)
            return &all[i];
    fail_msg("no policy %s", name);
    return NULL;
}

static const struct policy *named(const char *name) {
    return policy_of(ISA_X86_64, name);
}

static void predicts_a_stream(void **state) {
    (void)state;
    plant_kernels();
    made_append(MADE_END);
    struct report *report = report_open(made_directory);
    struct advice *advice = advice_make(report, NULL, "");
    struct model *model = model_fit(advice);
    const struct cost *mfence = model_cost(model, OPERATION_STORE, "mov+mfence");
    assert_non_null(mfence);
    expect(mfence->least, 10, 1e-6);
    expect(mfence->most, 14, 1e-6);
    /* Errors relative to the times, 11 and 16: sum (c - e) / t^2 = 0. */
    expect(mfence->fitted, (10 / 121.0 + 14 / 256.0) / (1 / 121.0 + 1 / 256.0), 1e-6);
    assert_null(model_cost(model, OPERATION_STORE, "plain"));

    /* Two stores of 8 bytes or less, and two halves of a vector: AVX has 32 bytes. */
    struct prediction it = predict_stream(model, named("sc-mfence"), named("plain"), &stream);
    assert_string_equal(it.missing, "");
    expect(it.least, 2 * 10 + 2 * 12, 1e-6);
    expect(it.most, 2 * 14 + 2 * 12, 1e-6);
    expect(it.fitted, 2 * mfence->fitted + 2 * 12, 1e-6);
    it = predict_stream(model, named("sc-xchg"), named("plain"), &stream);
    expect(it.least, 2 * 5 + 2 * 12, 1e-6);
    expect(it.most, 2 * 6 + 2 * 12, 1e-6);
    it = predict_stream(model, named("plain"), named("plain"), &stream);
    assert_true(it.fitted == 0);
    /* LOCK ADD was not measured: no number. */
    it = predict_stream(model, named("sc-lock-add"), named("plain"), &stream);
    assert_true(isnan(it.fitted));
    assert_non_null(strstr(it.missing, "lock.add for store"));
    model_free(model);
    advice_free(advice);
    report_free(report);
}

/* A policy of arm64, in whose words barriers stand alone. */
static void predicts_barriers(void **state) {
    (void)state;
    char path[128];
    made_append(MADE_BEGIN);
    plant_set("load_forms", "access=8,measure=throughput", "load",
              (struct planted[]){BASE(1), {"ldr+dmb.ishld", "form", 4}, {0}});
    plant_set("fence_forms", "after=store", "fence",
              (struct planted[]){BASE(1), {"dmb.ish", "form", 8}, {"dmb.ishst", "form", 3}, {0}});
    made_append(MADE_END);
    snprintf(path, sizeof path, "%s/machine.json", made_directory);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("{\"architecture\":\"aarch64\"}", file);
    fclose(file);
    struct report *report = report_open(made_directory);
    struct advice *advice = advice_make(report, NULL, "");
    struct model *model = model_fit(advice);
    struct prediction it =
        predict_stream(model, policy_of(ISA_AARCH64, "risotto-dmbal"),
                       policy_of(ISA_AARCH64, "plain"), &(struct trace_stream){records, 4});
    /* One load with its own cell, two stores as a barrier and a plain store. */
    expect(it.fitted, 3 + 2 * 2, 1e-6);
    it = predict_stream(model, policy_of(ISA_AARCH64, "risotto-dmbal"),
                        policy_of(ISA_AARCH64, "plain"), &(struct trace_stream){records + 5, 1});
    expect(it.fitted, 7, 1e-6); /* DMB ISH before what plain has, too */
    model_free(model);
    advice_free(advice);
    report_free(report);
}

/* ---- a replay ---- */

static void write_trace(void) {
    char path[128];
    static char text[] = "t";
    struct trace_window window = {.streams = &stream,
                                  .stream_count = 1,
                                  .arena_bytes = TRACE_PAGE_BYTES,
                                  .instructions = 7,
                                  .stands_for = 1};
    struct trace trace = {
        .provenance = {text, text, text, text, text, 100}, .windows = &window, .window_count = 1};
    snprintf(path, sizeof path, "%s/tiny.trace", made_directory);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    trace_write(&trace, file, path);
    fclose(file);
}

static void is_held_against_what_was_measured(void **state) {
    (void)state;
    plant_kernels();
    /* A pass takes 100; plus 34 to 36 is what the model says of exchanges. */
    plant_set("trace_replay", "trace=tiny", "pass",
              (struct planted[]){BASE(100),
                                 {"sc-xchg", "form", 135},
                                 {"sc-mfence", "form", 300},
                                 {"sc-lock-add", "form", 200},
                                 {0}});
    plant_set("trace_replay", "trace=absent", "pass",
              (struct planted[]){BASE(100), {"sc-xchg", "form", 135}, {0}});
    made_append(MADE_END);
    write_trace();
    struct report *report = report_open(made_directory);
    struct replays *replays = replays_of(report, made_directory);
    assert_non_null(replays);
    assert_int_equal(replays->count, 3);
    assert_int_equal(replays->compared, 2);
    assert_int_equal(replays->inside, 1);
    for (size_t i = 0; i < replays->count; i++) {
        const struct replayed *it = &replays->rows[i];
        if (strcmp(it->policy->name, "sc-xchg") == 0)
            expect(it->predicted, 1.35, 0.01);
        else if (strcmp(it->policy->name, "sc-mfence") == 0)
            expect(it->measured.value, 3, 1e-6);
        else
            assert_true(isnan(it->predicted) && *it->missing);
    }
    /* The median of almost 0 and of what MFENCE misses by. */
    assert_true(replays->error > 0.2 && replays->error < 0.3);
    replays_free(replays);
    report_free(report);
}

/* In seven instructions a load, two stores, a vector store, and a locked addition. */
static void counts_what_a_trace_does(void **state) {
    (void)state;
    double weights[OPERATIONS];
    assert_int_equal(gains_open(made_directory).count, 0);
    write_trace();
    struct gains gains = gains_open(made_directory);
    assert_int_equal(gains.count, 1);
    gains_weights(&gains, weights);
    expect(weights[OPERATION_LOAD], 100.0 / 7, 1e-9);
    expect(weights[OPERATION_STORE], 200.0 / 7, 1e-9);
    expect(weights[OPERATION_VECTOR_STORE], 100.0 / 7, 1e-9);
    expect(weights[OPERATION_ADD], 100.0 / 7, 1e-9);
    assert_true(weights[OPERATION_FENCE] == 0);
    gains_close(&gains);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_compare_of_16_bytes_is_an_operation_of_its_own),
        cmocka_unit_test(solves_exactly),
        cmocka_unit_test(solves_the_overdetermined),
        cmocka_unit_test(costs_are_not_negative),
        cmocka_unit_test_setup_teardown(predicts_a_stream, made_begin, made_end),
        cmocka_unit_test_setup_teardown(predicts_barriers, made_begin, made_end),
        cmocka_unit_test_setup_teardown(counts_what_a_trace_does, made_begin, made_end),
        cmocka_unit_test_setup_teardown(is_held_against_what_was_measured, made_begin, made_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
