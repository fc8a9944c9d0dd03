/* SPDX-License-Identifier: MIT */
#include "count/events.h"

#include <ctype.h>
#include <linux/perf_event.h>
#include <perfmon/pfmlib.h>
#include <perfmon/pfmlib_perf_event.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/text.h"

enum vendor { VENDOR_ARM, VENDOR_APPLE, VENDOR_INTEL, VENDOR_AMD };

struct row {
    const char *set, *name;
    enum vendor vendor;
    unsigned code, counters;
    uint64_t cores;
};

#define C(core) ((uint64_t)1 << CORE_##core)
/* Cores that have the whole of Arm's recommended events, or nearly: */
#define BIG                                                                                        \
    (C(N1) | C(N2) | C(N3) | C(V1) | C(V2) | C(V3) | C(A76) | C(A77) | C(A78) | C(A710) |          \
     C(A715) | C(A720) | C(X1) | C(X2) | C(X3) | C(X4) | C(THUNDERX2) | C(AMPERE1))
#define SMALL      (C(A55) | C(A510) | C(A520))
#define OLD        (C(A57) | C(A72))
#define LATE       (C(V3) | C(N3) | C(A520) | C(A720) | C(X4))
#define STREX_PASS ((BIG & ~(C(N3) | C(A720) | C(A715) | C(AMPERE1))) | OLD)
/* Counters of Apple's PMU; 0 counts cycles and 1 instructions. */
#define ONLY_7 0x080
#define FROM_5 0x0e0
#define FROM_2 0x3fc

static const struct row table[] = {
#define ARM(set, name, code, cores)      {#set, #name, VENDOR_ARM, code, 0, cores},
#define APPLE(set, name, code, counters) {#set, #name, VENDOR_APPLE, code, counters, C(APPLE_M1)},
#define INTEL(set, name)                 {#set, name, VENDOR_INTEL, 0, 0, 0},
#define AMD(set, name)                   {#set, name, VENDOR_AMD, 0, 0, 0},
#include "count/events.def"
};

const char *const event_sets[] = {"mix", "rmw", "stall", "mem", "coh", "order", NULL};

bool events_chosen(const char *list, const char *set) {
    return text_same(list, "all") || text_listed(list, set);
}

void events_check_list(const char *list) {
    size_t count = 0;
    while (event_sets[count])
        count++;
    if (!text_same(list, "all") && !text_same(list, "none"))
        text_check_list("set of events", list, event_sets, count);
}

void events_miss(struct events *events, const char *name, const char *reason) {
    for (unsigned i = 0; i < events->missing_count; i++)
        if (strcmp(events->missing[i].event, name) == 0)
            return;
    if (events->missing_count == MAX_MISSING)
        return;
    struct event_missing *missing = &events->missing[events->missing_count++];
    snprintf(missing->event, sizeof missing->event, "%s", name);
    snprintf(missing->reason, sizeof missing->reason, "%s", reason);
}

/* The library shall encode for cores that it did not detect, too: it looks at one CPU, and we at
 * any. */
static void start_library(void) {
    setenv("LIBPFM_ENCODE_INACTIVE", "1", 0);
    if (pfm_initialize() != PFM_SUCCESS)
        warn("libpfm4 cannot be initialised: events that only it knows are not counted");
}

static bool encode(const char *library, const char *event, struct perf_event_attr *attr) {
    char text[128];
    pfm_perf_encode_arg_t argument = {.attr = attr, .size = sizeof argument};
    *attr = (struct perf_event_attr){.size = sizeof *attr};
    snprintf(text, sizeof text, "%s::%s", library, event);
    return pfm_get_os_event_encoding(text, PFM_PLM3, PFM_OS_PERF_EVENT, &argument) == PFM_SUCCESS;
}

/* The code of an x86 event on that model among those the library sees in this machine that is
 * counted by this PMU. */
static bool find_on_x86(const struct pmu *pmu, const struct row *row, const char *name,
                        uint64_t *config, bool *vendor_is_here) {
    struct perf_event_attr attr;
    for (int i = 0; i < PFM_PMU_MAX && pmu->core == CORE_OTHER; i++) {
        pfm_pmu_info_t info = {.size = sizeof info};
        if (pfm_get_pmu_info((pfm_pmu_t)i, &info) != PFM_SUCCESS || !info.is_present ||
            info.type != PFM_PMU_TYPE_CORE || strcmp(info.name, "ix86arch") == 0)
            continue;
        *vendor_is_here |= (strncmp(info.name, "amd64", 5) == 0) == (row->vendor == VENDOR_AMD);
        if (encode(info.name, name, &attr) &&
            (attr.type == pmu->type || (attr.type == PERF_TYPE_RAW && pmu->type == 4))) {
            *config = attr.config;
            return true;
        }
    }
    return false;
}

static bool is_common(unsigned code) {
    return code < 0x40 || (code >= 0x4000 && code < 0x4040);
}

/* Of the numbers that Arm has given out, not the maker of a core. */
static bool is_architected(unsigned code) {
    return code < 0xc0 || (code >= 0x4000 && code < 0x40c0) || (code >= 0x8000 && code < 0x8200);
}

static bool is_arm(const struct pmu *pmu) {
#if defined(__aarch64__)
    (void)pmu;
    return true;
#else
    return pmu->core != CORE_OTHER; /* in tests */
#endif
}

static bool find_on_arm(const struct pmu *pmu, const struct row *row, uint64_t *config,
                        const char **why) {
    struct perf_event_attr attr;
    char name[64];
    size_t length = strlen(row->name);
    if (row->vendor == VENDOR_ARM && is_common(row->code)) {
        for (size_t i = 0; i <= length && i < sizeof name; i++)
            name[i] = (char)tolower((unsigned char)row->name[i]);
        *why = "the PMU does not announce it";
        return pmu_announced(pmu, name, config);
    }
    if (row->vendor == VENDOR_ARM && pmu->library && encode(pmu->library, row->name, &attr))
        return pmu_encode(pmu, attr.config, config);
    *why = pmu->core == CORE_OTHER ? "no code of it is known for this core"
                                   : "this core does not have it";
    if (!(row->cores >> pmu->core & 1))
        return false;
    *why = "the kernel's driver has no room for its code";
    return pmu_encode(pmu, row->code, config);
}

static bool is_found(const struct events *events, const char *name) {
    for (unsigned i = 0; i < events->count; i++)
        if (strcmp(events->found[i].name, name) == 0)
            return true;
    return false;
}

/* An event that fewer counters can count is opened earlier: Apple's driver takes the first counter
 * that is free and fits, and does not rearrange. Else the table's order stands. */
static void insert(struct events *events, const struct row *row, const char *name,
                   uint64_t config) {
    unsigned at = events->count;
    if (at == MAX_EVENTS)
        die(EXIT_FAILED, "more than %d events", MAX_EVENTS);
    int counters = row->counters ? __builtin_popcount(row->counters) : 64;
    for (; at > 0 && strcmp(events->found[at - 1].set, row->set) == 0; at--) {
        unsigned other = events->found[at - 1].counters;
        if ((other ? __builtin_popcount(other) : 64) <= counters)
            break;
        events->found[at] = events->found[at - 1];
    }
    struct event *event = &events->found[at];
    *event = (struct event){.set = row->set, .config = config, .counters = row->counters};
    snprintf(event->name, sizeof event->name, "%.63s", name);
    events->count++;
}

static void find_row(const struct pmu *pmu, const struct row *row, struct events *events) {
    const char *why = "libpfm4 knows no such event of this core";
    char names[128], *rest = names, *name = names;
    uint64_t config = 0;
    bool x86 = row->vendor == VENDOR_INTEL || row->vendor == VENDOR_AMD, relevant = false;
    bool found = false;
    snprintf(names, sizeof names, "%s", row->name);
    if (x86) {
        while (!found && (name = strsep(&rest, "|")))
            found = find_on_x86(pmu, row, name, &config, &relevant);
    } else {
        found = find_on_arm(pmu, row, &config, &why);
        bool apple = pmu->core == CORE_APPLE_M1;
        relevant = row->vendor == VENDOR_APPLE
                       ? apple
                       : is_arm(pmu) && !apple &&
                             (is_architected(row->code) || (row->cores >> pmu->core & 1));
    }
    if (found && !is_found(events, name)) {
        insert(events, row, name, config);
    } else if (!found && relevant) {
        names[strcspn(row->name, "|")] = 0;
        events_miss(events, names, why);
    }
}

void events_find(const struct pmu *pmu, const char *sets, struct events *events) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, start_library);
    *events = (struct events){0};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (events_chosen(sets, table[i].set))
            find_row(pmu, &table[i], events);
    /* One that is found under another code is not missing. */
    unsigned left = 0;
    for (unsigned i = 0; i < events->missing_count; i++)
        if (!is_found(events, events->missing[i].event))
            events->missing[left++] = events->missing[i];
    events->missing_count = left;
}
