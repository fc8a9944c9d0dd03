/* SPDX-License-Identifier: MIT */
#include "probe/pmu_probe.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "count/counting.h"
#include "count/permission.h"
#include "count/sets.h"
#include "count/visit.h"
#include "machine/cpuname.h"
#include "machine/sysfile.h"
#include "machine/topology.h"

#define DEVICES "/sys/bus/event_source/devices"

enum { MAX_PMUS = 16 };

/* What a visit to one CPU of a PMU finds. */
struct visitor {
    unsigned cpu;
    bool counts, at_least;
    unsigned counters;
    struct count_sets sets;
    char why[128];
};

/* Events are added to one group as long as it counts. Those that few counters can count would end
 * it early. */
static void count_counters(struct visitor *visitor) {
    const struct events *events = &visitor->sets.events;
    struct group *group = count_sets_open(&visitor->sets, visitor->sets.count);
    visitor->at_least = true;
    for (unsigned i = 0; group && i < events->count; i++) {
        unsigned counters = events->found[i].counters;
        if ((counters && __builtin_popcount(counters) < 8) || group_size(group) == GROUP_EVENTS)
            continue;
        if (group_add(group, &visitor->sets.pmu, events->found[i].config)) {
            visitor->at_least = false;
        } else if (!group_runs(group)) {
            group_drop(group);
            visitor->at_least = false;
        }
    }
    visitor->counters = group ? group_size(group) : 0;
    group_close(group);
}

static void visit(void *context) {
    struct visitor *visitor = context;
    visitor->counts =
        count_sets_make(visitor->cpu, "all", &visitor->sets, visitor->why, sizeof visitor->why);
    if (visitor->counts)
        count_counters(visitor);
}

static void set_text(json_t *object, const char *key, const char *text) {
    json_object_set_new(object, key, text ? json_string(text) : json_null());
}

static json_t *describe(const struct pmu *pmu, unsigned cpu) {
    struct visitor *visitor = calloc(1, sizeof *visitor);
    char text[PATH_MAX + 128], program[PATH_MAX] = "";
    json_t *json = json_object();
    if (readlink("/proc/self/exe", program, sizeof program - 1) < 0)
        snprintf(program, sizeof program, "tsobench");
    visitor->cpu = cpu;
    int error = visit_cpu(cpu, visit, visitor);
    if (error)
        topology_pin_why(cpu, error, visitor->why, sizeof visitor->why);
    set_text(json, "name", pmu->name);
    json_object_set_new(json, "type", json_integer(pmu->type));
    bool listed = sysfile_line(text, sizeof text, DEVICES "/%s/cpus", pmu->name);
    set_text(json, "cpus", listed ? text : "all");
    cpuname_of(cpu, text, sizeof text);
    set_text(json, "core", text);
    json_object_set_new(json, "counters",
                        visitor->counts ? json_integer(visitor->counters) : json_null());
    json_object_set_new(json, "counters_at_least", json_boolean(visitor->at_least));
    set_text(json, "read", !visitor->counts ? NULL : visitor->sets.user ? "user" : "syscall");
    json_object_set_new(json, "sets", counting_sets(&visitor->sets));
    json_object_set_new(json, "missing", counting_missing(&visitor->sets.events));
    set_text(json, "reason", visitor->counts ? NULL : visitor->why);
    count_remedy(&visitor->sets, program, text, sizeof text);
    set_text(json, "remedy", visitor->sets.obstacle ? text : NULL);
    free(visitor);
    return json;
}

static json_t *probe_pmus(void) {
    struct pmu pmus[MAX_PMUS];
    unsigned cpu_count, count = 0;
    const unsigned *cpus = topology_cpus(&cpu_count);
    json_t *array = json_array();
    char why[128];
    for (unsigned i = 0; i < cpu_count && count < MAX_PMUS; i++) {
        bool seen = !pmu_find(cpus[i], &pmus[count], why, sizeof why);
        for (unsigned k = 0; k < count; k++)
            seen |= strcmp(pmus[k].name, pmus[count].name) == 0;
        if (!seen)
            json_array_append_new(array, describe(&pmus[count++], cpus[i]));
    }
    return array;
}

static void restrict_by(json_t *list, const char *what, const char *why, const char *command) {
    json_t *row = json_object();
    set_text(row, "what", what);
    set_text(row, "why", why);
    set_text(row, "command", command);
    json_array_append_new(list, row);
}

static void find_restrictions(json_t *list, const json_t *pmus) {
    const char *before = "";
    long value;
    uint64_t number;
    size_t i;
    const json_t *pmu;
    if (json_array_size(pmus) == 0) {
        const struct count_sets none = {.obstacle = COUNT_NO_PMU};
        char how[160];
        count_remedy(&none, "", how, sizeof how);
        restrict_by(list, "all counting", "the kernel shows no PMU of these CPUs", how);
    }
    json_array_foreach(pmus, i, pmu) {
        const char *how = json_string_value(json_object_get(pmu, "remedy"));
        if (how && strcmp(how, before) != 0)
            restrict_by(list, "all counting", json_string_value(json_object_get(pmu, "reason")),
                        how);
        before = how ? how : before;
    }
    if (permission_sysctl("perf_user_access", &value) && value == 0)
        restrict_by(list, "reading counters without the kernel", "kernel.perf_user_access is 0",
                    "sysctl kernel.perf_user_access=1");
    if (sysfile_number(&number, DEVICES "/cpu/rdpmc") && number == 0)
        restrict_by(list, "reading counters without the kernel", "rdpmc is switched off",
                    "echo 1 >" DEVICES "/cpu/rdpmc");
    if (json_array_size(pmus) && permission_sysctl("nmi_watchdog", &value) && value)
        restrict_by(list, "one counter", "the NMI watchdog holds it",
                    "sysctl kernel.nmi_watchdog=0");
}

json_t *pmu_probe(void) {
    static const char *const names[] = {"perf_event_paranoid", "perf_user_access", "nmi_watchdog"};
    json_t *probe = json_object(), *permissions = json_object(), *restrictions = json_array();
    json_t *pmus = probe_pmus();
    long value;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (permission_sysctl(names[i], &value))
            json_object_set_new(permissions, names[i], json_integer(value));
    json_object_set_new(permissions, "cap_perfmon", json_boolean(permission_to_count()));
    find_restrictions(restrictions, pmus);
    json_object_set_new(probe, "pmus", pmus);
    json_object_set_new(probe, "permissions", permissions);
    json_object_set_new(probe, "restrictions", restrictions);
    return probe;
}

static const char *text_of(const json_t *object, const char *key) {
    return json_string_value(json_object_get(object, key));
}

static void print_pmu(const json_t *pmu) {
    size_t i, k;
    json_t *row, *event;
    printf("%s: %s, CPUs %s\n", text_of(pmu, "name"), text_of(pmu, "core"), text_of(pmu, "cpus"));
    if (text_of(pmu, "reason")) {
        printf("  counts nothing   %s\n", text_of(pmu, "reason"));
        return;
    }
    printf("  counters         %s%lld events at once, cycles among them\n",
           json_is_true(json_object_get(pmu, "counters_at_least")) ? "at least " : "",
           (long long)json_integer_value(json_object_get(pmu, "counters")));
    printf("  read             %s\n",
           strcmp(text_of(pmu, "read"), "user") == 0 ? "without the kernel" : "by system calls");
    json_array_foreach(json_object_get(pmu, "sets"), i, row) {
        printf("  %-16s", text_of(row, "name"));
        json_array_foreach(json_object_get(row, "events"), k, event)
            printf(" %s", json_string_value(event));
        putchar('\n');
    }
    json_array_foreach(json_object_get(pmu, "missing"), i, row)
        printf("  missing          %s: %s\n", text_of(row, "event"), text_of(row, "reason"));
}

void pmu_probe_print(const json_t *probe) {
    size_t i;
    json_t *row, *value;
    const char *key;
    json_array_foreach(json_object_get(probe, "pmus"), i, row) {
        print_pmu(row);
        putchar('\n');
    }
    json_object_foreach(json_object_get(probe, "permissions"), key, value) {
        printf("%-20s ", key);
        if (json_is_integer(value))
            printf("%lld\n", (long long)json_integer_value(value));
        else
            puts(json_is_true(value) ? "yes" : "no");
    }
    json_array_foreach(json_object_get(probe, "restrictions"), i, row) {
        printf("\nrestricted: %s\n    why: %s\n", text_of(row, "what"), text_of(row, "why"));
        if (text_of(row, "command"))
            printf("    to lift it: %s\n", text_of(row, "command"));
    }
}
