/* SPDX-License-Identifier: MIT
 *
 * fake_perf.h: a kernel that counts, in place of libperf's calls into the real one; for the PMUs
 * that no machine of the developers has. A test links it by LINK: FAKE_PERF's flags.
 *
 * Events are known by their code. Time passes and counts grow with each reading and each stop, and
 * only while a group is started. A core with counters that are not all alike gives out the first
 * that fits.
 */
#ifndef FAKE_PERF_H
#define FAKE_PERF_H

#include <errno.h>
#include <linux/perf_event.h>
#include <perf/evsel.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { FAKE_EVENTS = 4096, FAKE_LOG = 4096, FAKE_EMPTY = 4, FAKE_FIRST = 8 };

/* What the kernel and the core are like. */
static struct {
    int refuse_all;    /* errno of every opening */
    uint64_t refused;  /* code of an event that is not there: ENOENT */
    unsigned counters; /* events in a group; 0: any number */
    unsigned usable;   /* events in a group that ever gets counters; 0: any number */
    bool apple;        /* counters as in Apple's driver */
    bool shared;       /* others take the counters after the first steps */
    bool quiet;        /* readings alone count nothing */
    bool user;         /* counters can be read in user mode */
} fake;

struct fake_event {
    struct perf_evsel *event;
    struct perf_event_attr attr;
    struct fake_event *leader;
    unsigned members, counters_taken, steps;
    bool open, started, mapped;
    uint64_t value, time, stolen;
    struct perf_event_mmap_page page;
};
static struct fake_event fake_events[FAKE_EVENTS];
static unsigned fake_event_count;

/* The codes that were opened, in their order, and on which PMU. */
static uint64_t fake_opened[FAKE_LOG];
static uint32_t fake_type[FAKE_LOG];
static unsigned fake_opened_count;

static _Thread_local struct fake_event *fake_leader;
static _Thread_local int fake_started;
static int fake_most_started; /* groups of one thread that counted at one time */

static inline int fake_begin(void) {
    memset(&fake, 0, sizeof fake);
    memset(fake_events, 0, sizeof fake_events);
    fake_event_count = fake_opened_count = 0;
    fake_most_started = 0;
    return 0;
}

static struct fake_event *fake_find(struct perf_evsel *event) {
    for (unsigned i = fake_event_count; i-- > 0;)
        if (fake_events[i].event == event && fake_events[i].open)
            return &fake_events[i];
    return NULL;
}

/* Linux, apple_m1_cpu_pmu.c: the counters that can count an event. */
static unsigned fake_apple_counters(uint64_t code) {
    static const uint8_t only_7[] = {0x01, 0x96, 0x9b},
                         from_5[] = {0x95, 0x98, 0x99, 0x9a, 0x9c, 0xbf, 0xc0,
                                     0xc1, 0xc4, 0xc5, 0xc6, 0xc8, 0xca, 0xcb};
    if (code == 0x02)
        return 0x3fd;
    if (code == 0x8c)
        return 0x082;
    if (memchr(only_7, (int)code, sizeof only_7))
        return 0x080;
    return memchr(from_5, (int)code, sizeof from_5) ? 0x0e0 : 0x3fc;
}

int __wrap_perf_evsel__open(struct perf_evsel *event, struct perf_cpu_map *cpus,
                            struct perf_thread_map *threads);
int __wrap_perf_evsel__open(struct perf_evsel *event, struct perf_cpu_map *cpus,
                            struct perf_thread_map *threads) {
    (void)cpus, (void)threads;
    const struct perf_event_attr *attr = perf_evsel__attr(event);
    struct fake_event *leader = attr->disabled ? NULL : fake_leader;
    if (!attr->exclude_kernel || !attr->exclude_guest) /* as perf_event_paranoid and Apple want */
        return -EINVAL;
    if (fake.refuse_all)
        return -fake.refuse_all;
    if (fake.refused && attr->config == fake.refused)
        return -ENOENT;
    if (leader && fake.counters && leader->members >= fake.counters)
        return -EINVAL;
    unsigned taken = 0;
    if (fake.apple) {
        unsigned fitting = fake_apple_counters(attr->config);
        fitting &= leader ? ~leader->counters_taken : ~0u;
        if (fitting == 0)
            return -EINVAL;
        taken = fitting & -fitting;
    }
    /* Opening is under the caller's lock. */
    struct fake_event *mine = &fake_events[fake_event_count++ % FAKE_EVENTS];
    *mine = (struct fake_event){.event = event, .attr = *attr, .leader = leader, .open = true};
    if (leader == NULL)
        fake_leader = mine->leader = mine;
    mine->leader->members++;
    mine->leader->counters_taken |= mine->counters_taken = taken;
    fake_type[fake_opened_count % FAKE_LOG] = attr->type;
    fake_opened[fake_opened_count++ % FAKE_LOG] = attr->config;
    return 0;
}

void __wrap_perf_evsel__close(struct perf_evsel *event);
void __wrap_perf_evsel__close(struct perf_evsel *event) {
    struct fake_event *mine = fake_find(event);
    if (mine == NULL)
        return;
    mine->open = false;
    mine->leader->members--;
    mine->leader->counters_taken &= ~mine->counters_taken;
    if (mine->leader == mine && mine->started)
        fake_started--;
}

/* Time passes for an event. */
static void fake_step(struct fake_event *mine) {
    bool starved = fake.usable && mine->leader->members > fake.usable;
    /* The first steps are those of an empty region. */
    bool empty = fake.quiet || mine->steps < FAKE_EMPTY;
    mine->time += 100;
    mine->value += starved ? 0 : empty ? 10 : 1010 + mine->attr.config;
    mine->stolen += starved ? 100 : fake.shared && mine->steps >= FAKE_FIRST ? 7 : 0;
    mine->steps++;
}

int __wrap_perf_evsel__enable(struct perf_evsel *event);
int __wrap_perf_evsel__enable(struct perf_evsel *event) {
    struct fake_event *mine = fake_find(event);
    mine->started = true;
    if (++fake_started > fake_most_started)
        fake_most_started = fake_started;
    return 0;
}

int __wrap_perf_evsel__disable(struct perf_evsel *event);
int __wrap_perf_evsel__disable(struct perf_evsel *event) {
    struct fake_event *mine = fake_find(event);
    for (unsigned i = 0; i < fake_event_count && i < FAKE_EVENTS; i++)
        if (fake_events[i].open && fake_events[i].leader == mine)
            fake_step(&fake_events[i]);
    mine->started = false;
    fake_started--;
    return 0;
}

int __wrap_perf_evsel__read(struct perf_evsel *event, int cpu, int thread,
                            struct perf_counts_values *values);
int __wrap_perf_evsel__read(struct perf_evsel *event, int cpu, int thread,
                            struct perf_counts_values *values) {
    (void)cpu, (void)thread;
    struct fake_event *mine = fake_find(event);
    if (mine->leader->started)
        fake_step(mine);
    *values = (struct perf_counts_values){
        {{.val = mine->value, .ena = mine->time, .run = mine->time - mine->stolen}}};
    return 0;
}

int __wrap_perf_evsel__mmap(struct perf_evsel *event, int pages);
int __wrap_perf_evsel__mmap(struct perf_evsel *event, int pages) {
    struct fake_event *mine = fake_find(event);
    mine->page.cap_user_rdpmc = fake.user && (mine->attr.config1 & 2);
    mine->page.index = mine->leader->started;
    mine->page.pmc_width = 32;
    mine->mapped = pages == 0;
    return 0;
}

void __wrap_perf_evsel__munmap(struct perf_evsel *event);
void __wrap_perf_evsel__munmap(struct perf_evsel *event) {
    fake_find(event)->mapped = false;
}

void *__wrap_perf_evsel__mmap_base(struct perf_evsel *event, int cpu, int thread);
void *__wrap_perf_evsel__mmap_base(struct perf_evsel *event, int cpu, int thread) {
    (void)cpu, (void)thread;
    struct fake_event *mine = fake_find(event);
    return mine->mapped ? &mine->page : NULL;
}

/* An event of this code counts so much more wherever it is counting: the core did something. */
static inline void fake_count(uint64_t code, uint64_t count) {
    for (unsigned i = 0; i < fake_event_count && i < FAKE_EVENTS; i++)
        if (fake_events[i].open && fake_events[i].leader->started &&
            fake_events[i].attr.config == code)
            fake_events[i].value += count;
}

#endif
