/* SPDX-License-Identifier: MIT */
/* LINK: -Wl,--wrap=sched_getaffinity -Wl,--wrap=sched_getcpu -Wl,--wrap=sched_setaffinity */
/* test_topology.c: order of CPUs and sizes of working sets on machines that hwloc makes up, and
 * pinning against a kernel that lies. Each machine is a process, since it is read once. */
#include <errno.h>
#include <sched.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "machine/topology.h"
#include "unit/cmocka_all.h"

#define KIB 1024ull
#define MIB (1024 * KIB)

static unsigned allowed; /* a mask of CPUs to report, or 0: the truth */
static unsigned high;    /* one more, beyond 1023 */
static size_t smallest;  /* set that the kernel takes, in bytes */
static int current = -1; /* a CPU to report, or -1: the truth */
static int set_error;    /* errno of sched_setaffinity() */

int __real_sched_getaffinity(pid_t pid, size_t size, cpu_set_t *set);
int __real_sched_getcpu(void);

int __wrap_sched_getaffinity(pid_t pid, size_t size, cpu_set_t *set) {
    if (size < smallest) {
        errno = EINVAL;
        return -1;
    }
    if (allowed == 0)
        return __real_sched_getaffinity(pid, size, set);
    CPU_ZERO_S(size, set);
    if (high)
        CPU_SET_S(high, size, set);
    for (unsigned cpu = 0; cpu < 32; cpu++) {
        if (allowed >> cpu & 1)
            CPU_SET_S(cpu, size, set);
    }
    return 0;
}

int __real_sched_setaffinity(pid_t pid, size_t size, const cpu_set_t *set);
int __wrap_sched_setaffinity(pid_t pid, size_t size, const cpu_set_t *set) {
    errno = set_error;
    return set_error ? -1 : __real_sched_setaffinity(pid, size, set);
}

int __wrap_sched_getcpu(void) {
    return current < 0 ? __real_sched_getcpu() : current;
}

/* Runs `body` in a process of its own on a machine made up by hwloc, or on this one if NULL. */
static void on(const char *synthetic, unsigned mask, void (*body)(void)) {
    pid_t child = fork();
    if (child == 0) {
        if (synthetic)
            setenv("HWLOC_SYNTHETIC", synthetic, 1);
        allowed = mask;
        body();
        _exit(0);
    }
    int status;
    waitpid(child, &status, 0);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

#define WANT(condition)                                                                            \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            print_error("%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);                    \
            _exit(1);                                                                              \
        }                                                                                          \
    } while (0)

static void want_cpus(unsigned count, const unsigned *cpus) {
    unsigned got;
    const unsigned *order = topology_cpus(&got);
    WANT(got == count);
    WANT(memcmp(order, cpus, count * sizeof *cpus) == 0);
}

static void two_cores_of_two(void) {
    want_cpus(4, (unsigned[]){0, 2, 1, 3});
    WANT(topology_cores() == 2);
}

static void part_of_two_cores(void) {
    want_cpus(3, (unsigned[]){1, 2, 3});
    WANT(topology_cores() == 2);
}

static void no_cores(void) {
    char why[64];
    want_cpus(2, (unsigned[]){0, 1});
    WANT(topology_cores() == 2);
    for (unsigned i = 0; i < TOPOLOGY_LEVELS; i++) {
        why[0] = '\0';
        WANT(topology_footprint((enum topology_level)i, 0, why, sizeof why) == 0);
        WANT(strstr(why, "not known"));
    }
}

/* A CPU that hwloc does not list is used all the same. */
static void more_than_hwloc_knows(void) {
    want_cpus(3, (unsigned[]){0, 1, 5});
    WANT(topology_cores() == 3);
    WANT(topology_caches(5).l1d == 0);
}

/* The kernel of a machine that can have 2048 CPUs refuses smaller sets. */
static void more_than_1024(void) {
    smallest = 256;
    high = 1999;
    want_cpus(3, (unsigned[]){0, 1, 1999});
}

static void with_caches(void) {
    struct topology_caches caches = topology_caches(0);
    WANT(caches.l1d == 64 * KIB && caches.l2 == MIB && caches.l3 == 16 * MIB);
    WANT(caches.l3_cores == 2);
}

/* Threads of a core stand together in a sorted list, cores of a cluster, clusters of a package. */
static void two_packages_of_clusters(void) {
    unsigned cpus[] = {11, 9, 0, 1, 7, 15, 4, 8};
    const unsigned sorted[] = {0, 1, 4, 7, 8, 9, 11, 15};
    topology_sort(cpus, 8);
    WANT(memcmp(cpus, sorted, sizeof sorted) == 0);
    struct topology_place first = topology_place(0), beside = topology_place(1);
    struct topology_place same = topology_place(2), other = topology_place(4);
    struct topology_place far = topology_place(8);
    WANT(first.core == beside.core && first.core != same.core);
    WANT(first.cluster == same.cluster && first.cluster != other.cluster);
    WANT(first.package == other.package && first.package != far.package);
    WANT(far.cluster != other.cluster && far.cluster != first.cluster);
}

/* Its only cache that cores share is the package's: no clusters. */
static void no_clusters(void) {
    struct topology_place a = topology_place(0), b = topology_place(1);
    WANT(a.core == a.cluster && b.core == b.cluster && a.core != b.core);
    WANT(a.package == 0 && b.package == 0);
    a = topology_place(7); /* nobody knows it */
    WANT(a.core == 7 && a.cluster == 7 && a.package == 0);
}

static void made_up_machines(void **state) {
    (void)state;
    on("core:2 pu:2", 0xf, two_cores_of_two);
    on("core:2 pu:2", 0xe, part_of_two_cores);
    on("pu:2", 0x3, no_cores);
    on("pu:2", 0x23, more_than_hwloc_knows);
    on("pu:2", 0x3, more_than_1024);
    on("pack:1 l3:1(size=16777216) l2:2(size=1048576) l1d:1(size=65536) core:1 pu:1", 0x3,
       with_caches);
    on("pack:2 l3:2 core:2 pu:2", 0xffff, two_packages_of_clusters);
    on("core:2 pu:1", 0x3, no_clusters);
}

static void working_sets(void **state) {
    (void)state;
    const struct {
        struct topology_caches caches;
        uint64_t memory, want[TOPOLOGY_LEVELS];
    } cases[] = {
        /* an ordinary server */
        {{32 * KIB, MIB, 32 * MIB, 8},
         64 * KIB * MIB,
         {16 * KIB, 512 * KIB, 5898240 /* sqrt(32) MiB, in 64 KiB */, 64 * MIB}},
        /* an L3 of which two are more than 512 MiB */
        {{48 * KIB, 2 * MIB, 260 * MIB, 2}, 32 * KIB * MIB, {24 * KIB, MIB, 23855104, 512 * MIB}},
        {{32 * KIB, MIB, 384 * MIB, 8}, 64 * KIB * MIB, {16 * KIB, 512 * KIB, 20512768, 768 * MIB}},
        /* one too large for any array allowed */
        {{32 * KIB, MIB, 1024 * MIB, 8}, 64 * KIB * MIB, {16 * KIB, 512 * KIB, 32 * MIB, 0}},
        /* too little memory */
        {{32 * KIB, MIB, 256 * MIB, 8}, 1024 * MIB, {16 * KIB, 512 * KIB, 16 * MIB, 0}},
        /* Apple: no L3 that the system describes */
        {{128 * KIB, 12 * MIB, 0, 0}, 16 * KIB * MIB, {64 * KIB, 6 * MIB, 0, 512 * MIB}},
        {{0, 0, 0, 0}, 16 * KIB * MIB, {0, 0, 0, 0}},
        {{32 * KIB, 2 * MIB, 2 * MIB, 1}, 4096 * MIB, {16 * KIB, MIB, 0, 4 * MIB}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (unsigned level = 0; level < TOPOLOGY_LEVELS; level++) {
            char why[96] = "";
            uint64_t got = topology_footprint_of((enum topology_level)level, &cases[i].caches,
                                                 cases[i].memory, why, sizeof why);
            assert_int_equal(got, cases[i].want[level]);
            assert_int_equal(got == 0, why[0] != '\0');
        }
    }
}

static void pin_here(void) {
    unsigned count;
    const unsigned *cpus = topology_cpus(&count);
    unsigned first = cpus[0], last = cpus[count - 1];
    WANT(topology_pin(last) == 0 && __real_sched_getcpu() == (int)last);
    WANT(topology_pin(first) == 0 && __real_sched_getcpu() == (int)first);
    WANT(topology_pin(MAX_CPUS - 1) == -EINVAL);
    WANT(topology_pin(1u << 30) == -EINVAL);

    char why[128];
    current = (int)first + 1; /* bound, but the system says another CPU */
    WANT(topology_pin(first) == TOPOLOGY_ELSEWHERE);
    topology_pin_why(first, TOPOLOGY_ELSEWHERE, why, sizeof why);
    WANT(strstr(why, "getcpu"));
    current = -1;
    allowed = 1u << first | 1u << (first + 1); /* accepted, but it did nothing */
    WANT(topology_pin(first) == TOPOLOGY_NOT_BOUND);
    topology_pin_why(first, TOPOLOGY_NOT_BOUND, why, sizeof why);
    WANT(strstr(why, "does not do it"));
    set_error = EPERM;
    WANT(topology_pin(first) == -EPERM);
    topology_pin_why(first, -EPERM, why, sizeof why);
    WANT(strstr(why, "Operation not permitted"));
}

static void pinning(void **state) {
    (void)state;
    on(NULL, 0, pin_here);
    on("pu:2", 0, pin_here); /* hwloc itself binds nothing there */
}

static void cpu_lists(void **state) {
    (void)state;
    unsigned cpus[8];
    assert_int_equal(topology_parse_cpus("0-3,8", cpus, 8), 5);
    assert_memory_equal(cpus, ((unsigned[]){0, 1, 2, 3, 8}), 5 * sizeof *cpus);
    assert_int_equal(topology_parse_cpus("5,1", cpus, 8), 2);
    assert_memory_equal(cpus, ((unsigned[]){5, 1}), 2 * sizeof *cpus);
    assert_int_equal(topology_parse_cpus("0-8", cpus, 8), -E2BIG);
    const char *const bad[] = {"",    ",",     "1,",  ",1",  "-1",    "1-",         "3-1",  "a",
                               "1 2", "1-2-3", "1;2", "1,1", "0-3,2", "4294967296", "8192", "0x1"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(topology_parse_cpus(bad[i], cpus, 8), -EINVAL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(made_up_machines),
        cmocka_unit_test(working_sets),
        cmocka_unit_test(pinning),
        cmocka_unit_test(cpu_lists),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
