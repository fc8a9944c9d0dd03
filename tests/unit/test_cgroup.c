/* SPDX-License-Identifier: MIT */
/* test_cgroup.c: limits of control groups in trees of both versions, as hosts and containers show
 * them. */
#include "fakes/plant.h"
#include "machine/cgroup.h"
#include "unit/cmocka_all.h"

#define V1                                                                                         \
    "31 23 0:26 / /sys/fs/cgroup/memory rw,nosuid shared:9 - cgroup cgroup rw,memory\n"            \
    "32 23 0:27 / /sys/fs/cgroup/cpu,cpuacct rw shared:10 - cgroup cgroup rw,cpu,cpuacct\n"
#define V2 "30 23 0:25 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n"

static void groups(const char *mounts, const char *paths) {
    plant("/proc/self/mountinfo", mounts);
    plant("/proc/self/cgroup", paths);
}

static void nothing(void **state) {
    (void)state;
    assert_true(cgroup_memory() == UINT64_MAX);
    assert_true(cgroup_cpu_time() == 0);
    assert_int_equal(cgroup_throttled(), 0);
    struct cgroup_kills none = cgroup_kills();
    assert_int_equal(none.group + none.machine, 0);
    groups(V2, "0::/user.slice\n");
    plant("/sys/fs/cgroup/user.slice/memory.max", "max\n");
    plant("/sys/fs/cgroup/user.slice/memory.high", "max\n");
    plant("/sys/fs/cgroup/user.slice/cpu.max", "max 100000\n");
    assert_true(cgroup_memory() == UINT64_MAX);
    assert_true(cgroup_cpu_time() == 0);
    json_t *json = cgroup_json();
    assert_int_equal(json_object_size(json), 0);
    json_decref(json);
    groups("garbage\n - \n1 2 3 - cgroup2\n", "0\n::\n:\n\n"); /* nobody falls over it */
    assert_true(cgroup_memory() == UINT64_MAX);
}

static void version_2(void **state) {
    (void)state;
    groups("22 1 8:1 / / rw - ext4 /dev/sda1 rw\n" V2, "0::/a.slice/b.scope\n");
    plant("/sys/fs/cgroup/a.slice/memory.max", "201326592\n"); /* the parent's is the least */
    plant("/sys/fs/cgroup/a.slice/b.scope/memory.max", "max\n");
    plant("/sys/fs/cgroup/a.slice/b.scope/memory.high", "402653184\n");
    plant("/sys/fs/cgroup/a.slice/cpu.max", "150000 100000\n");
    plant("/sys/fs/cgroup/a.slice/b.scope/cpu.max", "5000 10000\n");
    plant("/sys/fs/cgroup/a.slice/cpu.stat", "usage_usec 5\nnr_periods 9\nnr_throttled 2\n");
    plant("/sys/fs/cgroup/a.slice/b.scope/cpu.stat", "nr_throttled 3\nthrottled_usec 7\n");
    assert_int_equal(cgroup_memory(), 192 << 20);
    assert_true(cgroup_cpu_time() == 0.5);
    assert_int_equal(cgroup_throttled(), 5);
    plant("/sys/fs/cgroup/a.slice/memory.max", "max\n");
    assert_int_equal(cgroup_memory(), 384 << 20);
    json_t *json = cgroup_json();
    assert_int_equal(json_integer_value(json_object_get(json, "memory_bytes")), 384 << 20);
    assert_true(json_real_value(json_object_get(json, "cpu_time")) == 0.5);
    assert_int_equal(json_integer_value(json_object_get(json, "throttled_before")), 5);
    json_decref(json);
}

static void version_1(void **state) {
    (void)state;
    groups(V1, "9:name=systemd:/\n4:memory:/box/inner\n3:cpuset:/\n2:cpu,cpuacct:/box\n0::/\n");
    plant("/sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
    assert_true(cgroup_memory() == UINT64_MAX);
    plant("/sys/fs/cgroup/memory/box/memory.limit_in_bytes", "536870912\n");
    plant("/sys/fs/cgroup/memory/box/inner/memory.limit_in_bytes", "9223372036854771712\n");
    plant("/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "-1\n");
    plant("/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000\n");
    plant("/sys/fs/cgroup/cpu,cpuacct/box/cpu.cfs_quota_us", "25000\n");
    plant("/sys/fs/cgroup/cpu,cpuacct/box/cpu.cfs_period_us", "100000\n");
    plant("/sys/fs/cgroup/cpu,cpuacct/box/cpu.stat", "nr_periods 300\nnr_throttled 122\n");
    assert_int_equal(cgroup_memory(), 512 << 20);
    assert_true(cgroup_cpu_time() == 0.25);
    assert_int_equal(cgroup_throttled(), 122);
}

/* The mount shows the container's own group, whose path is the host's; what is above shows in
 * the group's own memory.stat alone. */
static void containers(void **state) {
    (void)state;
    groups("40 30 0:26 /docker/abc /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n",
           "4:memory:/docker/abc\n");
    plant("/sys/fs/cgroup/memory/memory.limit_in_bytes", "1073741824\n");
    assert_int_equal(cgroup_memory(), 1 << 30);
    plant("/sys/fs/cgroup/memory/memory.stat", "cache 0\nhierarchical_memory_limit 104857600\n");
    assert_int_equal(cgroup_memory(), 100 << 20);

    /* A namespace of its own under another mount; then a group beside what is mounted. */
    groups(V2, "0::/\n");
    plant("/sys/fs/cgroup/memory.max", "67108864\n");
    assert_int_equal(cgroup_memory(), 64 << 20);
    groups(V2, "0::/../../other\n");
    assert_int_equal(cgroup_memory(), 64 << 20);
    groups("30 23 0:25 /docker/abc /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n", "0::/docker/abcd\n");
    assert_int_equal(cgroup_memory(), 64 << 20);

    groups("30 23 0:25 / /mnt/my\\040groups rw - cgroup2 cgroup2 rw\n", "0::/x\n");
    plant("/mnt/my groups/x/memory.max", "33554432\n");
    assert_int_equal(cgroup_memory(), 32 << 20);
}

static void kills(void **state) {
    (void)state;
    char why[96] = "untouched";
    groups(V2, "0::/x\n");
    plant("/sys/fs/cgroup/x/memory.events", "low 0\noom 4\noom_kill 3\n");
    plant("/proc/vmstat", "nr_free_pages 1\noom_kill 8\n");
    struct cgroup_kills before = cgroup_kills();
    assert_int_equal(before.group, 3);
    assert_int_equal(before.machine, 8);
    assert_false(cgroup_killed_since(before, why, sizeof why));
    assert_string_equal(why, "untouched");
    plant("/proc/vmstat", "nr_free_pages 1\noom_kill 9\n");
    assert_true(cgroup_killed_since(before, why, sizeof why));
    assert_string_equal(why, "killed for want of memory");
    plant("/sys/fs/cgroup/x/memory.events", "oom_kill 4\noom_group_kill 7\n");
    plant("/sys/fs/cgroup/memory.max", "201326592\n");
    assert_true(cgroup_killed_since(before, why, sizeof why));
    assert_string_equal(why, "killed for want of memory: its control group may use 192 MiB");

    groups(V1, "4:memory:/box\n");
    plant("/sys/fs/cgroup/memory/box/memory.oom_control", "under_oom 0\noom_kill 6\n");
    assert_int_equal(cgroup_kills().group, 6);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nothing, plant_begin, plant_end),
        cmocka_unit_test_setup_teardown(version_2, plant_begin, plant_end),
        cmocka_unit_test_setup_teardown(version_1, plant_begin, plant_end),
        cmocka_unit_test_setup_teardown(containers, plant_begin, plant_end),
        cmocka_unit_test_setup_teardown(kills, plant_begin, plant_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
