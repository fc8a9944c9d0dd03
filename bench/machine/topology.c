/* SPDX-License-Identifier: MIT */
#include "machine/topology.h"

#include <errno.h>
#include <hwloc.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/die.h"
#include "machine/cgroup.h"
#include "machine/sysfile.h"
#include "machine/virt.h"

static struct {
    hwloc_topology_t hwloc;
    unsigned *cpus, count, cores;
} machine;

/* Where a CPU stands among those of its core, and how fast its kind of core is. */
struct place {
    unsigned cpu, sibling;
    int kind;
};

static int compare_places(const void *left, const void *right) {
    const struct place *a = left, *b = right;
    if (a->sibling != b->sibling)
        return a->sibling < b->sibling ? -1 : 1;
    if (a->kind != b->kind)
        return a->kind > b->kind ? -1 : 1;
    return a->cpu < b->cpu ? -1 : a->cpu > b->cpu;
}

static hwloc_obj_t find_pu(unsigned cpu) {
    return hwloc_get_pu_obj_by_os_index(machine.hwloc, cpu);
}

static hwloc_obj_t find_core(unsigned cpu) {
    hwloc_obj_t pu = find_pu(cpu);
    return pu ? hwloc_get_ancestor_obj_by_type(machine.hwloc, HWLOC_OBJ_CORE, pu) : NULL;
}

/* How fast a CPU's kind of core is, among the kinds of this machine; -1 if that is not known. */
static int kind_of(unsigned cpu) {
    int efficiency = -1;
    hwloc_obj_t pu = find_pu(cpu);
    int kind = pu ? hwloc_cpukinds_get_by_cpuset(machine.hwloc, pu->cpuset, 0) : -1;
    if (kind >= 0)
        hwloc_cpukinds_get_info(machine.hwloc, (unsigned)kind, NULL, &efficiency, NULL, NULL, 0);
    return efficiency;
}

/* The CPUs that the calling thread may run on. A set of cpu_set_t's size is too small for the
 * kernel of a machine that can have more than 1024. The caller frees it. */
static cpu_set_t *affinity(void) {
    cpu_set_t *set = CPU_ALLOC(MAX_CPUS);
    if (set == NULL || sched_getaffinity(0, CPU_ALLOC_SIZE(MAX_CPUS), set))
        die(EXIT_FAILED, "cannot learn which CPUs may be used: %s", strerror(errno));
    return set;
}

/* What hwloc misses shows in what it does not know; it would say so again in each block. */
static bool load_hwloc(void) {
    bool asked = getenv("HWLOC_HIDE_ERRORS") != NULL;
    if (!asked)
        setenv("HWLOC_HIDE_ERRORS", "2", 1);
    bool loaded =
        hwloc_topology_init(&machine.hwloc) == 0 && hwloc_topology_load(machine.hwloc) == 0;
    if (!asked)
        unsetenv("HWLOC_HIDE_ERRORS");
    return loaded;
}

static void load(void) {
    if (machine.cpus)
        return;
    cpu_set_t *allowed = affinity();
    if (!load_hwloc())
        die(EXIT_FAILED,
            "hwloc cannot read the topology of this machine: %s; HWLOC_SYNTHETIC can describe it",
            strerror(errno));

    struct place *places = allocate(MAX_CPUS, sizeof *places);
    machine.cpus = allocate(MAX_CPUS, sizeof *machine.cpus);
    for (unsigned cpu = 0; cpu < MAX_CPUS; cpu++) {
        if (!CPU_ISSET_S(cpu, CPU_ALLOC_SIZE(MAX_CPUS), allowed))
            continue;
        struct place place = {cpu, 0, kind_of(cpu)};
        hwloc_obj_t core = find_core(cpu); /* a CPU that hwloc does not know is its own core */
        for (unsigned i = 0; core && i < machine.count; i++)
            place.sibling += find_core(places[i].cpu) == core;
        machine.cores += place.sibling == 0;
        places[machine.count++] = place;
    }
    qsort(places, machine.count, sizeof *places, compare_places);
    for (unsigned i = 0; i < machine.count; i++)
        machine.cpus[i] = places[i].cpu;
    free(places);
    CPU_FREE(allowed);
}

const unsigned *topology_cpus(unsigned *count) {
    load();
    *count = machine.count;
    return machine.cpus;
}

unsigned topology_cores(void) {
    load();
    return machine.cores;
}

unsigned topology_numa_nodes(void) {
    load();
    int nodes = hwloc_get_nbobjs_by_type(machine.hwloc, HWLOC_OBJ_NUMANODE);
    return nodes > 0 ? (unsigned)nodes : 0;
}

struct topology_caches topology_caches(unsigned cpu) {
    load();
    struct topology_caches caches = {0};
    for (hwloc_obj_t at = find_pu(cpu); at; at = at->parent) {
        if (at->type == HWLOC_OBJ_L1CACHE) {
            caches.l1d = at->attr->cache.size;
        } else if (at->type == HWLOC_OBJ_L2CACHE) {
            caches.l2 = at->attr->cache.size;
        } else if (at->type == HWLOC_OBJ_L3CACHE) {
            int cores =
                hwloc_get_nbobjs_inside_cpuset_by_type(machine.hwloc, at->cpuset, HWLOC_OBJ_CORE);
            caches.l3 = at->attr->cache.size;
            caches.l3_cores = cores > 0 ? (unsigned)cores : 0;
        }
    }
    return caches;
}

uint64_t topology_l1i(void) {
    static const char cache[] = "/sys/devices/system/cpu/cpu0/cache/index%d/%s";
    for (int index = 0; index < 4; index++) {
        char type[16];
        uint64_t kib;
        if (sysfile_line(type, sizeof type, cache, index, "type") &&
            strcmp(type, "Instruction") == 0 && sysfile_number(&kib, cache, index, "size"))
            return kib << 10;
    }
    return 0;
}

struct topology_place topology_place(unsigned cpu) {
    load();
    hwloc_obj_t core = find_core(cpu), package;
    if (core == NULL)
        return (struct topology_place){cpu, cpu, cpu, 0};
    package = hwloc_get_ancestor_obj_by_type(machine.hwloc, HWLOC_OBJ_PACKAGE, core);
    struct topology_place place = {.cpu = cpu, .core = core->logical_index};
    place.package = package ? package->logical_index : 0;
    place.cluster = place.core;
    for (hwloc_obj_t at = core->parent; at && at->parent && at != package; at = at->parent) {
        int cores =
            hwloc_get_nbobjs_inside_cpuset_by_type(machine.hwloc, at->cpuset, HWLOC_OBJ_CORE);
        if (cores < 2)
            continue;
        /* Named by its first core, since groups of several types are numbered alike. */
        place.cluster =
            hwloc_get_obj_inside_cpuset_by_type(machine.hwloc, at->cpuset, HWLOC_OBJ_CORE, 0)
                ->logical_index;
        break;
    }
    return place;
}

static int compare_neighbours(const void *left, const void *right) {
    struct topology_place a = topology_place(*(const unsigned *)left);
    struct topology_place b = topology_place(*(const unsigned *)right);
    if (a.package != b.package)
        return a.package < b.package ? -1 : 1;
    if (a.cluster != b.cluster)
        return a.cluster < b.cluster ? -1 : 1;
    if (a.core != b.core)
        return a.core < b.core ? -1 : 1;
    return (a.cpu > b.cpu) - (a.cpu < b.cpu);
}

void topology_sort(unsigned *cpus, unsigned count) {
    qsort(cpus, count, sizeof *cpus, compare_neighbours);
}

uint64_t topology_memory(void) {
    uint64_t memory = (uint64_t)sysconf(_SC_PHYS_PAGES) * (uint64_t)sysconf(_SC_PAGESIZE);
    uint64_t limit = cgroup_memory();
    return limit < memory ? limit : memory;
}

int topology_pin(unsigned cpu) {
    size_t size = CPU_ALLOC_SIZE(MAX_CPUS);
    if (cpu >= MAX_CPUS)
        return -EINVAL;
    cpu_set_t *set = CPU_ALLOC(MAX_CPUS);
    if (set == NULL)
        return -ENOMEM;
    CPU_ZERO_S(size, set);
    CPU_SET_S(cpu, size, set);
    int error = sched_setaffinity(0, size, set) ? -errno : 0;
    CPU_FREE(set);
    if (error)
        return error;
    set = affinity();
    bool bound = CPU_COUNT_S(size, set) == 1 && CPU_ISSET_S(cpu, size, set);
    CPU_FREE(set);
    return !bound ? TOPOLOGY_NOT_BOUND : topology_is_on(cpu) ? 0 : TOPOLOGY_ELSEWHERE;
}

bool topology_is_on(unsigned cpu) {
#ifdef __x86_64__
    /* QEMU 10 brings a vDSO in which getcpu() is CPU 0, always; its system call is the host's. */
    static _Atomic int ask; /* 0: not known yet */
    unsigned now;
    if (ask == 0)
        ask = virt_ends_at_exec() ? 1 : -1;
    if (ask > 0 && syscall(SYS_getcpu, &now, NULL, NULL) == 0)
        return now == cpu;
#endif
    return sched_getcpu() == (int)cpu;
}

void topology_pin_why(unsigned cpu, int error, char *why, size_t size) {
    if (error == TOPOLOGY_NOT_BOUND)
        snprintf(why, size,
                 "the system accepts that a thread is pinned to CPU %u, and does not do it", cpu);
    else if (error == TOPOLOGY_ELSEWHERE)
        snprintf(why, size, "a thread that is pinned to CPU %u is said to run on another (getcpu)",
                 cpu);
    else
        snprintf(why, size, "cannot pin a thread to CPU %u: %s", cpu, strerror(-error));
}
