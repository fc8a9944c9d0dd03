/* SPDX-License-Identifier: MIT
 *
 * group_none.c: in the place of group.c where there is no libperf to build with: no group opens, so
 * nothing is counted, and cycles come from the chain of additions.
 */
#include <errno.h>

#include "count/group.h"

bool group_can_open(void) {
    return false;
}

struct group *group_open(const struct pmu *pmu, int *error) {
    (void)pmu;
    *error = -ENOPKG;
    return NULL;
}

/* The rest takes an open group, and there is none. */
void group_close(struct group *group) {
    (void)group;
}

int group_add(struct group *group, const struct pmu *pmu, uint64_t config) {
    (void)group, (void)pmu, (void)config;
    return -ENOPKG;
}

void group_drop(struct group *group) {
    (void)group;
}

unsigned group_size(const struct group *group) {
    (void)group;
    return 0;
}

bool group_runs(struct group *group) {
    (void)group;
    return false;
}

bool group_read_as_user(struct group *group) {
    (void)group;
    return false;
}

void group_read_by_syscall(struct group *group) {
    (void)group;
}

int group_arm(struct group *group) {
    (void)group;
    return -ENOPKG;
}

void group_disarm(struct group *group) {
    (void)group;
}

int group_begin(struct group *group) {
    (void)group;
    return -ENOPKG;
}

int group_end(struct group *group, uint64_t counts[GROUP_EVENTS]) {
    (void)group, (void)counts;
    return -ENOPKG;
}
