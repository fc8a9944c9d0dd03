/* SPDX-License-Identifier: MIT
 *
 * group.h: events that count together, all or none, for the calling thread in user mode, by
 * libperf. The first is always cycles. Groups are opened stopped: only one of a thread counts at a
 * time, so the kernel never has to share the counters out.
 */
#ifndef GROUP_H
#define GROUP_H

#include "count/pmu.h"

enum { GROUP_EVENTS = 12 };

/* The count of an event that was not counted, or not all the time. */
#define NOT_COUNTED UINT64_MAX

struct group;

struct group_reading {
    uint64_t value[GROUP_EVENTS], enabled[GROUP_EVENTS], running[GROUP_EVENTS]; /* ns */
};

/* Whether the program was built with libperf; else no group opens. */
bool group_can_open(void);

/* Opens cycles on a PMU for the calling thread, which stays on that PMU's CPUs. NULL, and a
 * negative errno in *error, if that fails. End with group_close() (NULL is allowed). */
struct group *group_open(const struct pmu *pmu, int *error);
void group_close(struct group *group);

/* One more event: 0, or a negative errno and the group is as before. */
int group_add(struct group *group, const struct pmu *pmu, uint64_t config);

/* Takes the last event out again; never the first. */
void group_drop(struct group *group);

/* How many events it has, the first included. */
unsigned group_size(const struct group *group);

/* Whether the whole group gets counters: what opens may still be too much, where a watchdog or
 * another user holds some. */
bool group_runs(struct group *group);

/* From now on reads without the kernel. False, and all stays, if the kernel does not let us or
 * not all counters can be read so. */
bool group_read_as_user(struct group *group);

/* Back to read(2). */
void group_read_by_syscall(struct group *group);

/* Gets ready to count; whatever it costs, it is not between group_begin() and group_end(). One
 * group of a thread at a time. 0 or a negative errno. */
int group_arm(struct group *group);
void group_disarm(struct group *group);

/* Around what is counted. Where counters are read without the kernel, both read. Where not, begin
 * lets the stopped counters run and end stops them, and then reads: one system call stands before
 * what is counted, not one for each event, and what reading executes is not counted. */
int group_begin(struct group *group);
int group_end(struct group *group, uint64_t counts[GROUP_EVENTS]);

/* What was counted between two readings, event by event: NOT_COUNTED where others had the counter
 * for a part of the time. What was missed then cannot be known, so it is not estimated. */
void group_difference(const struct group *group, const struct group_reading *before,
                      const struct group_reading *after, uint64_t counts[GROUP_EVENTS]);

/* Of an armed group the counts of nothing: what begin and end themselves add, the least of some
 * tries. Some hundred instructions for each event that is read, where counters are read so. */
void group_own_counts(struct group *group, uint64_t own[GROUP_EVENTS]);

/* Takes them off, down to 0. */
void group_subtract(uint64_t counts[GROUP_EVENTS], const uint64_t own[GROUP_EVENTS]);

/* Why perf_event_open failed. */
const char *group_explain(int error);

#endif
