/* SPDX-License-Identifier: MIT */
#include "count/pmu.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine/cpuname.h"
#include "machine/sysfile.h"
#include "machine/topology.h"

#define DEVICES "/sys/bus/event_source/devices"

/* PMUs of cores list their CPUs in `cpus`, but for x86 with cores of one kind; other PMUs have
 * no such file. */
static bool owns(const char *pmu, unsigned cpu) {
    char list[4096];
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
        found = entry->d_name[0] != '.' && strlen(entry->d_name) < size && owns(entry->d_name, cpu);
        if (found)
            memcpy(name, entry->d_name, strlen(entry->d_name) + 1);
    }
    if (devices)
        closedir(devices);
    return found;
}

bool pmu_announced(const struct pmu *pmu, const char *event, uint64_t *config) {
    char text[64], *end;
    if (!sysfile_line(text, sizeof text, DEVICES "/%s/events/%s", pmu->name, event))
        return false;
    if (strncmp(text, "event=", 6) != 0) /* more terms than its code: none of those we know */
        return false;
    *config = strtoull(text + 6, &end, 16);
    return *end == '\0';
}

bool pmu_encode(const struct pmu *pmu, uint64_t code, uint64_t *config) {
    char text[64];
    unsigned low = 0, high = 63;
    if (sysfile_line(text, sizeof text, DEVICES "/%s/format/event", pmu->name) &&
        sscanf(text, "config:%u-%u", &low, &high) != 2)
        return false;
    if (high > 63 || low > high || (high - low < 63 && code >> (high - low + 1)))
        return false;
    *config = code << low;
    return true;
}

static uint64_t user_read_bit(const struct pmu *pmu) {
    char text[64];
    unsigned bit;
    if (sysfile_line(text, sizeof text, DEVICES "/%s/format/rdpmc", pmu->name) &&
        sscanf(text, "config1:%u", &bit) == 1 && bit < 64)
        return (uint64_t)1 << bit;
    return 0;
}

enum core pmu_core(uint32_t midr, const char **library) {
    static const struct {
        enum core core;
        uint32_t implementer, part;
        const char *library;
    } cores[] = {
#define CORE(core, implementer, part, library) {CORE_##core, implementer, part, library},
#include "count/cores.def"
#undef CORE
    };
    for (size_t i = 0; i < sizeof cores / sizeof *cores; i++)
        if (midr >> 24 == cores[i].implementer && (midr >> 4 & 0xfff) == cores[i].part) {
            *library = cores[i].library;
            return cores[i].core;
        }
    *library = NULL;
    return CORE_OTHER;
}

bool pmu_find(unsigned cpu, struct pmu *pmu, char *why, size_t size) {
    /* The kernel's names on x86, on Arm's cores, and on Apple's. */
    static const char *const cycles[] = {"cpu-cycles", "cpu_cycles", "cycles"};
    static const char *const instructions[] = {"instructions", "inst_retired"};
    uint64_t type;
    bool counts_cycles = false;
    *pmu = (struct pmu){0};
    if (!find_owner(cpu, pmu->name, sizeof pmu->name)) {
        snprintf(why, size, "the kernel shows no PMU of CPU %u", cpu);
        return false;
    }
    if (!sysfile_number(&type, DEVICES "/%s/type", pmu->name)) {
        snprintf(why, size, "PMU %.40s has no type", pmu->name);
        return false;
    }
    pmu->type = (uint32_t)type;
    pmu->core = pmu_core(cpuname_midr(cpu), &pmu->library);
    pmu->user_read = user_read_bit(pmu);
    for (int i = 0; i < 3 && !counts_cycles; i++)
        counts_cycles = pmu_announced(pmu, cycles[i], &pmu->cycles);
    for (int i = 0; i < 2 && !pmu->counts_instructions; i++)
        pmu->counts_instructions = pmu_announced(pmu, instructions[i], &pmu->instructions);
    if (!counts_cycles)
        snprintf(why, size, "PMU %.40s does not count cycles", pmu->name);
    return counts_cycles;
}
