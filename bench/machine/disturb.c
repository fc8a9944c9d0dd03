/* SPDX-License-Identifier: MIT */
#include "machine/disturb.h"

#include <sys/resource.h>

#include "machine/topology.h"

long disturb_switches(void) {
    struct rusage usage;
    getrusage(RUSAGE_THREAD, &usage);
    return usage.ru_nivcsw;
}

bool disturb_moved(unsigned cpu) {
    return !topology_is_on(cpu);
}
