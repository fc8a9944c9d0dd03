/* SPDX-License-Identifier: MIT */
/* MEASURES: a pair of CPUs, in bounded time */
/* LINK: -Wl,--wrap=sched_getcpu -Wl,--wrap=runner_calibrate */
/* test_matrix.c: pairs of CPUs that can and cannot be measured; the latter say why. */
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>

#include "block/runner.h"
#include "machine/topology.h"
#include "matrix/matrix.h"
#include "report/matrix_table.h"
#include "unit/cmocka_all.h"

/* A kernel that lies about where a thread runs, after so many answers to a process. */
static bool lies;
static int honest;

int __real_sched_getcpu(void);
int __wrap_sched_getcpu(void);
int __wrap_sched_getcpu(void) {
    bool truth = !lies || __atomic_fetch_sub(&honest, 1, __ATOMIC_RELAXED) > 0;
    return truth ? __real_sched_getcpu() : 4095;
}

/* Whether a process dies where it begins to measure. */
static bool deadly;

void __real_runner_calibrate(struct runner *runner, const uint64_t *ops);
void __wrap_runner_calibrate(struct runner *runner, const uint64_t *ops);
void __wrap_runner_calibrate(struct runner *runner, const uint64_t *ops) {
    if (deadly)
        raise(SIGKILL);
    __real_runner_calibrate(runner, ops);
}

static bool one_cpu(void) {
    unsigned count;
    topology_cpus(&count);
    return count < 2;
}

static json_t *measure(const char *lowerings) {
    unsigned count;
    const unsigned *cpus = topology_cpus(&count);
    char list[32];
    snprintf(list, sizeof list, "%u,%u", cpus[1], cpus[0]);
    struct matrix_request request = {
        .kernel = "ping_pong", .cpus = list, .lowerings = lowerings, .seconds = 2, .seed = 3};
    return matrix_measure(&request);
}

static const char *reason(const json_t *matrix) {
    const json_t *pairs = json_object_get(matrix, "pairs");
    assert_int_equal(json_array_size(pairs), 1);
    const char *text = json_string_value(json_object_get(json_array_get(pairs, 0), "skipped"));
    char why[128];
    assert_int_equal(matrix_measured(matrix, why, sizeof why), text == NULL);
    if (text)
        assert_string_equal(why, text);
    return text ? text : "";
}

static void a_pair_has_its_numbers(void **state) {
    (void)state;
    if (one_cpu())
        skip();
    json_t *matrix = measure("native");
    const json_t *cells = json_object_get(matrix, "cells");
    assert_int_equal(json_array_size(cells), 3); /* plain, plain again, native */
    assert_string_equal(reason(matrix), "");
    for (size_t c = 0; c < 3; c++) {
        static const char *const keys[] = {"ns", "cycles", "ratio"};
        for (size_t k = 0; k < 3; k++) {
            double number[3];
            const json_t *pair = json_array_get(json_object_get(matrix, "pairs"), 0);
            assert_true(matrix_number(pair, keys[k], c, number));
            assert_true(0 < number[1] && number[1] <= number[0] && number[0] <= number[2]);
            assert_true(k < 2 || c > 0 || (number[1] == 1 && number[2] == 1));
        }
    }
    json_decref(matrix);
}

static void a_pair_that_cannot_be_pinned_says_so(void **state) {
    (void)state;
    if (one_cpu())
        skip();
    lies = true;
    honest = 2; /* when the two of the list are tried */
    json_t *matrix = measure("native");
    lies = false;
    assert_non_null(strstr(reason(matrix), "is said to run on another"));
    json_decref(matrix);
}

static void threads_that_were_moved_are_no_measurement(void **state) {
    (void)state;
    if (one_cpu())
        skip();
    lies = true;
    honest = 4; /* and when a pair is pinned, once */
    json_t *matrix = measure("native");
    lies = false;
    assert_non_null(strstr(reason(matrix), "did not stay on their CPUs"));
    json_decref(matrix);
}

static void a_process_that_dies_takes_its_pair_only(void **state) {
    (void)state;
    if (one_cpu())
        skip();
    deadly = true;
    json_t *matrix = measure("native");
    deadly = false;
    assert_string_equal(reason(matrix), "the process that measured it died: SIGKILL");
    json_decref(matrix);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pair_has_its_numbers),
        cmocka_unit_test(a_pair_that_cannot_be_pinned_says_so),
        cmocka_unit_test(a_process_that_dies_takes_its_pair_only),
        cmocka_unit_test(threads_that_were_moved_are_no_measurement),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
