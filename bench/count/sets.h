/* SPDX-License-Identifier: MIT
 *
 * sets.h: which events are counted together here: the table's sets, split where the counters do
 * not suffice, without what this kernel refuses.
 */
#ifndef SETS_H
#define SETS_H

#include "count/events.h"
#include "count/group.h"

enum { MAX_COUNT_SETS = 32 };

/* Why not even cycles are counted. */
enum count_obstacle { COUNT_FREE, COUNT_NO_PMU, COUNT_REFUSED, COUNT_BUSY };

/* Beside cycles and, where they are counted, instructions, which are in every set. */
struct count_set {
    char name[16]; /* of the table's set; its further parts are mix.2, mix.3 */
    unsigned count, event[GROUP_EVENTS]; /* by their number in events.found */
};

struct count_sets {
    struct pmu pmu;
    bool instructions;
    bool user; /* read without the kernel: all of them, or none */
    struct events events;
    struct count_set sets[MAX_COUNT_SETS];
    unsigned count;
    enum count_obstacle obstacle;
    int error; /* of COUNT_REFUSED: a negative errno */
};

/* Finds, by opening them, what the calling thread can count on its CPU of the sets that a list
 * names. False, and why, if it cannot count even cycles. */
bool count_sets_make(unsigned cpu, const char *chosen, struct count_sets *sets, char *why,
                     size_t size);

/* How what stands in the way of counting is lifted, for this program by its name. */
void count_remedy(const struct count_sets *sets, const char *program, char *how, size_t size);

/* A set's group for the calling thread; number == count: cycles and instructions alone. NULL if
 * it does not open. */
struct group *count_sets_open(const struct count_sets *sets, unsigned number);

#endif
