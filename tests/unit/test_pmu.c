/* SPDX-License-Identifier: MIT
 *
 * test_pmu.c: finding the PMU of a CPU in made-up trees, and counting with software events,
 * which need no PMU.
 */
#include <linux/perf_event.h>
#include <sys/mman.h>

#include "block/block.h"
#include "count/group.h"
#include "count/pmu.h"
#include "fakes/a_set.h"
#include "fakes/plant.h"
#include "plan/request.h"
#include "unit/cmocka_all.h"

#define DEVICES "/sys/bus/event_source/devices/"

static void plant_pmu(const char *name, const char *type, const char *cpus) {
    char path[256];
    snprintf(path, sizeof path, DEVICES "%s/type", name);
    plant(path, type);
    snprintf(path, sizeof path, DEVICES "%s/cpus", name);
    if (cpus)
        plant(path, cpus);
}

static void plant_event(const char *pmu, const char *event, const char *code) {
    char path[256];
    snprintf(path, sizeof path, DEVICES "%s/events/%s", pmu, event);
    plant(path, code);
}

static struct pmu found;
static char why[160];

static void want_found(unsigned cpu, unsigned type, unsigned cycles, unsigned instructions) {
    assert_true(pmu_find(cpu, &found, why, sizeof why));
    assert_int_equal(found.type, type);
    assert_int_equal(found.cycles, cycles);
    assert_true(found.counts_instructions);
    assert_int_equal(found.instructions, instructions);
}

static void want_not_found(unsigned cpu, const char *reason) {
    assert_false(pmu_find(cpu, &found, why, sizeof why));
    assert_non_null(strstr(why, reason));
}

static void no_pmu(void **state) {
    (void)state;
    want_not_found(0, "no PMU of CPU 0");
    plant_pmu("software", "1\n", NULL);
    plant_pmu("uncore_imc", "20\n", NULL);
    plant(DEVICES "uncore_imc/cpumask", "0\n");
    want_not_found(0, "no PMU of CPU 0");
}

static void one_kind_of_x86_core(void **state) {
    (void)state;
    plant_pmu("msr", "10\n", NULL);
    plant_pmu("cpu", "4\n", NULL);
    plant_event("cpu", "cpu-cycles", "event=0x3c\n");
    plant_event("cpu", "instructions", "event=0xc0\n");
    want_found(3, 4, 0x3c, 0xc0);
}

static void two_kinds_of_x86_core(void **state) {
    (void)state;
    plant_pmu("cpu_core", "4\n", "0-3\n");
    plant_event("cpu_core", "cpu-cycles", "event=0x3c\n");
    plant_event("cpu_core", "instructions", "event=0xc0\n");
    plant_pmu("cpu_atom", "9\n", "4-7\n");
    plant_event("cpu_atom", "cpu-cycles", "event=0x3c\n");
    plant_event("cpu_atom", "instructions", "event=0xc0\n");
    want_found(3, 4, 0x3c, 0xc0);
    want_found(4, 9, 0x3c, 0xc0);
    want_not_found(8, "no PMU of CPU 8");
}

static void arm_and_apple(void **state) {
    (void)state;
    plant_pmu("armv8_cortex_a55", "8\n", "0-3\n");
    plant_event("armv8_cortex_a55", "cpu_cycles", "event=0x0011\n");
    plant_event("armv8_cortex_a55", "inst_retired", "event=0x008\n");
    plant_pmu("armv8_cortex_a76", "9\n", "4,6-7\n");
    plant_event("armv8_cortex_a76", "cpu_cycles", "event=0x0011\n");
    plant_pmu("apple_firestorm_pmu", "10\n", "5\n");
    plant_event("apple_firestorm_pmu", "cycles", "event=0x02\n");
    plant_event("apple_firestorm_pmu", "instructions", "event=0x8c\n");
    want_found(2, 8, 0x11, 0x08);
    want_found(5, 10, 0x02, 0x8c);
    assert_true(pmu_find(7, &found, why, sizeof why)); /* as QEMU's PMU */
    assert_false(found.counts_instructions);
}

static void events_of_other_forms(void **state) {
    (void)state;
    plant_pmu("cpu", "4\n", NULL);
    plant_event("cpu", "cpu-cycles", "event=0x3c,umask=0x1\n");
    plant_event("cpu", "instructions", "event=0xc0\n");
    want_not_found(0, "does not count cycles");
    plant_event("cpu", "cpu-cycles", "raw=0x3c\n");
    want_not_found(0, "does not count cycles");
}

static void codes_go_where_the_format_says(void **state) {
    (void)state;
    uint64_t config;
    struct pmu pmu = {.name = "p"};
    assert_true(pmu_encode(&pmu, 0x8168, &config)); /* no format: as it is */
    assert_int_equal(config, 0x8168);
    plant(DEVICES "p/format/event", "config:0-15\n");
    assert_true(pmu_encode(&pmu, 0xd202, &config));
    assert_int_equal(config, 0xd202);
    plant(DEVICES "p/format/event", "config:4-11\n");
    assert_true(pmu_encode(&pmu, 0x96, &config));
    assert_int_equal(config, 0x960);
    assert_false(pmu_encode(&pmu, 0x5a3, &config));
    plant(DEVICES "p/format/event", "config:0-7,32-35\n"); /* AMD's: the low part */
    assert_true(pmu_encode(&pmu, 0x76, &config));
    plant(DEVICES "p/format/event", "config2:1\n");
    assert_false(pmu_encode(&pmu, 0x76, &config));
}

static void cores_are_known(void **state) {
    (void)state;
    const char *library;
    assert_int_equal(pmu_core(0x413fd0c1, &library), CORE_N1);
    assert_string_equal(library, "arm_n1");
    assert_int_equal(pmu_core(0x611f0350, &library), CORE_APPLE_M1);
    assert_null(library);
    assert_int_equal(pmu_core(0x611f0420, &library), CORE_OTHER);
    assert_int_equal(pmu_core(0, &library), CORE_OTHER);
}

/* Software events need no PMU: task-clock leads as cycles would, page faults follow. */
static void counts_page_faults(void **state) {
    (void)state;
    enum { PAGES = 256 };
    int error;
    uint64_t counts[GROUP_EVENTS];
    const struct pmu software = {.type = PERF_TYPE_SOFTWARE, .cycles = PERF_COUNT_SW_TASK_CLOCK};
    struct group *group = group_open(&software, &error);
    if (group == NULL) {
        print_message("%s\n", group_explain(error));
        skip();
    }
    assert_int_equal(group_add(group, &software, PERF_COUNT_SW_PAGE_FAULTS), 0);
    assert_int_not_equal(group_add(group, &software, 0x7777), 0); /* and the group stays whole */
    assert_int_equal(group_size(group), 2);
    assert_true(group_runs(group));
    assert_false(group_read_as_user(group)); /* nothing of these is in a counter */
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    volatile char *memory =
        mmap(NULL, 2 * PAGES * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    madvise((void *)memory, 2 * PAGES * page, MADV_NOHUGEPAGE);
    assert_int_equal(group_arm(group), 0);
    for (size_t i = 0; i < PAGES; i++) /* a group that is not begun does not count */
        memory[i * page] = 1;
    assert_int_equal(group_begin(group), 0);
    for (size_t i = PAGES; i < 2 * PAGES; i++)
        memory[i * page] = 1;
    assert_int_equal(group_end(group, counts), 0);
    assert_true(counts[0] > 0 && counts[0] != NOT_COUNTED); /* ns here */
    assert_in_range(counts[1], PAGES, PAGES + PAGES / 4);   /* ASan adds its own */
    assert_true(counts[2] == NOT_COUNTED);
    group_disarm(group);
    munmap((void *)memory, 2 * PAGES * page);
    group_close(group);
}

/* A whole block that counts, in two sets that take turns, what the kernel itself counts. */
static void a_block_counts_software_events(void **state) {
    (void)state;
    char missing[256];
    struct job job = {.seed = 1, .rounds = 6, .ticks_per_ns = 1, .count = "stall,mem"};
    request_from_machine(&job, plan_suite_named("smoke"), NULL, NULL, missing, sizeof missing);
    a_set(&job, job.request.cpu_count > 1 ? 2 : 1);
    plant_pmu("cpu", "1\n", NULL);                     /* PERF_TYPE_SOFTWARE */
    plant_event("cpu", "cpu-cycles", "event=0x1\n");   /* task clock, ns */
    plant_event("cpu", "instructions", "event=0x2\n"); /* page faults */
    plant_event("cpu", "stall_backend", "event=0x1\n");
    plant_event("cpu", "stall_frontend", "event=0x4\n"); /* migrations */
    plant_event("cpu", "l1d_cache_refill", "event=0x1\n");
    json_t *line = block_measure(&job), *cell, *counts;
    json_t *events = json_object_get(line, "events");
    size_t i, round;
    if (json_is_null(events)) {
        print_message("%s\n", json_string_value(json_object_get(line, "pmu_skipped")));
        json_decref(line);
        skip();
    }
    assert_int_equal(json_array_size(json_object_get(events, "sets")), 2);
    assert_string_equal(json_string_value(json_object_get(events, "read")), "syscall");
    json_array_foreach(json_object_get(line, "cells"), i, cell) {
        const json_t *cycles = json_object_get(cell, "cycles");
        json_array_foreach(json_object_get(cell, "counts"), round, counts) {
            /* The same clock, read between its own readings in the other set: nearly equal. */
            double ns = (double)json_integer_value(json_array_get(cycles, round));
            double again = (double)json_integer_value(json_array_get(counts, 0));
            assert_true(ns > 0 && again > 0.5 * ns && again < 2 * ns);
        }
        assert_int_equal(round, 6);
    }
    json_decref(line);
}

static void says_why_not(void **state) {
    (void)state;
    int error;
    const struct pmu none = {.type = 0x7fffffff, .cycles = 1};
    assert_null(group_open(&none, &error));
    assert_true(error < 0);
    assert_true(*group_explain(error));
    group_close(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(no_pmu, plant_begin, plant_end),
        cmocka_unit_test_setup_teardown(one_kind_of_x86_core, plant_begin, plant_end),
        cmocka_unit_test_setup_teardown(two_kinds_of_x86_core, plant_begin, plant_end),
        cmocka_unit_test_setup_teardown(arm_and_apple, plant_begin, plant_end),
        cmocka_unit_test_setup_teardown(events_of_other_forms, plant_begin, plant_end),
        cmocka_unit_test_setup_teardown(codes_go_where_the_format_says, plant_begin, plant_end),
        cmocka_unit_test(cores_are_known),
        cmocka_unit_test(counts_page_faults),
        cmocka_unit_test_setup_teardown(a_block_counts_software_events, plant_begin, plant_end),
        cmocka_unit_test(says_why_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
