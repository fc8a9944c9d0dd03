/* SPDX-License-Identifier: MIT */
/* LINK: -Wl,--wrap=disturb_moved -Wl,--wrap=topology_pin */
/* test_battery.c: what threads see that are not where they were put proves nothing. */
#include <limits.h>
#include <string.h>

#include "fakes/a_set.h"
#include "litmus/battery.h"
#include "litmus/litmus_case.h"
#include "machine/topology.h"
#include "plan/registry.h"
#include "plan/request.h"
#include "unit/cmocka_all.h"

/* So many times the second CPU's thread is told the truth, and then that it is elsewhere. */
static int honest;
static unsigned second, pinned;

bool __real_disturb_moved(unsigned cpu);
bool __wrap_disturb_moved(unsigned cpu);
bool __wrap_disturb_moved(unsigned cpu) {
    if (cpu == second && __atomic_fetch_sub(&honest, 1, __ATOMIC_RELAXED) <= 0)
        return true;
    return __real_disturb_moved(cpu);
}

int __real_topology_pin(unsigned cpu);
int __wrap_topology_pin(unsigned cpu);
int __wrap_topology_pin(unsigned cpu) {
    if (cpu == second)
        __atomic_fetch_add(&pinned, 1, __ATOMIC_RELAXED);
    return __real_topology_pin(cpu);
}

static struct crew *two_threads(int truths) {
    char why[128];
    unsigned count;
    const unsigned *cpus = topology_cpus(&count);
    if (count < 2)
        skip();
    second = cpus[1];
    honest = truths;
    pinned = 0;
    struct crew *crew = crew_start(cpus, 2, why, sizeof why);
    assert_non_null(crew);
    return crew;
}

static void run(int truths, struct battery_result results[BATTERY_TESTS]) {
    const enum memmodel models[LITMUS_THREADS] = {MEMMODEL_FIXED_TSO, MEMMODEL_FIXED_TSO,
                                                  MEMMODEL_FIXED_TSO, MEMMODEL_FIXED_TSO};
    struct crew *crew = two_threads(truths);
    battery_run(crew, models, 8 * 256, 0, 0, 1, results);
    crew_stop(crew);
}

static const struct battery_result *of(const struct battery_result *results, const char *test) {
    for (int i = 0; i < BATTERY_TESTS; i++)
        if (strcmp(results[i].test, test) == 0)
            return &results[i];
    fail_msg("no test %s", test);
    return NULL;
}

static void all_are_where_they_belong(void **state) {
    (void)state;
    char why[128] = "";
    struct battery_result results[BATTERY_TESTS];
    run(INT_MAX, results);
    assert_true(of(results, "SB")->runs > 0);
    assert_int_equal(of(results, "SB")->moved, 0);
    assert_int_equal(of(results, "IRIW")->runs + of(results, "IRIW")->moved, 0); /* of four */
    assert_false(battery_unproven(results, why, sizeof why));
    json_t *row = battery_json(of(results, "SB"), "weak");
    assert_null(json_object_get(row, "moved"));
    json_decref(row);
}

static void one_was_moved(void **state) {
    (void)state;
    char why[128] = "";
    struct battery_result results[BATTERY_TESTS];
    run(0, results);
    for (int i = 0; i < BATTERY_TESTS; i++)
        assert_int_equal(results[i].runs + results[i].relaxed, 0);
    assert_true(of(results, "SB")->moved > 0);
    assert_true(battery_unproven(results, why, sizeof why));
    assert_non_null(strstr(why, "were not on the CPUs they were pinned to in"));
    assert_true(pinned >= 6); /* at the crew's start, and again before each of the tests of two */
    json_t *row = battery_json(of(results, "SB"), "weak");
    assert_true(json_integer_value(json_object_get(row, "moved")) > 0);
    json_decref(row);
}

/* In the middle of the first test: what came before counts. */
static void one_is_moved(void **state) {
    (void)state;
    struct battery_result results[BATTERY_TESTS];
    run(7, results);
    assert_int_equal(of(results, "MP")->runs, 3 * 256); /* the first look is before all */
    assert_true(of(results, "MP")->moved > 0);
}

static void a_block_says_so(void **state) {
    (void)state;
    struct job job;
    char missing[256];
    request_from_machine(&job, plan_suite_named("smoke"), NULL, NULL, missing, sizeof missing);
    if (job.request.cpu_count < 2)
        skip();
    second = job.cpus[1];
    struct plan plan = plan_make(&job.request);
    json_t *line = json_object();
    honest = 0;
    json_t *rows = block_battery(&job, &plan.sets[0], 1, line);
    assert_true(json_array_size(rows) >= BATTERY_TESTS);
    const char *reason = json_string_value(json_object_get(line, "battery_skipped"));
    assert_non_null(reason);
    assert_non_null(strstr(reason, "not on the CPUs"));
    json_decref(rows);
    json_decref(line);
    line = json_object();
    honest = INT_MAX;
    json_decref(block_battery(&job, &plan.sets[0], 1, line));
    assert_int_equal(json_object_size(line), 0);
    json_decref(line);
    plan_free(&plan);
}

static void a_case_says_so(void **state) {
    (void)state;
    struct litmus_case one;
    char text[256];
    litmus_case_make(&one, 0, registry_lowering("plain"), MEMMODEL_FIXED_TSO);
    assert_false(litmus_unproven(&one));
    one.counts.moved = 1024;
    assert_true(litmus_unproven(&one));
    assert_true(litmus_verdict(&one, text, sizeof text)); /* nothing is refuted */
    assert_string_equal(text, "unproven: in each of 1,024 runs a thread was not on its CPU");
    one.counts.runs = 1;
    assert_false(litmus_unproven(&one));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_are_where_they_belong),
        cmocka_unit_test(one_was_moved),
        cmocka_unit_test(one_is_moved),
        cmocka_unit_test(a_block_says_so),
        cmocka_unit_test(a_case_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
