/* SPDX-License-Identifier: MIT */
#include "summary/why.h"

#include <math.h>
#include <string.h>

#include "stats/stats.h"

struct why_count why_count(const struct sample_set *set, size_t cell, size_t base,
                           const char *event, const struct why_distrust *distrust) {
    for (size_t i = 0; distrust && i < distrust->count; i++)
        if (strcmp(distrust->events[i], event) == 0)
            return (struct why_count){NAN, NAN};
    struct sample_counts counts = samples_counts(set, cell, base, event);
    struct why_count result = {stats_median(counts.values, counts.count),
                               stats_median(counts.base, counts.count)};
    samples_counts_free(&counts);
    return result;
}

struct why why_of(const struct sample_set *set, size_t cell, size_t base,
                  const struct why_distrust *distrust) {
    static const double least_part = 0.25, hardly = 0.02, least_times = 1.5;
    struct why_count all = why_count(set, cell, base, "cycles", distrust);
    double cycles = all.value - all.base, most_part = least_part, most_times = log(least_times);
    struct why stalled = {NULL, {NAN, NAN}, NAN}, moved = stalled;
    const char *event, *events;
    for (size_t i = 0; (event = samples_event(set, i, &events)) != NULL; i++) {
        struct why_count count = why_count(set, cell, base, event, distrust);
        double part = (count.value - count.base) / cycles;
        double times = fabs(log((count.value + hardly) / (count.base + hardly)));
        if (strncmp(events, "stall", 5) == 0 && part >= most_part) {
            most_part = part;
            stalled = (struct why){event, count, cycles};
        }
        if (times >= most_times) { /* false where it is NAN */
            most_times = times;
            moved = (struct why){event, count, NAN};
        }
    }
    return stalled.event ? stalled : moved;
}
