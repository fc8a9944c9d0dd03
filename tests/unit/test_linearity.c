/* SPDX-License-Identifier: MIT
 *
 * The check that only a kernel's operations are timed passes a kernel that is linear, and refuses
 * one that also does something once a call, and one whose result is wrong. On CPUs that are busy
 * with other programs it may be unable to judge, and never says the opposite.
 */
/* MEASURES: that times are linear */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "machine/ticks.h"
#include "machine/topology.h"
#include "probe/machine.h"
#include "selftest/linearity.h"
#include "unit/cmocka_all.h"

static void nothing(struct work *work, unsigned thread) {
    (void)work;
    (void)thread;
}

static void plant_nothing(struct work *work, uint64_t ops) {
    (void)work;
    (void)ops;
}

static const char *right(struct work *work, uint64_t ops) {
    (void)work;
    (void)ops;
    return NULL;
}

static const char *wrong(struct work *work, uint64_t ops) {
    (void)work;
    (void)ops;
    return "wrong";
}

/* Ten dependent additions an operation: nothing that a cache or a predictor could change. */
static void linear(struct work *work, unsigned thread, uint64_t ops) {
    (void)work;
    (void)thread;
    for (uint64_t value = 0, i = 0; i < 10 * ops; i++)
        __asm__ volatile("" : "+r"(value) : "r"(i));
}

/* As if the runner timed some work of its own too: a third of a sample on top of each. */
static void with_overhead(struct work *work, unsigned thread, uint64_t ops) {
    linear(work, thread, ops);
    for (uint64_t begin = ticks_begin(); (double)(ticks_begin() - begin) < 20e3 * ticks_per_ns();)
        continue;
}

/* As if longer samples made threads get more in each other's way. */
static void growing(struct work *work, unsigned thread, uint64_t ops) {
    linear(work, thread, ops * (1 + ops / 1000));
}

static struct linearity measure_on(unsigned threads, void (*run)(struct work *, unsigned, uint64_t),
                                   const char *(*check)(struct work *, uint64_t)) {
    const struct kernel kernel = {
        .name = "fake", .setup = nothing, .prepare = plant_nothing, .run = run, .check = check};
    struct set set = {.name = "fake", .kernel = &kernel, .threads = threads, .cell_count = 2};
    char why[128];
    for (int i = 0; i < 2; i++)
        set.cells[i] = (struct cell){.name = "plain", .model = MEMMODEL_FIXED_TSO, .run = run};
    unsigned cpus;
    struct crew *crew = crew_start(topology_cpus(&cpus), threads, why, sizeof why);
    if (crew == NULL)
        fail_msg("%s", why);
    struct linearity result = linearity_measure(&set, crew, 1);
    crew_stop(crew);
    return result;
}

static struct linearity measure(void (*run)(struct work *, unsigned, uint64_t),
                                const char *(*check)(struct work *, uint64_t)) {
    return measure_on(1, run, check);
}

static void a_linear_kernel_passes(void **state) {
    (void)state;
    struct linearity found = measure(linear, right);
    if (linearity_verdict(&found) == LINEARITY_REFUTED)
        fail_msg("2n took %.3f of n", found.ratio);
    assert_int_equal(found.wrong, 0);
}

static void other_work_in_the_timed_region_is_seen(void **state) {
    (void)state;
    struct linearity found = measure(with_overhead, right);
    if (linearity_verdict(&found) == LINEARITY_HOLDS)
        fail_msg("2n took %.3f of n", found.ratio);
}

/* Only threads that disturb each other have an excuse, and that is none for a pass. */
static void a_growing_cost_is_refused_of_one_thread(void **state) {
    (void)state;
    unsigned cpus;
    struct linearity found = measure(growing, right);
    if (linearity_verdict(&found) == LINEARITY_HOLDS)
        fail_msg("2n took %.3f of n", found.ratio);
    topology_cpus(&cpus);
    if (cpus < 2)
        return;
    found = measure_on(2, growing, right);
    assert_int_equal(found.refuted, 0);
    if (linearity_verdict(&found) != LINEARITY_UNJUDGED)
        fail_msg("2n took %.3f of n", found.ratio);
}

/* Other programs that never sleep, on the CPU that is measured. */
static void among_others(void (*test)(void **state)) {
    enum { OTHERS = 3 };
    unsigned count;
    const unsigned *cpus = topology_cpus(&count);
    pid_t others[OTHERS];
    for (int i = 0; i < OTHERS; i++)
        if ((others[i] = fork()) == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            topology_pin(cpus[0]);
            for (;;)
                __asm__ volatile("");
        }
    test(NULL);
    for (int i = 0; i < OTHERS; i++) {
        kill(others[i], SIGKILL);
        waitpid(others[i], NULL, 0);
    }
}

static void so_it_is_on_a_busy_cpu(void **state) {
    (void)state;
    among_others(a_linear_kernel_passes);
    among_others(other_work_in_the_timed_region_is_seen);
}

/* The verdicts of what was found: not every measurement can be judged, but a wrong result can. */
static void verdicts(void **state) {
    (void)state;
    struct linearity found = {.tries = 16};
    assert_int_equal(linearity_verdict(&found), LINEARITY_UNJUDGED);
    found.refuted = 8;
    assert_int_equal(linearity_verdict(&found), LINEARITY_UNJUDGED);
    found.refuted = 9;
    assert_int_equal(linearity_verdict(&found), LINEARITY_REFUTED);
    found.linear = true;
    assert_int_equal(linearity_verdict(&found), LINEARITY_HOLDS);
    found.wrong = 1;
    assert_int_equal(linearity_verdict(&found), LINEARITY_REFUTED);
}

static void wrong_results_are_counted(void **state) {
    (void)state;
    assert_true(measure(linear, wrong).wrong > 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_linear_kernel_passes),
        cmocka_unit_test(other_work_in_the_timed_region_is_seen),
        cmocka_unit_test(a_growing_cost_is_refused_of_one_thread),
        cmocka_unit_test(wrong_results_are_counted),
        cmocka_unit_test(so_it_is_on_a_busy_cpu),
        cmocka_unit_test(verdicts),
    };
    if (machine_source() != SOURCE_MEASURED) {
        puts("times mean nothing here: nothing is timed");
        return 77;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
