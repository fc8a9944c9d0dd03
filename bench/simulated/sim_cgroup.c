/* SPDX-License-Identifier: MIT
 *
 * sim_cgroup.c: a simulator's time is its own: nobody stops it for want of a quota.
 */
#include "machine/cgroup.h"

double cgroup_cpu_time(void) {
    return 0;
}

uint64_t cgroup_throttled(void) {
    return 0;
}
