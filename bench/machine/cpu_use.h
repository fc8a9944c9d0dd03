/* SPDX-License-Identifier: MIT
 *
 * cpu_use.h: what keeps this process from a CPU, and how to get it. The mask that a process was
 * started with says which CPUs it is meant to use, and not which it may: so what is asked for by
 * name is tried.
 */
#ifndef CPU_USE_H
#define CPU_USE_H

#include <jansson.h>
#include <stdbool.h>

struct cpu_reason {
    char why[192], how[192]; /* "it is offline", and the command that changes that */
};

/* Whether threads of this process can be pinned to the CPU: tries it with the calling thread and
 * puts that back. If not, the reason. */
bool cpu_usable(unsigned cpu, struct cpu_reason *reason);

/* The CPUs of the machine that are not among topology_cpus(), those of one reason together:
 * [{"what": "CPUs 2-3", "why": ..., "how": ...}]. The caller owns it. */
json_t *cpu_unused(void);

#endif
