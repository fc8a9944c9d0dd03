/* SPDX-License-Identifier: MIT
 *
 * test_pmu.c: finding the PMU of a CPU in made-up trees, and counting with software events,
 * which need no PMU.
 */
#include <linux/perf_event.h>
#include <sys/mman.h>

#include "cmocka_all.h"
#include "plant.h"
#include "pmu.h"

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

static struct pmu_event events[PMU_EVENTS];
static char why[160];

static void want_found(int cpu, unsigned type, unsigned cycles, unsigned instructions) {
    assert_true(pmu_find(cpu, events, why, sizeof why));
    assert_int_equal(events[PMU_CYCLES].type, type);
    assert_int_equal(events[PMU_INSTRUCTIONS].type, type);
    assert_int_equal(events[PMU_CYCLES].config, cycles);
    assert_int_equal(events[PMU_INSTRUCTIONS].config, instructions);
}

static void want_not_found(int cpu, const char *reason) {
    assert_false(pmu_find(cpu, events, why, sizeof why));
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
    want_not_found(7, "does not count instructions"); /* as QEMU's PMU */
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

static const struct pmu_event software[PMU_EVENTS] = {
    {PERF_TYPE_SOFTWARE, PERF_COUNT_SW_TASK_CLOCK},
    {PERF_TYPE_SOFTWARE, PERF_COUNT_SW_PAGE_FAULTS},
};

static void counts_page_faults(void **state) {
    (void)state;
    enum { PAGES = 256 };
    struct pmu_counts before, after, difference;
    struct pmu *pmu = pmu_open_events(software, why, sizeof why);
    if (pmu == NULL) {
        print_message("%s\n", why);
        assert_true(why[0]);
        skip();
    }
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    volatile char *memory =
        mmap(NULL, PAGES * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    madvise((void *)memory, PAGES * page, MADV_NOHUGEPAGE);
    assert_int_equal(pmu_read(pmu, &before), 0);
    for (size_t i = 0; i < PAGES; i++)
        memory[i * page] = 1;
    assert_int_equal(pmu_read(pmu, &after), 0);
    assert_true(pmu_difference(&before, &after, &difference));
    assert_in_range(difference.instructions, PAGES, PAGES + PAGES / 4); /* ASan adds its own */
    assert_true(difference.cycles > 0);                                 /* ns here */
    munmap((void *)memory, PAGES * page);
    pmu_close(pmu);
}

static void says_why_not(void **state) {
    (void)state;
    const struct pmu_event none[PMU_EVENTS] = {{0x7fffffff, 1}, {0x7fffffff, 2}};
    assert_null(pmu_open_events(none, why, sizeof why));
    assert_non_null(strstr(why, "cannot count cycles: "));
    const struct pmu_event half[PMU_EVENTS] = {software[0], {0x7fffffff, 2}};
    assert_null(pmu_open_events(half, why, sizeof why));
    assert_non_null(strstr(why, "cannot count "));
    pmu_close(NULL);
}

static void multiplexed_counts_are_refused(void **state) {
    (void)state;
    struct pmu_counts difference;
    const struct pmu_counts before = {100, 50, 2000, 2000};
    assert_true(pmu_difference(&before, &(struct pmu_counts){300, 90, 4000, 4000}, &difference));
    assert_int_equal(difference.cycles, 200);
    assert_int_equal(difference.instructions, 40);
    assert_false(pmu_difference(&before, &(struct pmu_counts){300, 90, 4000, 3999}, &difference));
    assert_false(pmu_difference(&before, &before, &difference)); /* never on */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(no_pmu, plant_begin, plant_end),
        cmocka_unit_test_setup_teardown(one_kind_of_x86_core, plant_begin, plant_end),
        cmocka_unit_test_setup_teardown(two_kinds_of_x86_core, plant_begin, plant_end),
        cmocka_unit_test_setup_teardown(arm_and_apple, plant_begin, plant_end),
        cmocka_unit_test_setup_teardown(events_of_other_forms, plant_begin, plant_end),
        cmocka_unit_test(counts_page_faults),
        cmocka_unit_test(says_why_not),
        cmocka_unit_test(multiplexed_counts_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
