/* SPDX-License-Identifier: MIT */
#include "machine_parts.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cpu_use.h"
#include "group.h"
#include "memmodel.h"
#include "sets.h"
#include "topology.h"
#include "virt.h"
#include "visit.h"

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
    char why[128];
};

static void try_to_count(void *context) {
    struct attempt *attempt = context;
    struct count_sets sets;
    attempt->counts =
        count_sets_make(attempt->cpu, "none", &sets, attempt->why, sizeof attempt->why);
}

static void say_counters(json_t *list, unsigned cpu) {
    if (!group_can_open()) {
        say(list, "cycle and instruction counters", group_explain(-ENOPKG),
            "scripts/setup run, or with LINUX_SOURCE=FILE where no package has a kernel's sources; "
            "then build again");
        return;
    }
    struct attempt attempt = {.cpu = cpu, .why = "its CPU may not be used"};
    const char *why = attempt.why;
    if (visit_cpu(cpu, try_to_count, &attempt) == 0 && attempt.counts)
        return;
    const char *how = "see `perf stat -e cycles,instructions true`";
    char name[32];
    if (strstr(why, "paranoid"))
        how = "sysctl kernel.perf_event_paranoid=2, or CAP_PERFMON";
    else if (virt_hypervisor(name, sizeof name))
        how = "bare metal, or a virtual machine whose host gives it a PMU";
    say(list, "cycle and instruction counters", why, how);
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
    for (unsigned level = 0; level < TOPOLOGY_LEVELS; level++) {
        if (topology_footprint((enum topology_level)level, cpu, why, sizeof why))
            continue;
        char what[32];
        snprintf(what, sizeof what, "working sets in %s",
                 topology_level_name((enum topology_level)level));
        say(list, what, why,
            "a kernel and firmware that describe the caches, more memory for DRAM");
    }
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
