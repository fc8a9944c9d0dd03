/* SPDX-License-Identifier: MIT
 *
 * compare.h: two runs, cell by cell: what differs by more than either of them can tell.
 */
#ifndef COMPARE_H
#define COMPARE_H

#include <jansson.h>

#include "summary/summary.h"

/* A run, read. */
struct side {
    const char *directory;
    struct samples *run;
    struct summary *summary;
    json_t *machine; /* machine.json, or NULL */
};

/* Reads a run. Dies as samples_read() does; that there is no machine.json is a warning that ends in
 * `instead`. */
struct side side_open(const char *directory, const char *instead);
void side_close(struct side *side);

struct moved {
    const struct summary_row *row; /* of A */
    bool time;                     /* of the baseline, not a ratio */
    struct interval a, b, change;
    double floor;
    bool overlap, moved;
};

struct comparison {
    struct side a, b;
    struct moved *cells;
    size_t count, ratios, overlapping, moved;
};

/* Compares the ratios and, where *times and the machines are the same (then it stays), the times
 * of the baselines. Dies with EXIT_USAGE on two sources, and where nothing is common. */
struct comparison compare_runs(const char *a, const char *b, bool *times);
void compare_free(struct comparison *comparison);

/* The row of that side which is of the same cell, or NULL. */
const struct summary_row *compare_find(const struct side *side, const struct summary_row *like);

/* The name of its machine, or "unknown machine". */
const char *compare_machine(const struct side *side);

#endif
