/* SPDX-License-Identifier: MIT */
#include "count/counting.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/die.h"
#include "count/sets.h"
#include "kernels/line.h"

/* One thread's, on its own line. */
struct counting_thread {
    LINE_ALIGNED struct group *groups[MAX_COUNT_SETS + 1];
    uint64_t own[MAX_COUNT_SETS + 1][GROUP_EVENTS]; /* of the readings themselves */
    struct group *active;
    uint64_t counts[GROUP_EVENTS]; /* of its last sample */
    bool begun, user;
    struct pmu pmu;
    char why[128]; /* it counts nothing; or "" */
};

struct counting {
    struct crew *crew;
    struct counting_thread *threads;
    struct count_sets sets;
    const char *why; /* nothing is counted; or NULL */
    unsigned cells, thread_count, turns, first, set;
    long round, room;
    unsigned *set_of; /* of each round */
    uint64_t *kept;   /* rounds x cells x GROUP_EVENTS */
};

static const char *chosen = "none";

void counting_choose(const char *sets) {
    chosen = sets;
}

/* Every thread: the PMU of its CPU. */
static void find(void *context, unsigned thread) {
    struct counting *counting = context;
    struct counting_thread *me = &counting->threads[thread];
    pmu_find(crew_cpu(counting->crew, thread), &me->pmu, me->why, sizeof me->why);
}

/* The first thread: what all will count. Codes differ from PMU to PMU, and an event's name does
 * not promise the same on two of them. */
static void make(struct counting *counting) {
    struct counting_thread *first = &counting->threads[0];
    const char *other = NULL;
    char reason[sizeof counting->sets.events.missing->reason];
    for (unsigned i = 1; i < counting->thread_count; i++)
        if (strcmp(counting->threads[i].pmu.name, first->pmu.name) != 0)
            other = counting->threads[i].pmu.name;
    if (first->why[0] || !count_sets_make(crew_cpu(counting->crew, 0), other ? "none" : chosen,
                                          &counting->sets, first->why, sizeof first->why))
        return;
    if (other && strcmp(chosen, "none") != 0) {
        snprintf(reason, sizeof reason, "the threads are on different PMUs: %.24s, %.24s",
                 first->pmu.name, other);
        events_miss(&counting->sets.events, "all sets", reason);
    }
}

/* Every thread: its groups, stopped. */
static void open_groups(void *context, unsigned thread) {
    struct counting *counting = context;
    struct counting_thread *me = &counting->threads[thread];
    struct count_sets sets = counting->sets;
    sets.pmu = me->pmu;
    if (counting->threads[0].why[0] || me->why[0])
        return;
    me->user = sets.user;
    for (unsigned i = 0; i < counting->turns; i++) {
        me->groups[i] = count_sets_open(&sets, sets.count ? i : 0);
        if (me->groups[i] == NULL)
            snprintf(me->why, sizeof me->why, "thread %u cannot open its counters", thread);
        me->user = me->user && me->groups[i] && group_read_as_user(me->groups[i]);
    }
}

/* Every thread: reads as all do, and learns what that costs. */
static void settle(void *context, unsigned thread) {
    struct counting *counting = context;
    struct counting_thread *me = &counting->threads[thread];
    for (unsigned i = 0; i < counting->turns && counting->why == NULL; i++) {
        if (!counting->sets.user)
            group_read_by_syscall(me->groups[i]);
        if (group_arm(me->groups[i]) == 0)
            group_own_counts(me->groups[i], me->own[i]);
        group_disarm(me->groups[i]);
    }
}

/* A descriptor for each event of each thread may be more than a process has at first. */
static void allow_descriptors(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max < 65536 ? limit.rlim_max : 65536;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

struct counting *counting_open(struct crew *crew, unsigned cells, uint64_t seed) {
    struct counting *counting = allocate(1, sizeof *counting);
    unsigned threads = crew_threads(crew);
    bool user = true;
    *counting = (struct counting){.crew = crew, .cells = cells, .thread_count = threads};
    counting->threads = aligned_alloc(LINE_BYTES, threads * sizeof *counting->threads);
    if (counting->threads == NULL)
        die(EXIT_FAILED, "out of memory");
    memset(counting->threads, 0, threads * sizeof *counting->threads);
    allow_descriptors();
    crew_all(crew, find, counting);
    make(counting);
    counting->turns = counting->sets.count ? counting->sets.count : 1;
    /* A block of few rounds counts some sets; the next one begins with others. */
    counting->first = (unsigned)(seed % counting->turns);
    crew_all(crew, open_groups, counting);
    for (unsigned i = 0; i < threads; i++) {
        user = user && counting->threads[i].user;
        if (counting->threads[i].why[0] && counting->why == NULL)
            counting->why = counting->threads[i].why;
    }
    counting->sets.user = user;
    crew_all(crew, settle, counting);
    return counting;
}

static void close_groups(void *context, unsigned thread) {
    struct counting *counting = context;
    for (unsigned i = 0; i < counting->turns; i++)
        group_close(counting->threads[thread].groups[i]);
}

void counting_close(struct counting *counting, struct crew *crew) {
    crew_all(crew, close_groups, counting);
    free(counting->threads);
    free(counting->set_of);
    free(counting->kept);
    free(counting);
}

void counting_begin(struct counting *counting, long rounds) {
    free(counting->set_of);
    free(counting->kept);
    counting->room = rounds;
    counting->set_of = allocate((size_t)rounds, sizeof *counting->set_of);
    counting->kept = allocate((size_t)rounds * counting->cells, GROUP_EVENTS * sizeof(uint64_t));
}

void counting_round(struct counting *counting, long round) {
    counting->round = round;
    counting->set = (unsigned)((counting->first + (unsigned long)round) % counting->turns);
    counting->set_of[round] = counting->set;
}

void counting_select(struct counting *counting, unsigned thread) {
    struct counting_thread *me = &counting->threads[thread];
    struct group *wanted = counting->why ? NULL : me->groups[counting->set];
    if (me->active == wanted)
        return;
    if (me->active)
        group_disarm(me->active);
    me->active = wanted && group_arm(wanted) == 0 ? wanted : NULL;
}

void counting_before(struct counting *counting, unsigned thread) {
    struct counting_thread *me = &counting->threads[thread];
    me->begun = me->active && group_begin(me->active) == 0;
}

void counting_after(struct counting *counting, unsigned thread) {
    struct counting_thread *me = &counting->threads[thread];
    if (me->begun && group_end(me->active, me->counts) == 0)
        group_subtract(me->counts, me->own[counting->set]);
    else
        memset(me->counts, 0xff, sizeof me->counts); /* NOT_COUNTED */
}

static uint64_t *kept_of(const struct counting *counting, long round, unsigned cell) {
    return counting->kept + ((size_t)round * counting->cells + cell) * GROUP_EVENTS;
}

void counting_keep(struct counting *counting, unsigned cell) {
    uint64_t *kept = kept_of(counting, counting->round, cell);
    for (unsigned i = 0; i < GROUP_EVENTS; i++) {
        kept[i] = 0;
        for (unsigned t = 0; t < counting->thread_count; t++) {
            uint64_t count = counting->threads[t].counts[i];
            kept[i] =
                count == NOT_COUNTED || kept[i] == NOT_COUNTED ? NOT_COUNTED : kept[i] + count;
        }
    }
}

void counting_describe(const struct counting *counting, json_t *line) {
    const struct count_sets *sets = &counting->sets;
    if (counting->why) {
        json_object_set_new(line, "events", json_null());
        json_object_set_new(line, "pmu_skipped", json_string(counting->why));
        return;
    }
    json_object_set_new(line, "events",
                        json_pack("{s:s, s:s, s:o, s:o}", "pmu", sets->pmu.name, "read",
                                  sets->user ? "user" : "syscall", "sets", counting_sets(sets),
                                  "missing", counting_missing(&sets->events)));
}

static json_t *number(uint64_t value) {
    return value == NOT_COUNTED ? json_null() : json_integer((json_int_t)value);
}

/* One event's counts, an element a round. */
static json_t *column(const struct counting *counting, unsigned cell, long rounds, unsigned event) {
    json_t *array = json_array();
    for (long round = 0; round < rounds; round++) {
        uint64_t count = kept_of(counting, round, cell)[event];
        /* No sample takes no cycles: the counter stood still, as an emulator's may. */
        json_array_append_new(array, event == 0 && count == 0 ? json_null() : number(count));
    }
    return array;
}

void counting_add_cell(const struct counting *counting, unsigned cell, long rounds, json_t *json) {
    const struct count_sets *sets = &counting->sets;
    if (counting->why)
        return;
    json_object_set_new(json, "cycles", column(counting, cell, rounds, 0));
    if (sets->instructions)
        json_object_set_new(json, "instructions", column(counting, cell, rounds, 1));
    if (sets->count == 0)
        return;
    json_t *turns = json_array(), *counts = json_array();
    for (long round = 0; round < rounds; round++) {
        unsigned set = counting->set_of[round];
        json_t *values = json_array();
        bool any = false;
        for (unsigned i = 0; i < sets->sets[set].count; i++) {
            uint64_t count = kept_of(counting, round, cell)[1 + sets->instructions + i];
            json_array_append_new(values, number(count));
            any |= count != NOT_COUNTED;
        }
        if (!any) {
            json_decref(values);
            values = json_null();
        }
        json_array_append_new(turns, json_integer(set));
        json_array_append_new(counts, values);
    }
    json_object_set_new(json, "event_set", turns);
    json_object_set_new(json, "counts", counts);
}
