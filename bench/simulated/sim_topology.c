/* SPDX-License-Identifier: MIT
 *
 * sim_topology.c: each CPU is a core. The simulator gives each thread a CPU of its own, in the
 * order in which they start, and never another: there is nothing to pin.
 */
#include "machine/topology.h"

#include <errno.h>
#include <stdio.h>

#include "machine/cpu_use.h"
#include "simulated/simulated.h"

const unsigned *topology_cpus(unsigned *count) {
    static unsigned cpus[MAX_CPUS];
    for (unsigned i = 0; i < simulated.cpus && i < MAX_CPUS; i++)
        cpus[i] = i;
    *count = simulated.cpus < MAX_CPUS ? simulated.cpus : MAX_CPUS;
    return cpus;
}

struct topology_caches topology_caches(unsigned cpu) {
    (void)cpu;
    return simulated.caches;
}

uint64_t topology_l1i(void) {
    return simulated.l1i;
}

uint64_t topology_memory(void) {
    return simulated.memory;
}

void topology_pin_why(unsigned cpu, int error, char *why, size_t size) {
    (void)error;
    snprintf(why, size, "the simulator has no CPU %u", cpu);
}

int topology_pin(unsigned cpu) {
    return cpu < simulated.cpus ? 0 : -EINVAL;
}

bool cpu_usable(unsigned cpu, struct cpu_reason *reason) {
    topology_pin_why(cpu, 0, reason->why, sizeof reason->why);
    snprintf(reason->how, sizeof reason->how, "another number of CPUs");
    return cpu < simulated.cpus;
}
