/* SPDX-License-Identifier: MIT */
#include "machine/cpu_use.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "machine/sysfile.h"
#include "machine/topology.h"

#define CPU "/sys/devices/system/cpu/"

enum state {
    STATE_LEFT_OUT, /* may be used, and is not in the mask */
    STATE_ISOLATED, /* the same, by the kernel's command line */
    STATE_OFFLINE,
    STATE_FORBIDDEN, /* by a cpuset */
    STATE_REFUSED,   /* as any CPU is */
    STATES
};

/* Reads a list of CPUs of sysfs into room for MAX_CPUS; 0: there is none. */
static unsigned read_list(const char *name, unsigned *cpus) {
    char line[4096];
    int count = 0;
    if (sysfile_line(line, sizeof line, CPU "%s", name))
        count = topology_parse_cpus(line, cpus, MAX_CPUS);
    return count > 0 ? (unsigned)count : 0;
}

/* 1: the CPU is in a list of sysfs, 0: it is not, -1: there is no such list. */
static int is_listed(const char *name, unsigned cpu) {
    unsigned *cpus = allocate(MAX_CPUS, sizeof *cpus), count = read_list(name, cpus), i = 0;
    while (i < count && cpus[i] != cpu)
        i++;
    free(cpus);
    return count == 0 ? -1 : i < count;
}

/* Pins the calling thread, and puts it back: 0 or the error. */
static int try_cpu(unsigned cpu) {
    size_t size = CPU_ALLOC_SIZE(MAX_CPUS);
    cpu_set_t *before = CPU_ALLOC(MAX_CPUS);
    int error = before && sched_getaffinity(0, size, before) == 0 ? 0 : -errno;
    if (error == 0) {
        error = topology_pin(cpu);
        sched_setaffinity(0, size, before);
    }
    CPU_FREE(before);
    return error;
}

static void explain(enum state state, const char *list, struct cpu_reason *reason) {
    static const char *const whys[STATES] = {
        [STATE_LEFT_OUT] = "not among those that this process was started on (taskset)",
        [STATE_ISOLATED] = "isolated by the kernel's command line, and so used only by name",
        [STATE_OFFLINE] = "offline",
        [STATE_FORBIDDEN] = "not in the cpuset of this process's control group",
    };
    snprintf(reason->why, sizeof reason->why, "%s", whys[state]);
    if (state == STATE_OFFLINE && strpbrk(list, ",-") == NULL)
        snprintf(reason->how, sizeof reason->how, "echo 1 >" CPU "cpu%s/online", list);
    else if (state == STATE_OFFLINE)
        snprintf(reason->how, sizeof reason->how, "echo 1 >" CPU "cpuN/online for each");
    else if (state == STATE_FORBIDDEN)
        snprintf(reason->how, sizeof reason->how,
                 "a group that has it: docker run --cpuset-cpus, systemd's AllowedCPUs, or its "
                 "cpuset.cpus");
    else
        snprintf(reason->how, sizeof reason->how, "--cpus with %.100s in its list", list);
}

/* Why the pinning failed. EINVAL is of three causes, which sysfs tells apart. */
static enum state state_of(unsigned cpu, int error) {
    if (error != -EINVAL)
        return STATE_REFUSED;
    return is_listed("online", cpu) == 0 ? STATE_OFFLINE : STATE_FORBIDDEN;
}

bool cpu_usable(unsigned cpu, struct cpu_reason *reason) {
    char text[16], present[64];
    int error = try_cpu(cpu);
    if (error == 0)
        return true;
    snprintf(text, sizeof text, "%u", cpu);
    if (error == -EINVAL && is_listed("present", cpu) == 0) {
        sysfile_line(present, sizeof present, CPU "present");
        snprintf(reason->why, sizeof reason->why, "this machine has no such CPU");
        snprintf(reason->how, sizeof reason->how, "one of %s", present);
    } else if (error == -EINVAL && is_listed("present", cpu) < 0) {
        snprintf(reason->why, sizeof reason->why,
                 "absent, offline or not in this process's cpuset: there is no /sys to tell");
        snprintf(reason->how, sizeof reason->how, "mount -t sysfs sysfs /sys");
    } else if (state_of(cpu, error) == STATE_REFUSED) {
        topology_pin_why(cpu, error, reason->why, sizeof reason->why);
        snprintf(reason->how, sizeof reason->how,
                 error == -EPERM ? "a sandbox that lets sched_setaffinity() through"
                                 : "a kernel or an emulator that pins threads");
    } else {
        explain(state_of(cpu, error), text, reason);
    }
    return false;
}

static void add_row(json_t *rows, enum state state, const char *list) {
    struct cpu_reason reason;
    char what[600];
    explain(state, list, &reason);
    snprintf(what, sizeof what, "CPU%s %.500s", strpbrk(list, ",-") ? "s" : "", list);
    json_array_append_new(
        rows, json_pack("{s:s, s:s, s:s}", "what", what, "why", reason.why, "how", reason.how));
}

json_t *cpu_unused(void) {
    char lists[STATES][512] = {""};
    unsigned used_count, last[STATES] = {0}, *present = allocate(MAX_CPUS, sizeof *present);
    unsigned count = read_list("present", present);
    const unsigned *used = topology_cpus(&used_count);
    json_t *rows = json_array();
    for (unsigned i = 0; i < count; i++) {
        unsigned cpu = present[i], k = 0;
        while (k < used_count && used[k] != cpu)
            k++;
        if (k < used_count)
            continue;
        int error = try_cpu(cpu);
        enum state state = error                            ? state_of(cpu, error)
                           : is_listed("isolated", cpu) > 0 ? STATE_ISOLATED
                                                            : STATE_LEFT_OUT;
        topology_extend_list(lists[state], sizeof lists[state], cpu, last[state]);
        last[state] = cpu;
    }
    for (int state = 0; state < STATES; state++)
        if (lists[state][0] && state != STATE_REFUSED)
            add_row(rows, (enum state)state, lists[state]);
    free(present);
    return rows;
}
