/* SPDX-License-Identifier: MIT */
#include "probe/machine_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "count/sets.h"
#include "count/visit.h"
#include "machine/cgroup.h"
#include "machine/cpu_use.h"
#include "machine/memmodel.h"
#include "machine/topology.h"
#include "machine/virt.h"

static void say(json_t *list, const char *what, const char *why, const char *how) {
    json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "what", what, "why", why, "how", how));
}

static const char *text_at(const json_t *machine, const char *object, const char *key) {
    const char *text = json_string_value(json_object_get(json_object_get(machine, object), key));
    return text ? text : "";
}

struct attempt {
    unsigned cpu;
    bool counts;
    struct count_sets sets;
    char why[128];
};

static void try_to_count(void *context) {
    struct attempt *attempt = context;
    attempt->counts =
        count_sets_make(attempt->cpu, "none", &attempt->sets, attempt->why, sizeof attempt->why);
}

static void say_counters(json_t *list, unsigned cpu) {
    struct attempt *attempt = allocate(1, sizeof *attempt);
    char how[160] = "a CPU that threads can be pinned to";
    attempt->cpu = cpu;
    int error = visit_cpu(cpu, try_to_count, attempt);
    if (error)
        topology_pin_why(cpu, error, attempt->why, sizeof attempt->why);
    else
        count_remedy(&attempt->sets, "tsobench", how, sizeof how);
    if (!attempt->counts)
        say(list, "cycle and instruction counters", attempt->why, how);
    free(attempt);
}

static void say_working_sets(json_t *list, unsigned cpu) {
    for (unsigned level = 0; level < TOPOLOGY_LEVELS; level++) {
        char what[32], why[160];
        if (topology_footprint((enum topology_level)level, cpu, why, sizeof why))
            continue;
        snprintf(what, sizeof what, "working sets in %s",
                 topology_level_name((enum topology_level)level));
        struct topology_caches caches = topology_caches(cpu);
        bool is_known =
            caches.l2 && (level == TOPOLOGY_DRAM || (level == TOPOLOGY_L3 && caches.l3));
        say(list, what, why,
            !is_known                       ? "a kernel and firmware that describe the caches"
            : level != TOPOLOGY_DRAM        ? "another CPU"
            : cgroup_memory() != UINT64_MAX ? "a higher limit of memory of the control group"
                                            : "more memory");
    }
}

static void say_memory_model(json_t *list) {
    struct memmodel_support support;
    memmodel_probe(&support);
    if (support.fixed)
        say(list, "a weak memory model", support.reason, "another arm64 CPU");
    else if (!support.can_tso)
        say(list, "hardware TSO", support.reason,
            "Apple silicon with Asahi Linux, in a virtual machine only with a VMM that lets it "
            "through; or a CPU that is always TSO");
}

json_t *machine_missing(const json_t *machine) {
    unsigned count;
    unsigned cpu = topology_cpus(&count)[0];
    json_t *list = json_array();
    char why[160];

    if (virt_emulated(why, sizeof why))
        say(list, "times that mean anything", why, "the CPU itself");
    json_t *unused = cpu_unused();
    if (count < 2)
        say(list, "sets of several threads", "this process uses one CPU only",
            json_array_size(unused) ? "another CPU of this machine, as follows"
                                    : "a machine, or a virtual machine, of more CPUs");
    json_array_extend(list, unused);
    json_decref(unused);
    say_memory_model(list);
    say_counters(list, cpu);
    say_working_sets(list, cpu);
    const char *governor = text_at(machine, "frequency", "governor");
    if (strcmp(governor, "performance") != 0)
        say(list, "a steady clock frequency", *governor ? governor : "no governor",
            strncmp(governor, "no", 2) == 0
                ? "nothing to do here; cycles and drift flags come from the add chain"
                : "cpupower frequency-set -g performance");
    const char *huge = text_at(machine, "memory", "transparent_huge_pages");
    if (*huge == '\0')
        say(list, "huge pages", "this kernel has no transparent huge pages",
            "a kernel with CONFIG_TRANSPARENT_HUGEPAGE");
    else if (strcmp(huge, "always") != 0 && strcmp(huge, "madvise") != 0)
        say(list, "huge pages", "switched off",
            "echo madvise >/sys/kernel/mm/transparent_hugepage/enabled");
    return list;
}
