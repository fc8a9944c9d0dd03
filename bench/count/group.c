/* SPDX-License-Identifier: MIT */
#include "count/group.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <perf/core.h>
#include <perf/evlist.h>
#include <perf/evsel.h>
#include <perf/threadmap.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"

struct group {
    struct perf_evlist *list; /* whose first event leads */
    struct perf_evsel *events[GROUP_EVENTS];
    uint64_t mask[GROUP_EVENTS]; /* of a difference: the counter's width */
    unsigned count;
    bool user;
    struct group_reading last; /* read by group_begin(), or when the counters were stopped last */
};

/* libperf makes what stands for "any CPU" when it is first used, and wants to be started. */
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static int say_nothing(enum libperf_print_level level, const char *format, va_list arguments) {
    (void)level, (void)format, (void)arguments;
    return 0;
}

/* The calling thread, to whom the kernel refers as 0. */
static struct perf_thread_map *this_thread(void) {
    static struct perf_thread_map *threads;
    if (threads == NULL) {
        libperf_init(say_nothing);
        threads = perf_thread_map__new_dummy();
        if (threads == NULL)
            die(EXIT_FAILED, "out of memory");
        perf_thread_map__set_pid(threads, 0, 0);
    }
    return threads;
}

int group_add(struct group *group, const struct pmu *pmu, uint64_t config) {
    struct perf_event_attr attr = {
        .size = sizeof attr,
        .type = pmu->type,
        .config = config,
        .config1 = pmu->user_read,
        .read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING,
        .disabled = group->count == 0, /* the others follow the first */
        .exclude_kernel = 1,
        .exclude_hv = 1,
        .exclude_guest = 1, /* Apple's PMUs accept nothing else */
    };
    if (group->count == GROUP_EVENTS)
        return -E2BIG;
    pthread_mutex_lock(&mutex);
    struct perf_evsel *event = perf_evsel__new(&attr);
    if (event == NULL)
        die(EXIT_FAILED, "out of memory");
    perf_evlist__add(group->list, event);
    perf_evlist__set_leader(group->list);
    int error = perf_evsel__open(event, NULL, this_thread());
    pthread_mutex_unlock(&mutex);
    group->events[group->count++] = event;
    if (error)
        group_drop(group);
    return error;
}

void group_drop(struct group *group) {
    struct perf_evsel *event = group->events[--group->count];
    perf_evlist__remove(group->list, event);
    perf_evsel__close(event);
    perf_evsel__delete(event);
}

bool group_can_open(void) {
    return true;
}

struct group *group_open(const struct pmu *pmu, int *error) {
    struct group *group = allocate(1, sizeof *group);
    group->list = perf_evlist__new();
    if (group->list == NULL)
        die(EXIT_FAILED, "out of memory");
    *error = group_add(group, pmu, pmu->cycles);
    if (*error == 0)
        return group;
    group_close(group);
    return NULL;
}

void group_close(struct group *group) {
    if (group == NULL)
        return;
    group_read_by_syscall(group);
    while (group->count)
        group_drop(group); /* the leader goes last */
    perf_evlist__delete(group->list);
    free(group);
}

unsigned group_size(const struct group *group) {
    return group->count;
}

static int start(struct group *group) {
    return perf_evsel__enable(group->events[0]);
}

static int stop(struct group *group) {
    return perf_evsel__disable(group->events[0]);
}

/* The first event is read last before, and first after, what is measured. While multiplexed
 * (ena != run), libperf reads both times now. Otherwise both are from when the counter was
 * assigned: they are equal, which is all that group_difference() needs. */
static int read_all(const struct group *group, bool first_last, struct group_reading *reading) {
    for (unsigned i = 0; i < group->count; i++) {
        unsigned at = first_last ? group->count - 1 - i : i;
        struct perf_counts_values values = {0};
        int error = perf_evsel__read(group->events[at], 0, 0, &values);
        if (error)
            return error;
        reading->value[at] = values.val;
        reading->enabled[at] = values.ena;
        reading->running[at] = values.run;
    }
    return 0;
}

bool group_runs(struct group *group) {
    struct group_reading reading;
    if (start(group))
        return false;
    for (volatile unsigned i = 0; i < 10000; i++) {
    }
    bool runs = stop(group) == 0 && read_all(group, true, &reading) == 0;
    for (unsigned i = 0; runs && i < group->count; i++)
        runs = reading.enabled[i] > 0 && reading.running[i] == reading.enabled[i];
    return runs;
}

bool group_read_as_user(struct group *group) {
    if (group->user)
        return true;
    group->user = start(group) == 0;
    for (unsigned i = 0; i < group->count && group->user; i++) {
        int failed = perf_evsel__mmap(group->events[i], 0); /* the page that says how to read */
        const struct perf_event_mmap_page *page =
            failed ? NULL : perf_evsel__mmap_base(group->events[i], 0, 0);
        group->user = page && page->cap_user_rdpmc && page->index;
        if (group->user && page->pmc_width < 64)
            group->mask[i] = ((uint64_t)1 << page->pmc_width) - 1;
        else
            group->mask[i] = UINT64_MAX;
    }
    stop(group);
    if (group->user)
        return true;
    group->user = true; /* so that what was mapped is unmapped */
    group_read_by_syscall(group);
    return false;
}

void group_read_by_syscall(struct group *group) {
    if (!group->user)
        return;
    for (unsigned i = 0; i < group->count; i++)
        perf_evsel__munmap(group->events[i]);
    group->user = false;
}

void group_difference(const struct group *group, const struct group_reading *before,
                      const struct group_reading *after, uint64_t counts[GROUP_EVENTS]) {
    for (unsigned i = 0; i < GROUP_EVENTS; i++) {
        counts[i] = NOT_COUNTED;
        if (i >= group->count)
            continue;
        uint64_t enabled = after->enabled[i] - before->enabled[i];
        uint64_t running = after->running[i] - before->running[i];
        if (enabled != running || (enabled == 0 && !group->user))
            continue;
        /* A counter of 32 bits may have gone round once since the kernel last looked. */
        counts[i] = after->value[i] - before->value[i];
        if (group->user)
            counts[i] &= group->mask[i];
    }
}

int group_arm(struct group *group) {
    return group->user ? start(group) : read_all(group, true, &group->last);
}

void group_disarm(struct group *group) {
    if (group->user)
        stop(group);
}

int group_begin(struct group *group) {
    return group->user ? read_all(group, true, &group->last) : start(group);
}

int group_end(struct group *group, uint64_t counts[GROUP_EVENTS]) {
    struct group_reading now;
    int error = group->user ? 0 : stop(group);
    if (error == 0)
        error = read_all(group, false, &now);
    if (error)
        return error;
    group_difference(group, &group->last, &now, counts);
    group->last = now;
    return 0;
}
