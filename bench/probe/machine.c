/* SPDX-License-Identifier: MIT */
#include "probe/machine.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>
#ifdef __GLIBC__
#include <gnu/libc-version.h>
#endif

#include "machine/cgroup.h"
#include "machine/errata.h"
#include "machine/memmodel.h"
#include "machine/sysfile.h"
#include "machine/ticks.h"
#include "machine/topology.h"
#include "machine/virt.h"
#include "probe/environment.h"
#include "probe/machine_parts.h"

#define CPU "/sys/devices/system/cpu/"

enum { NAME_SIZE = 96 };

static void set_string(json_t *object, const char *key, const char *text) {
    json_object_set_new(object, key, json_string(text));
}

static void set_number(json_t *object, const char *key, uint64_t number) {
    json_object_set_new(object, key, json_integer((json_int_t)number));
}

static void set_real(json_t *object, const char *key, double number) {
    json_object_set_new(object, key, json_real(number));
}

/* Sets key to the file's first line, if it has one. Linux prints a pointer to nothing so. */
static bool set_file(json_t *object, const char *key, const char *path) {
    char line[256];
    bool there = sysfile_line(line, sizeof line, "%s", path) && strcmp(line, "(null)") != 0;
    if (there)
        set_string(object, key, line);
    return there;
}

static void set_if_any(json_t *object, const char *key, json_t *value) {
    bool any = json_is_array(value) ? json_array_size(value) : json_object_size(value);
    if (any)
        json_object_set(object, key, value);
    json_decref(value);
}

enum source machine_source(void) {
    char how[NAME_SIZE];
    return virt_emulated(how, sizeof how) ? SOURCE_EMULATED : SOURCE_MEASURED;
}

static json_t *probe_memory(void) {
    json_t *json = json_object();
    char line[128];
    uint64_t huge;
    set_number(json, "size_bytes", topology_memory());
    set_number(json, "page_kib", (uint64_t)sysconf(_SC_PAGESIZE) / 1024);
    if (sysfile_number(&huge, "/sys/kernel/mm/transparent_hugepage/hpage_pmd_size"))
        set_number(json, "huge_page_kib", huge / 1024);
    /* "always [madvise] never": the word in brackets is the state. */
    if (sysfile_line(line, sizeof line, "/sys/kernel/mm/transparent_hugepage/enabled")) {
        char *open = strchr(line, '['), *close = strchr(line, ']');
        if (open && close) {
            *close = '\0';
            set_string(json, "transparent_huge_pages", open + 1);
        }
    }
    return json;
}

/* Of the kernel's configuration what decides on a TSO mode and on interrupts, where the
 * distribution keeps it as text. */
static void set_kernel_config(json_t *json, const char *release) {
    static const char *const wanted[] = {
        "CONFIG_ARM64_MEMORY_MODEL_CONTROL=", "CONFIG_ARM64_ACTLR_STATE=", "CONFIG_HZ=",
        "CONFIG_NO_HZ_FULL=", "CONFIG_PREEMPT="};
    char path[512], found[512] = "", *line = NULL;
    size_t size = 0, used = 0;
    snprintf(path, sizeof path, "/boot/config-%s", release);
    FILE *file = sysfile_open(path);
    while (file && getline(&line, &size, file) > 0)
        for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
            if (strncmp(line, wanted[i], strlen(wanted[i])) == 0 && used < sizeof found)
                used += (size_t)snprintf(found + used, sizeof found - used, "%s%.*s",
                                         used ? " " : "", (int)strcspn(line, "\n"), line);
    free(line);
    if (file)
        fclose(file);
    if (used)
        set_string(json, "kernel_config", found);
}

/* Interrupts of all CPUs since the system began; 0: it does not say. */
static uint64_t interrupts(void) {
    char *line = NULL;
    size_t size = 0;
    uint64_t count = 0;
    FILE *file = sysfile_open("/proc/stat");
    while (file && count == 0 && getline(&line, &size, file) > 0)
        if (strncmp(line, "intr ", 5) == 0)
            count = strtoull(line + 5, NULL, 10);
    free(line);
    if (file)
        fclose(file);
    return count;
}

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static json_t *probe_system(void) {
    json_t *json = json_object();
    struct utsname names;
    if (uname(&names) == 0) { /* not .nodename */
        set_string(json, "kernel", names.release);
        set_string(json, "kernel_version", names.version);
        set_kernel_config(json, names.release);
    }
#ifdef __GLIBC__
    char libc[64];
    snprintf(libc, sizeof libc, "glibc %s", gnu_get_libc_version());
    set_string(json, "libc", libc);
#else
    set_string(json, "libc", "not glibc"); /* musl does not say that it is musl */
#endif
    set_file(json, "isolated_cpus", CPU "isolated");
    set_file(json, "nohz_full_cpus", CPU "nohz_full");
    /* It makes loads wait for the addresses of earlier stores: a cost just like those measured. */
    set_file(json, "spec_store_bypass", CPU "vulnerabilities/spec_store_bypass");
    return json;
}

static json_t *probe_virtualization(void) {
    json_t *json = json_object();
    char text[NAME_SIZE];
    set_string(json, "hypervisor", virt_hypervisor(text, sizeof text) ? text : "none seen");
    if (virt_evidence(text, sizeof text))
        set_string(json, "evidence", text);
    if (virt_container(text, sizeof text))
        set_string(json, "container", text);
    if (virt_emulated(text, sizeof text))
        set_string(json, "emulator", text);
    return json;
}

static json_t *probe_memory_model(void) {
    struct memmodel_support support;
    json_t *json = json_object(), *models = json_array();
    memmodel_probe(&support);
    for (unsigned i = 0; i < MEMMODEL_COUNT; i++) {
        if (memmodel_can(&support, (enum memmodel)i))
            json_array_append_new(models, json_string(memmodel_name((enum memmodel)i)));
    }
    json_object_set_new(json, "available", models);
    set_string(json, "state",
               memmodel_name(support.fixed      ? MEMMODEL_FIXED_TSO
                             : support.can_weak ? MEMMODEL_WEAK
                                                : MEMMODEL_TSO));
    set_string(json, "because", support.reason);
    return json;
}

static int compare_ticks(const void *left, const void *right) {
    const uint64_t *a = left, *b = right;
    return *a < *b ? -1 : *a > *b;
}

static json_t *probe_clock(void) {
    json_t *json = json_object();
    double rate = ticks_per_ns();
#if defined(__x86_64__)
    set_string(json, "counter", "TSC");
#else
    uint64_t claimed;
    __asm__("mrs %0, cntfrq_el0" : "=r"(claimed));
    set_string(json, "counter", "CNTVCT_EL0");
    set_number(json, "claimed_hz", claimed);
#endif
    set_number(json, "measured_hz", (uint64_t)(rate * 1e9 + 0.5));
    set_real(json, "step_ns", (double)ticks_step() / rate);
    set_real(json, "overhead_ns", (double)ticks_overhead() / rate);
    set_file(json, "kernel_source",
             "/sys/devices/system/clocksource/clocksource0/current_clocksource");
    return json;
}

static json_t *probe_frequency(unsigned cpu) {
    enum { CHAINS = 101 };
    json_t *json = json_object();
    char path[128];
    uint64_t ticks[CHAINS];
    for (int i = 0; i < CHAINS; i++)
        ticks[i] = ticks_chain();
    qsort(ticks, CHAINS, sizeof *ticks, compare_ticks);
    const size_t middle = CHAINS / 2;
    double ns = (double)ticks[middle] / ticks_per_ns();
    if (ns > 0)
        set_real(json, "now_ghz", (double)ticks_chain_adds() / ns);
    snprintf(path, sizeof path, CPU "cpu%u/cpufreq/scaling_driver", cpu);
    set_file(json, "driver", path);
    snprintf(path, sizeof path, CPU "cpu%u/cpufreq/scaling_governor", cpu);
    if (!set_file(json, "governor", path))
        set_string(json, "governor",
                   virt_hypervisor(path, sizeof path) ? "not visible in this guest" : "none");
    set_file(json, "boost", CPU "cpufreq/boost");
    return json;
}

static json_t *probe_pmus(void) {
    json_t *pmus = json_array();
    char path[512], line[1024];
    struct dirent **entries = NULL;
    snprintf(path, sizeof path, "%s/sys/bus/event_source/devices", sysfile_root);
    int count = scandir(path, &entries, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        const char *name = entries[i]->d_name;
        uint64_t type;
        if (sysfile_number(&type, "/sys/bus/event_source/devices/%s/type", name)) {
            json_t *pmu = json_object();
            set_string(pmu, "name", name);
            set_number(pmu, "type", type);
            if (sysfile_line(line, sizeof line, "/sys/bus/event_source/devices/%s/cpus", name))
                set_string(pmu, "cpus", line);
            json_array_append_new(pmus, pmu);
        }
        free(entries[i]);
    }
    free(entries);
    return pmus;
}

static json_t *probe_perf(void) {
    json_t *json = json_object();
    uint64_t number;
    if (sysfile_number(&number, "/proc/sys/kernel/perf_event_paranoid"))
        set_number(json, "event_paranoid", number);
    if (sysfile_number(&number, "/proc/sys/kernel/perf_user_access"))
        set_number(json, "user_access", number);
    return json;
}

json_t *machine_probe(void) {
    unsigned count;
    unsigned cpu = topology_cpus(&count)[0];
    char text[128];
    const uint64_t interrupts_before = interrupts();
    const double began = seconds();
    json_t *json = json_object();
    machine_slug(text, sizeof text);
    set_string(json, "machine", text);
    set_string(json, "source", source_name(machine_source()));
    if (virt_product(text, sizeof text))
        set_string(json, "product", text);
#if defined(__x86_64__)
    set_string(json, "architecture", "x86_64");
#else
    set_string(json, "architecture", "aarch64");
#endif
    json_object_set_new(json, "cpus", machine_cpus());
    set_number(json, "cores", topology_cores());
    set_number(json, "numa_nodes", topology_numa_nodes());
    set_if_any(json, "caches", machine_caches(cpu));
    set_if_any(json, "working_sets", machine_working_sets(cpu));
    json_object_set_new(json, "features", machine_features(true));
    set_if_any(json, "features_absent", machine_features(false));
    set_if_any(json, "errata", errata_json(topology_cpus(&count), count));
    json_object_set_new(json, "memory", probe_memory());
    set_if_any(json, "limits", cgroup_json());
    json_t *kernel = probe_system();
    json_object_set_new(json, "system", kernel);
    set_if_any(json, "environment", environment_recorded());
    set_if_any(json, "fex_config", environment_fex());
    json_object_set_new(json, "virtualization", probe_virtualization());
    json_object_set_new(json, "memory_model", probe_memory_model());
    json_object_set_new(json, "clock", probe_clock());
    json_object_set_new(json, "frequency", probe_frequency(cpu));
    json_object_set_new(json, "pmus", probe_pmus());
    set_if_any(json, "perf", probe_perf());
    json_object_set_new(json, "missing", machine_missing(json));
    /* What else happened while the clock was looked at, a tenth of a second. */
    if (interrupts_before && seconds() > began)
        set_number(kernel, "interrupts_per_second",
                   (uint64_t)((double)(interrupts() - interrupts_before) / (seconds() - began)));
    return json;
}
