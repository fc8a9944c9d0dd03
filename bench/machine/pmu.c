/* SPDX-License-Identifier: MIT */
#include "pmu.h"

#include <dirent.h>
#include <errno.h>
#include <linux/perf_event.h>
#include <perf/evsel.h>
#include <perf/threadmap.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "sysfile.h"
#include "topology.h"

#define DEVICES "/sys/bus/event_source/devices"

enum { MAX_CPUS = 1024 };

struct pmu {
    struct perf_thread_map *threads;
    struct perf_evsel *events[PMU_EVENTS];
};

/* The kernel's names on x86, on Arm's cores, and on Apple's. */
static const char *const event_names[PMU_EVENTS][3] = {
    [PMU_CYCLES] = {"cpu-cycles", "cpu_cycles", "cycles"},
    [PMU_INSTRUCTIONS] = {"instructions", "inst_retired", "instructions"},
};
static const char *const event_words[PMU_EVENTS] = {"cycles", "instructions"};

/* PMUs of cores list their CPUs in `cpus`, but for x86 with cores of one kind; other PMUs have
 * no such file. */
static bool owns(const char *pmu, unsigned cpu) {
    char list[1024];
    unsigned cpus[MAX_CPUS];
    if (!sysfile_line(list, sizeof list, DEVICES "/%s/cpus", pmu))
        return strcmp(pmu, "cpu") == 0;
    int count = topology_parse_cpus(list, cpus, MAX_CPUS);
    for (int i = 0; i < count; i++) {
        if (cpus[i] == cpu)
            return true;
    }
    return false;
}

static bool find_owner(unsigned cpu, char *name, size_t size) {
    char path[512];
    snprintf(path, sizeof path, "%s" DEVICES, sysfile_root);
    DIR *devices = opendir(path);
    bool found = false;
    for (struct dirent *entry; devices && !found && (entry = readdir(devices));) {
        found = entry->d_name[0] != '.' && owns(entry->d_name, cpu);
        if (found)
            snprintf(name, size, "%s", entry->d_name);
    }
    if (devices)
        closedir(devices);
    return found;
}

/* The code of an event of a PMU. All known PMUs keep these two in the low bits of `config`; an
 * event with more terms than its code is not one of them. */
static bool find_code(const char *pmu, unsigned event, uint64_t *code) {
    char text[64], *end;
    for (unsigned i = 0; i < 3; i++) {
        if (!sysfile_line(text, sizeof text, DEVICES "/%s/events/%s", pmu, event_names[event][i]))
            continue;
        if (strncmp(text, "event=", 6) != 0)
            return false;
        *code = strtoull(text + 6, &end, 16);
        return *end == '\0';
    }
    return false;
}

bool pmu_find(int cpu, struct pmu_event events[PMU_EVENTS], char *why, size_t size) {
    char name[256];
    uint64_t type;
    if (!find_owner((unsigned)cpu, name, sizeof name)) {
        snprintf(why, size, "the kernel shows no PMU of CPU %d", cpu);
        return false;
    }
    if (!sysfile_number(&type, DEVICES "/%s/type", name)) {
        snprintf(why, size, "PMU %.40s has no type", name);
        return false;
    }
    for (unsigned i = 0; i < PMU_EVENTS; i++) {
        events[i].type = (uint32_t)type;
        if (!find_code(name, i, &events[i].config)) {
            snprintf(why, size, "PMU %.40s does not count %s", name, event_words[i]);
            return false;
        }
    }
    return true;
}

static const char *explain(int error) {
    switch (error) {
    case EACCES:
    case EPERM:
        return "not permitted (kernel.perf_event_paranoid above 2, or a container)";
    case ENOSYS:
        return "no perf_event_open here (an emulator or a container)";
    case ENOENT:
    case ENODEV:
    case EOPNOTSUPP:
        return "not supported by this PMU";
    default:
        return strerror(error);
    }
}

struct pmu *pmu_open_events(const struct pmu_event events[PMU_EVENTS], char *why, size_t size) {
    /* libperf makes what stands for "any CPU" when it is first used. */
    static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    struct pmu *pmu = allocate(1, sizeof *pmu);
    int error = 0;
    pthread_mutex_lock(&mutex);
    pmu->threads = perf_thread_map__new_dummy();
    if (pmu->threads)
        perf_thread_map__set_pid(pmu->threads, 0, 0);
    for (unsigned i = 0; i < PMU_EVENTS && error == 0; i++) {
        struct perf_event_attr attr = {
            .size = sizeof attr,
            .type = events[i].type,
            .config = events[i].config,
            .read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING,
            .exclude_kernel = 1,
            .exclude_hv = 1,
            .exclude_guest = 1, /* Apple's PMUs accept nothing else */
        };
        pmu->events[i] = perf_evsel__new(&attr);
        error = pmu->threads && pmu->events[i]
                    ? perf_evsel__open(pmu->events[i], NULL, pmu->threads)
                    : -ENOMEM;
        if (error)
            snprintf(why, size, "cannot count %s: %s", event_words[i], explain(-error));
    }
    pthread_mutex_unlock(&mutex);
    if (error == 0)
        return pmu;
    pmu_close(pmu);
    return NULL;
}

struct pmu *pmu_open(int cpu, char *why, size_t size) {
    struct pmu_event events[PMU_EVENTS];
    return pmu_find(cpu, events, why, size) ? pmu_open_events(events, why, size) : NULL;
}

void pmu_close(struct pmu *pmu) {
    if (pmu == NULL)
        return;
    for (unsigned i = 0; i < PMU_EVENTS; i++) {
        if (pmu->events[i]) {
            perf_evsel__close(pmu->events[i]);
            perf_evsel__delete(pmu->events[i]);
        }
    }
    perf_thread_map__put(pmu->threads);
    free(pmu);
}

int pmu_read(const struct pmu *pmu, struct pmu_counts *counts) {
    struct perf_counts_values values[PMU_EVENTS];
    memset(values, 0, sizeof values);
    for (unsigned i = 0; i < PMU_EVENTS; i++) {
        int error = perf_evsel__read(pmu->events[i], 0, 0, &values[i]);
        if (error)
            return error;
    }
    *counts = (struct pmu_counts){
        .cycles = values[PMU_CYCLES].val,
        .instructions = values[PMU_INSTRUCTIONS].val,
        .enabled = values[PMU_CYCLES].ena + values[PMU_INSTRUCTIONS].ena,
        .running = values[PMU_CYCLES].run + values[PMU_INSTRUCTIONS].run,
    };
    return 0;
}

bool pmu_difference(const struct pmu_counts *before, const struct pmu_counts *after,
                    struct pmu_counts *difference) {
    *difference = (struct pmu_counts){
        .cycles = after->cycles - before->cycles,
        .instructions = after->instructions - before->instructions,
        .enabled = after->enabled - before->enabled,
        .running = after->running - before->running,
    };
    return after->enabled > before->enabled && difference->enabled == difference->running;
}
