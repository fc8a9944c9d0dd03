/* SPDX-License-Identifier: MIT */
#include "count/sets.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Cycles and instructions, with which every group begins. */
static struct group *open_base(const struct count_sets *sets, int *error) {
    struct group *group = group_open(&sets->pmu, error);
    if (group && sets->instructions)
        *error = group_add(group, &sets->pmu, sets->pmu.instructions);
    if (*error == 0)
        return group;
    group_close(group);
    return NULL;
}

struct group *count_sets_open(const struct count_sets *sets, unsigned number) {
    int error;
    struct group *group = open_base(sets, &error);
    if (group == NULL || number == sets->count)
        return group;
    const struct count_set *set = &sets->sets[number];
    for (unsigned i = 0; i < set->count && error == 0; i++)
        error = group_add(group, &sets->pmu, sets->events.found[set->event[i]].config);
    if (error == 0)
        return group;
    group_close(group);
    return NULL;
}

/* Whether an event's counters are not all taken by those of the set: a driver that does not say so
 * when the group is opened (Apple's) leaves the group waiting for ever. */
static bool has_counter(const struct count_sets *sets, const struct count_set *set,
                        const struct event *event) {
    unsigned among = event->counters, rivals = 1;
    for (unsigned i = 0; among && i < set->count; i++) {
        unsigned counters = sets->events.found[set->event[i]].counters;
        rivals += counters && (counters & ~among) == 0;
    }
    return among == 0 || rivals <= (unsigned)__builtin_popcount(among);
}

/* Makes one set of the first events of `left` that are counted together, and leaves the rest there.
 * What cannot be counted even alone is missing. */
static void make_part(struct count_sets *sets, struct count_set *set, unsigned *left,
                      unsigned *left_count) {
    int error;
    unsigned rest = 0, count = *left_count;
    struct group *group = open_base(sets, &error);
    for (unsigned i = 0; i < count; i++) {
        const struct event *event = &sets->events.found[left[i]];
        if (group == NULL || !has_counter(sets, set, event)) {
            left[rest++] = left[i];
            continue;
        }
        error = group_add(group, &sets->pmu, event->config);
        bool idle = error == 0 && !group_runs(group);
        if (idle)
            group_drop(group);
        if (error == 0 && !idle)
            set->event[set->count++] = left[i];
        else if (set->count == 0)
            events_miss(&sets->events, event->name,
                        idle ? "opens, but gets no counter" : group_explain(error));
        else
            left[rest++] = left[i];
    }
    group_close(group);
    *left_count = set->count || group ? rest : 0;
}

static void make_set(struct count_sets *sets, const char *name) {
    unsigned left[MAX_EVENTS], count = 0;
    for (unsigned i = 0; i < sets->events.count; i++)
        if (strcmp(sets->events.found[i].set, name) == 0)
            left[count++] = i;
    for (unsigned part = 1; count && sets->count < MAX_COUNT_SETS; part++) {
        struct count_set *set = &sets->sets[sets->count];
        *set = (struct count_set){0};
        int used = snprintf(set->name, sizeof set->name, "%s", name);
        if (part > 1)
            snprintf(set->name + used, sizeof set->name - (size_t)used, ".%u", part);
        make_part(sets, set, left, &count);
        sets->count += set->count > 0;
    }
}

/* Whether every set can be read without the kernel. */
static bool all_as_user(const struct count_sets *sets) {
    for (unsigned i = 0; i <= sets->count; i++) {
        struct group *group = count_sets_open(sets, i);
        bool user = group && group_read_as_user(group);
        group_close(group);
        if (!user)
            return false;
    }
    return true;
}

bool count_sets_make(unsigned cpu, const char *chosen, struct count_sets *sets, char *why,
                     size_t size) {
    int error;
    memset(sets, 0, sizeof *sets);
    if (!group_can_open()) {
        sets->obstacle = COUNT_REFUSED;
        sets->error = -ENOPKG;
        snprintf(why, size, "%s", group_explain(sets->error));
        return false;
    }
    if (!pmu_find(cpu, &sets->pmu, why, size)) {
        sets->obstacle = COUNT_NO_PMU;
        return false;
    }
    events_find(&sets->pmu, chosen, &sets->events);
    struct group *group = open_base(sets, &error);
    if (group == NULL) {
        sets->obstacle = COUNT_REFUSED;
        sets->error = error;
        snprintf(why, size, "cannot count cycles: %s", group_explain(error));
        return false;
    }
    if (!group_runs(group)) {
        snprintf(why, size, "cannot count cycles: others hold the counters of PMU %.40s",
                 sets->pmu.name);
        sets->obstacle = COUNT_BUSY;
        group_close(group);
        return false;
    }
    const char *without = "the PMU does not announce it";
    if (sets->pmu.counts_instructions) {
        error = group_add(group, &sets->pmu, sets->pmu.instructions);
        sets->instructions = error == 0 && group_runs(group);
        without = error ? group_explain(error) : "opens, but gets no counter";
    }
    group_close(group);
    if (!sets->instructions)
        events_miss(&sets->events, "instructions", without);
    for (size_t i = 0; event_sets[i]; i++)
        if (events_chosen(chosen, event_sets[i]))
            make_set(sets, event_sets[i]);
    sets->user = all_as_user(sets);
    return true;
}
