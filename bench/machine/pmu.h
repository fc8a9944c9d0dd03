/* SPDX-License-Identifier: MIT
 *
 * pmu.h: cycles and instructions of the calling thread in user mode, by libperf.
 *
 * A machine may have a PMU for each kind of core, and the generic event types then mean one of
 * them, not ours. So events are opened on the PMU that owns the CPU, by the codes that its
 * folder in sysfs gives.
 */
#ifndef PMU_H
#define PMU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pmu_counts {
    uint64_t cycles, instructions;
    uint64_t enabled, running; /* ns, of both events together: equal if both always counted */
};

enum { PMU_CYCLES, PMU_INSTRUCTIONS, PMU_EVENTS };

struct pmu_event {
    uint32_t type;
    uint64_t config;
};

struct pmu;

/* Counts for the calling thread, which is pinned to cpu, from now on. NULL, and why, if that is
 * not possible. Any thread may call it; end with pmu_close() (NULL is allowed). */
struct pmu *pmu_open(int cpu, char *why, size_t size);
void pmu_close(struct pmu *pmu);

/* What was counted since pmu_open(). 0 or a negative errno. */
int pmu_read(const struct pmu *pmu, struct pmu_counts *counts);

/* What was counted between two readings. False if an event did not count all the time: others
 * had its counter meanwhile, and what is missing cannot be known. */
bool pmu_difference(const struct pmu_counts *before, const struct pmu_counts *after,
                    struct pmu_counts *difference);

/* The two halves of pmu_open(): finding the events, and opening two of any kind. Machines
 * without a PMU test the second with software events. find returns false, and why. */
bool pmu_find(int cpu, struct pmu_event events[PMU_EVENTS], char *why, size_t size);
struct pmu *pmu_open_events(const struct pmu_event events[PMU_EVENTS], char *why, size_t size);

#endif
