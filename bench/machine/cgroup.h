/* SPDX-License-Identifier: MIT
 *
 * cgroup.h: how much memory and CPU time the control groups of this process leave it.
 *
 * A limit may stand at the process's own group and at any group above it, in hierarchies of
 * version 1 and 2, and the least of them holds. A container often sees only its own part of the
 * tree. Everything is read anew at each call, since it may be changed at any time.
 */
#ifndef CGROUP_H
#define CGROUP_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of memory that the groups allow; UINT64_MAX: as many as there are. */
uint64_t cgroup_memory(void);

/* CPUs' worth of time that the groups allow, 0.5 being half of one CPU's; 0: no quota. */
double cgroup_cpu_time(void);

/* In how many periods of their quotas the groups have been stopped so far; 0 also where nobody
 * counts. The difference of two calls is what happened between them. */
uint64_t cgroup_throttled(void);

/* How many processes the kernel has killed so far for want of memory: of this process's group,
 * and on the whole machine. */
struct cgroup_kills {
    uint64_t group, machine;
};
struct cgroup_kills cgroup_kills(void);

/* Why a child that was started after `before` and ended by SIGKILL did so: "killed for want of
 * memory: its control group may use 192 MiB". False, and why untouched, if the kernel has killed
 * nobody for that since. */
bool cgroup_killed_since(struct cgroup_kills before, char *why, size_t size);

/* {"memory_bytes", "cpu_time", "throttled_before"} for machine.json: what there is of them. The
 * last is a count since the group was made, and differs at each call. The caller owns it. */
json_t *cgroup_json(void);

#endif
