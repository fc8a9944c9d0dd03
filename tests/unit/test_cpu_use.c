/* SPDX-License-Identifier: MIT */
/* LINK: -Wl,--wrap=sched_getaffinity -Wl,--wrap=sched_setaffinity -Wl,--wrap=sched_getcpu */
/* test_cpu_use.c: a machine of six CPUs: the process was started on 0, may use 1, 2 is isolated, 3
 * is offline, 4 belongs to another cpuset, 5 and more are not there. */
#include <errno.h>
#include <sched.h>

#include "fakes/plant.h"
#include "machine/cpu_use.h"
#include "machine/topology.h"
#include "unit/cmocka_all.h"

static unsigned bound = 1u << 0, may = 1u << 0 | 1u << 1 | 1u << 2;
static int refusal; /* of every CPU */

int __wrap_sched_getaffinity(pid_t pid, size_t size, cpu_set_t *set) {
    (void)pid;
    CPU_ZERO_S(size, set);
    for (unsigned cpu = 0; cpu < 32; cpu++)
        if (bound >> cpu & 1)
            CPU_SET_S(cpu, size, set);
    return 0;
}

int __wrap_sched_setaffinity(pid_t pid, size_t size, const cpu_set_t *set) {
    unsigned wish = 0;
    (void)pid;
    for (unsigned cpu = 0; cpu < 32; cpu++)
        if (CPU_ISSET_S(cpu, size, set))
            wish |= 1u << cpu;
    errno = refusal ? refusal : EINVAL;
    if (refusal || (wish & may) == 0)
        return -1;
    bound = wish & may;
    return 0;
}

int __wrap_sched_getcpu(void) {
    return __builtin_ctz(bound);
}

static int begin(void **state) {
    plant_begin(state);
    plant("/sys/devices/system/cpu/present", "0-4\n");
    plant("/sys/devices/system/cpu/online", "0-2,4\n");
    plant("/sys/devices/system/cpu/isolated", "2\n");
    refusal = 0;
    return 0;
}

static void refused(unsigned cpu, const char *why, const char *how) {
    struct cpu_reason reason;
    assert_false(cpu_usable(cpu, &reason));
    assert_non_null(strstr(reason.why, why));
    assert_non_null(strstr(reason.how, how));
    assert_int_equal(bound, 1);
}

static void by_name(void **state) {
    (void)state;
    struct cpu_reason reason;
    for (unsigned cpu = 0; cpu < 3; cpu++)
        assert_true(cpu_usable(cpu, &reason));
    assert_int_equal(bound, 1); /* as it was */
    refused(3, "offline", "echo 1 >/sys/devices/system/cpu/cpu3/online");
    refused(4, "cpuset", "--cpuset-cpus");
    refused(5, "no such CPU", "0-4");
    refused(MAX_CPUS + 5, "no such CPU", "0-4");
    refusal = EPERM;
    refused(1, "Operation not permitted", "sandbox");
}

static void without_sysfs(void **state) {
    (void)state;
    sysfile_root = "/nowhere";
    refused(4, "absent, offline or not in", "mount");
    sysfile_root = plant_root;
}

static void expect(const json_t *row, const char *what, const char *why, const char *how) {
    assert_string_equal(json_string_value(json_object_get(row, "what")), what);
    assert_non_null(strstr(json_string_value(json_object_get(row, "why")), why));
    assert_non_null(strstr(json_string_value(json_object_get(row, "how")), how));
}

static void the_others(void **state) {
    (void)state;
    json_t *rows = cpu_unused();
    assert_int_equal(json_array_size(rows), 4);
    expect(json_array_get(rows, 0), "CPU 1", "taskset", "--cpus with 1 ");
    expect(json_array_get(rows, 1), "CPU 2", "isolated", "--cpus with 2 ");
    expect(json_array_get(rows, 2), "CPU 3", "offline", "cpu3/online");
    expect(json_array_get(rows, 3), "CPU 4", "cpuset", "AllowedCPUs");
    json_decref(rows);
    plant("/sys/devices/system/cpu/present", "0-7\n");
    rows = cpu_unused();
    expect(json_array_get(rows, 2), "CPUs 3,5-7", "offline", "cpuN/online");
    json_decref(rows);
    sysfile_root = "/nowhere";
    rows = cpu_unused();
    assert_int_equal(json_array_size(rows), 0);
    json_decref(rows);
    sysfile_root = plant_root;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(by_name, begin, plant_end),
        cmocka_unit_test_setup_teardown(without_sysfs, begin, plant_end),
        cmocka_unit_test_setup_teardown(the_others, begin, plant_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
