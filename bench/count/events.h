/* SPDX-License-Identifier: MIT
 *
 * events.h: which events a PMU can be asked for, and by which codes.
 */
#ifndef EVENTS_H
#define EVENTS_H

#include "count/pmu.h"

enum { MAX_EVENTS = 64, MAX_MISSING = 96 };

struct event {
    const char *set;
    char name[64];
    uint64_t config;
    unsigned counters; /* those that can count it, a bit each; 0: any */
};

struct event_missing {
    char event[64], reason[96];
};

/* What of a table is there. */
struct events {
    struct event found[MAX_EVENTS]; /* those of a set together, in the order of opening */
    struct event_missing missing[MAX_MISSING];
    unsigned count, missing_count;
};

/* The names of the sets of events, in the table's order, NULL after the last. */
extern const char *const event_sets[];

/* Whether a list of names ("mix,stall", "all", "none") holds a set. */
bool events_chosen(const char *list, const char *set);

/* Dies with EXIT_USAGE if a list names a set that is not there. */
void events_check_list(const char *list);

/* The events of the chosen sets on this PMU. */
void events_find(const struct pmu *pmu, const char *sets, struct events *events);

/* Adds what could not be counted, unless it is there already. */
void events_miss(struct events *events, const char *name, const char *reason);

#endif
