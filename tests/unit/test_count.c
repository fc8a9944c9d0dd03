/* SPDX-License-Identifier: MIT */
/* LINK: -Wl,--wrap=perf_evsel__open,--wrap=perf_evsel__close,--wrap=cpuname_midr */
/* LINK: -Wl,--wrap=perf_evsel__enable,--wrap=perf_evsel__disable,--wrap=perf_evsel__read */
/* LINK: -Wl,--wrap=perf_evsel__mmap,--wrap=perf_evsel__munmap,--wrap=perf_evsel__mmap_base */
/* test_count.c: whole blocks on PMUs that are not here, and on none: no privilege, too few
 * counters, events that are refused, that count nothing, that are shared, cores of two kinds. */
#include "block/block.h"
#include "count/counting.h"
#include "count/sets.h"
#include "fakes/a_set.h"
#include "fakes/fake_perf.h"
#include "fakes/made_run.h"
#include "fakes/plant_core.h"
#include "plan/request.h"
#include "samples/samples.h"
#include "unit/cmocka_all.h"

static struct job job;

static int begin(void **state) {
    char missing[256];
    memset(midr, 0, sizeof midr);
    fake_begin();
    job = (struct job){.seed = 1, .rounds = 12, .ticks_per_ns = 1, .count = "all"};
    request_from_machine(&job, plan_suite_named("smoke"), NULL, NULL, missing, sizeof missing);
    job.source = SOURCE_MEASURED;
    a_set(&job, 1);
    return plant_begin(state) | made_begin(state);
}

static int end(void **state) {
    return plant_end(state) | made_end(state);
}

/* A block under what `fake` is, which must be one that tsobench check takes and that reads back. */
static json_t *measure(void) {
    json_t *line = block_measure(&job);
    char *text = json_dumps(line, JSON_COMPACT);
    unlink(made_samples);
    made_append(MADE_BEGIN);
    made_append(text);
    made_append("\n" MADE_END);
    free(text);
    assert_int_equal(samples_compress(made_directory), 0);
    samples_free(samples_read(made_directory));
    assert_true(fake_most_started <= 1);
    return line;
}

static json_t *at(const json_t *object, const char *key) {
    return json_object_get(object, key);
}

static json_t *cell_of(const json_t *line, size_t cell) {
    return json_array_get(at(line, "cells"), cell);
}

/* Names of all sets' events, in order: "LD_SPEC ST_SPEC | STALL_BACKEND". */
static const char *events_of(const json_t *line) {
    static char text[4096];
    size_t i, k;
    json_t *set, *event;
    text[0] = 0;
    json_array_foreach(at(at(line, "events"), "sets"), i, set) {
        strcat(text, i ? " |" : "");
        json_array_foreach(at(set, "events"), k, event) {
            strcat(text, " ");
            strcat(text, json_string_value(event));
        }
    }
    return text;
}

/* Why an event is missing, or NULL. */
static const char *missing(const json_t *line, const char *event) {
    size_t i;
    json_t *row;
    json_array_foreach(at(at(line, "events"), "missing"), i, row) {
        if (strcmp(json_string_value(at(row, "event")), event) == 0)
            return json_string_value(at(row, "reason"));
    }
    return NULL;
}

static size_t nulls_in(json_t *array) {
    size_t i, nulls = 0;
    json_t *value;
    json_array_foreach(array, i, value) nulls += json_is_null(value);
    return nulls;
}

static void want_skipped(const char *reason) {
    json_t *line = measure();
    assert_true(json_is_null(at(line, "events")));
    assert_non_null(strstr(json_string_value(at(line, "pmu_skipped")), reason));
    assert_null(at(cell_of(line, 0), "cycles"));
    assert_null(at(cell_of(line, 0), "counts"));
    json_decref(line);
}

static void no_pmu(void **state) {
    (void)state;
    want_skipped("the kernel shows no PMU");
}

static void no_privilege(void **state) {
    (void)state;
    plant_core("armv8_cortex_a76", "9", 0, PLANT_CPUS - 1, A76);
    fake.refuse_all = EACCES;
    want_skipped("kernel.perf_event_paranoid above 2");
    fake.refuse_all = ENOSYS;
    want_skipped("no perf_event_open here");
}

static void sets_take_turns(void **state) {
    (void)state;
    plant_core("armv8_cortex_a76", "9", 0, PLANT_CPUS - 1, A76);
    fake.counters = 7;
    json_t *line = measure(), *events = at(line, "events"), *cell = cell_of(line, 0);
    assert_string_equal(json_string_value(at(events, "pmu")), "armv8_cortex_a76");
    assert_string_equal(json_string_value(at(events, "read")), "syscall");
    assert_string_equal(events_of(line),
                        " LD_SPEC ST_SPEC RC_LD_SPEC RC_ST_SPEC DMB_SPEC |"
                        " LDREX_SPEC STREX_SPEC STREX_FAIL_SPEC STREX_PASS_SPEC DSB_SPEC |"
                        " ISB_SPEC | STALL_BACKEND STALL_FRONTEND | L1D_CACHE_REFILL |"
                        " L1D_CACHE_REFILL_OUTER L1D_CACHE_REFILL_INNER L1D_CACHE_INVAL"
                        " L1D_CACHE_REFILL_RD L1D_CACHE_REFILL_WR | UNALIGNED_LDST_SPEC");
    assert_string_equal(missing(line, "STALL_BACKEND_MEM"), "the PMU does not announce it");
    assert_string_equal(missing(line, "CAS_NEAR_SPEC"), "this core does not have it");
    assert_null(missing(line, "FLUSH_MEM_FAULT")); /* nobody asks an A76 for it */
    size_t sets = json_array_size(at(events, "sets"));
    for (size_t round = 0; round < 12; round++) {
        json_int_t set = json_integer_value(json_array_get(at(cell, "event_set"), round));
        assert_int_equal(set, (1 + round) % sets); /* the seed is 1 */
        json_t *counts = json_array_get(at(cell, "counts"), round);
        assert_int_equal(
            json_array_size(counts),
            json_array_size(at(json_array_get(at(events, "sets"), (size_t)set), "events")));
        assert_int_equal(nulls_in(counts), 0);
        /* Events of one sample are told apart: each reading adds 1000 and the event's code. */
        if (set == 0)
            assert_int_equal(json_integer_value(json_array_get(counts, 2)), 1000 + 0x90);
    }
    assert_int_equal(json_integer_value(json_array_get(at(cell, "cycles"), 5)), 1000 + 0x11);
    assert_int_equal(json_integer_value(json_array_get(at(cell, "instructions"), 5)), 1000 + 8);
    json_decref(line);
}

static void only_what_was_asked_for(void **state) {
    (void)state;
    plant_core("armv8_cortex_a76", "9", 0, PLANT_CPUS - 1, A76);
    snprintf(job.count, sizeof job.count, "stall,mem");
    json_t *line = measure();
    assert_string_equal(events_of(line), " STALL_BACKEND STALL_FRONTEND | L1D_CACHE_REFILL");
    json_decref(line);
    snprintf(job.count, sizeof job.count, "none");
    line = measure();
    assert_string_equal(events_of(line), "");
    assert_null(at(cell_of(line, 0), "event_set"));
    assert_int_equal(nulls_in(at(cell_of(line, 0), "cycles")), 0);
    json_decref(line);
}

static void too_few_counters(void **state) {
    (void)state;
    plant_core("armv8_cortex_a76", "9", 0, PLANT_CPUS - 1, A76);
    snprintf(job.count, sizeof job.count, "mix");
    fake.counters = 4;
    json_t *line = measure(), *sets = at(at(line, "events"), "sets");
    assert_string_equal(events_of(line), " LD_SPEC ST_SPEC | RC_LD_SPEC RC_ST_SPEC | DMB_SPEC");
    assert_string_equal(json_string_value(at(json_array_get(sets, 2), "name")), "mix.3");
    json_decref(line);
    /* The same where all opens, but a watchdog holds a counter. */
    fake.counters = 0;
    fake.usable = 4;
    line = measure();
    assert_string_equal(events_of(line), " LD_SPEC ST_SPEC | RC_LD_SPEC RC_ST_SPEC | DMB_SPEC");
    json_decref(line);
    fake.usable = 2;
    line = measure();
    assert_string_equal(events_of(line), "");
    assert_string_equal(missing(line, "ST_SPEC"), "opens, but gets no counter");
    assert_int_equal(nulls_in(at(cell_of(line, 0), "instructions")), 0);
    json_decref(line);
}

static void a_refused_event(void **state) {
    (void)state;
    plant_core("armv8_cortex_a76", "9", 0, PLANT_CPUS - 1, A76);
    snprintf(job.count, sizeof job.count, "mix");
    fake.refused = 0x90;
    json_t *line = measure();
    assert_string_equal(events_of(line), " LD_SPEC ST_SPEC RC_ST_SPEC DMB_SPEC");
    assert_string_equal(missing(line, "RC_LD_SPEC"), "not supported by this PMU");
    json_decref(line);
    fake.refused = 0x08;
    line = measure();
    assert_string_equal(missing(line, "instructions"), "not supported by this PMU");
    assert_null(at(cell_of(line, 0), "instructions"));
    json_t *counts = at(cell_of(line, 0), "counts");
    assert_int_equal(json_integer_value(json_array_get(json_array_get(counts, 0), 0)), 1000 + 0x70);
    json_decref(line);
}

static void shared_counters_count_nothing(void **state) {
    (void)state;
    plant_core("armv8_cortex_a76", "9", 0, PLANT_CPUS - 1, A76);
    fake.shared = true;
    json_t *line = measure(), *cell = cell_of(line, 0);
    assert_int_equal(nulls_in(at(cell, "cycles")), 12);
    assert_int_equal(nulls_in(at(cell, "instructions")), 12);
    assert_int_equal(nulls_in(at(cell, "counts")), 12);
    json_decref(line);
}

static void read_in_user_mode(void **state) {
    (void)state;
    plant_core("armv8_cortex_a76", "9", 0, PLANT_CPUS - 1, A76);
    fake.user = true;
    json_t *line = measure();
    assert_string_equal(json_string_value(at(at(line, "events"), "read")), "user");
    assert_int_equal(nulls_in(at(cell_of(line, 0), "counts")), 0);
    json_decref(line);
}

/* A counter of 32 bits that goes round; and readings between which the kernel did not look. */
static void user_readings_wrap(void **state) {
    (void)state;
    int error;
    struct pmu pmu = {.cycles = 0x11, .user_read = 2};
    uint64_t counts[GROUP_EVENTS];
    const struct group_reading before = {.value = {0xfffffff0}, .enabled = {5}, .running = {5}};
    struct group_reading after = {.value = {0xffffffff00000010}, .enabled = {5}, .running = {5}};
    struct group *group = group_open(&pmu, &error);
    group_difference(group, &before, &after, counts);
    assert_true(counts[0] == NOT_COUNTED); /* by read(2) it was never on */
    fake.user = true;
    assert_true(group_read_as_user(group));
    group_difference(group, &before, &after, counts);
    assert_int_equal(counts[0], 0x20);
    after.enabled[0] = 6;
    group_difference(group, &before, &after, counts);
    assert_true(counts[0] == NOT_COUNTED);
    group_close(group);
}

/* Each CPU's own PMU counts its thread; sets of two kinds of cores are not mixed. */
static void two_kinds_of_cores(void **state) {
    (void)state;
    if (job.request.cpu_count < 2)
        skip();
    unsigned first = job.cpus[0], second = job.cpus[1];
    unsigned low = first < second ? first : second;
    plant_core("armv8_cortex_a55", "8", 0, low, A55);
    plant_core("armv8_cortex_a76", "9", low + 1, PLANT_CPUS - 1, A76);
    a_set(&job, 2);
    json_t *line = measure();
    assert_non_null(strstr(missing(line, "all sets"), "different PMUs: armv8_cortex_a"));
    assert_string_equal(events_of(line), "");
    assert_int_equal(nulls_in(at(cell_of(line, 0), "cycles")), 0);
    unsigned on[16] = {0};
    for (unsigned i = 0; i < fake_opened_count; i++)
        on[fake_type[i] & 15]++;
    assert_true(on[8] > 0 && on[9] > 0 && on[8] + on[9] == fake_opened_count);
    json_decref(line);

    /* One thread: the sets of its own core. */
    a_set(&job, 1);
    job.cpus[0] = low;
    job.cpus[1] = first < second ? second : first;
    line = measure();
    assert_non_null(strstr(events_of(line), "STALL_BACKEND_ST_STB"));
    assert_non_null(missing(line, "RC_LD_SPEC"));
    json_decref(line);
}

static void apples_counters_are_not_alike(void **state) {
    (void)state;
    int error;
    struct pmu pmu;
    char why[128];
    plant_core("apple_firestorm_pmu", "10", 0, PLANT_CPUS - 1, M1);
    fake.apple = true;
    /* In the wrong order: 0x95, 0xbf and 0x9c take what 0x96 needs. */
    assert_true(pmu_find(0, &pmu, why, sizeof why));
    struct group *group = group_open(&pmu, &error);
    assert_int_equal(group_add(group, &pmu, 0x95), 0);
    assert_int_equal(group_add(group, &pmu, 0xbf), 0);
    assert_int_equal(group_add(group, &pmu, 0x9c), 0);
    assert_int_equal(group_add(group, &pmu, 0x96), -EINVAL);
    group_close(group);

    json_t *line = measure();
    assert_int_equal(json_array_size(at(at(line, "events"), "missing")), 0);
    const char *events = events_of(line);
    assert_ptr_equal(strstr(events, " INST_INT_ST INST_INT_LD INST_BARRIER LD_UNIT_UOP"
                                    " ST_UNIT_UOP | INST_SIMD_LD INST_SIMD_ST |"),
                     events);
    assert_non_null(strstr(events, "| RETIRE_UOP ST_MEMORY_ORDER_VIOLATION_NONSPEC"));
    json_decref(line);

    /* M3 and later: no code is known, and eight bits would have no room for it. */
    midr[job.cpus[0]] = 0x610f0420;
    line = measure();
    assert_string_equal(events_of(line), "");
    assert_int_equal(nulls_in(at(cell_of(line, 0), "instructions")), 0);
    json_decref(line);
    uint64_t config;
    assert_false(pmu_encode(&pmu, 0x5a3, &config));
}

/* Where libpfm4 knows a core, the table says the same of it. */
static void the_library_agrees(void **state) {
    (void)state;
    static struct events ours, theirs;
    static const struct {
        enum core core;
        const char *library;
    } cores[] = {{CORE_N1, "arm_n1"},      {CORE_N2, "arm_n2"},
                 {CORE_V1, "arm_v1"},      {CORE_V2, "arm_v2"},
                 {CORE_A57, "arm_ac57"},   {CORE_THUNDERX2, "arm_thunderx2"},
                 {CORE_A64FX, "arm_a64fx"}};
    for (size_t i = 0; i < sizeof cores / sizeof *cores; i++) {
        struct pmu pmu = {.name = "none", .core = cores[i].core};
        events_find(&pmu, "all", &ours);
        pmu.library = cores[i].library;
        events_find(&pmu, "all", &theirs);
        assert_true(ours.count > 4);
        for (unsigned k = 0; k < ours.count; k++)
            for (unsigned m = 0; m < theirs.count; m++)
                if (strcmp(ours.found[k].name, theirs.found[m].name) == 0)
                    assert_int_equal(ours.found[k].config, theirs.found[m].config);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(no_pmu, begin, end),
        cmocka_unit_test_setup_teardown(no_privilege, begin, end),
        cmocka_unit_test_setup_teardown(sets_take_turns, begin, end),
        cmocka_unit_test_setup_teardown(only_what_was_asked_for, begin, end),
        cmocka_unit_test_setup_teardown(too_few_counters, begin, end),
        cmocka_unit_test_setup_teardown(a_refused_event, begin, end),
        cmocka_unit_test_setup_teardown(shared_counters_count_nothing, begin, end),
        cmocka_unit_test_setup_teardown(read_in_user_mode, begin, end),
        cmocka_unit_test_setup_teardown(user_readings_wrap, begin, end),
        cmocka_unit_test_setup_teardown(two_kinds_of_cores, begin, end),
        cmocka_unit_test_setup_teardown(apples_counters_are_not_alike, begin, end),
        cmocka_unit_test(the_library_agrees),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
