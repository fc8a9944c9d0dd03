/* SPDX-License-Identifier: MIT
 *
 * plant_core.h: a PMU of a core in the tree of plant.h, and the MIDR that goes with it. A test that
 * includes it links with --wrap=cpuname_midr.
 */
#ifndef PLANT_CORE_H
#define PLANT_CORE_H

#include <stdint.h>

#include "fakes/plant.h"

#define DEVICES "/sys/bus/event_source/devices/"

enum { PLANT_CPUS = 1024 };
static uint32_t midr[PLANT_CPUS];
uint32_t __wrap_cpuname_midr(unsigned cpu);
uint32_t __wrap_cpuname_midr(unsigned cpu) {
    return midr[cpu];
}

enum { A55 = 0x410fd050, A76 = 0x410fd0b0, N1 = 0x410fd0c0, M1 = 0x610f0230 };

static inline void plant_text(const char *pmu, const char *file, const char *text) {
    char path[256];
    snprintf(path, sizeof path, DEVICES "%s/%s", pmu, file);
    plant(path, text);
}

/* A PMU of a core that owns CPUs first to last. */
static inline void plant_core(const char *name, const char *type, unsigned first, unsigned last,
                              uint32_t core) {
    static const char *const events[][2] = {{"cpu_cycles", "event=0x0011"},
                                            {"inst_retired", "event=0x0008"},
                                            {"stall_backend", "event=0x0024"},
                                            {"stall_frontend", "event=0x0023"},
                                            {"l1d_cache_refill", "event=0x0003"}};
    char cpus[32];
    snprintf(cpus, sizeof cpus, "%u-%u", first, last);
    plant_text(name, "type", type);
    plant_text(name, "cpus", cpus);
    if (core == M1) {
        plant_text(name, "events/cycles", "event=0x02");
        plant_text(name, "events/instructions", "event=0x8c");
        plant_text(name, "format/event", "config:0-7");
    } else {
        for (size_t i = 0; i < sizeof events / sizeof *events; i++) {
            char path[64];
            snprintf(path, sizeof path, "events/%s", events[i][0]);
            plant_text(name, path, events[i][1]);
        }
        plant_text(name, "format/event", "config:0-15");
        plant_text(name, "format/rdpmc", "config1:1");
    }
    for (unsigned cpu = first; cpu <= last; cpu++)
        midr[cpu] = core;
}

#endif
