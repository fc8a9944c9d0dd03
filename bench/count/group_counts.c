/* SPDX-License-Identifier: MIT
 *
 * group_counts.c: what is said of groups and their counts without libperf.
 */
#include "count/group.h"

#include <errno.h>
#include <string.h>

void group_own_counts(struct group *group, uint64_t own[GROUP_EVENTS]) {
    enum { TRIES = 8 };
    uint64_t counts[GROUP_EVENTS];
    memset(own, 0xff, GROUP_EVENTS * sizeof *own);
    for (int i = 0; i < TRIES && group_begin(group) == 0 && group_end(group, counts) == 0; i++)
        for (unsigned k = 0; k < group_size(group); k++)
            own[k] = counts[k] < own[k] ? counts[k] : own[k]; /* NOT_COUNTED is the largest */
    for (unsigned k = 0; k < GROUP_EVENTS; k++)
        own[k] = own[k] == NOT_COUNTED ? 0 : own[k];
}

void group_subtract(uint64_t counts[GROUP_EVENTS], const uint64_t own[GROUP_EVENTS]) {
    for (unsigned i = 0; i < GROUP_EVENTS; i++)
        if (counts[i] != NOT_COUNTED)
            counts[i] = counts[i] > own[i] ? counts[i] - own[i] : 0;
}

const char *group_explain(int error) {
    switch (-error) {
    case EACCES:
    case EPERM:
        return "not permitted (kernel.perf_event_paranoid above 2, or a container)";
    case ENOSYS:
        return "no perf_event_open here (an emulator or a container)";
    case ENOPKG:
        return "this program was built without libperf";
    case ENOENT:
    case ENODEV:
    case EOPNOTSUPP:
        return "not supported by this PMU";
    case EINVAL:
        return "refused by the kernel";
    case EMFILE:
    case ENFILE:
        return "too many open files";
    default:
        return strerror(-error);
    }
}
