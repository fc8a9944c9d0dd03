/* SPDX-License-Identifier: MIT */
#include "disturb.h"

#include <sched.h>
#include <sys/resource.h>

long disturb_switches(void) {
    struct rusage usage;
    getrusage(RUSAGE_THREAD, &usage);
    return usage.ru_nivcsw;
}

bool disturb_moved(unsigned cpu) {
    return sched_getcpu() != (int)cpu;
}
