/* SPDX-License-Identifier: MIT
 *
 * show.h: the ways in which `tsobench trace show' shows mixes.
 */
#ifndef SHOW_H
#define SHOW_H

#include "trace/trace_mix.h"

/* A trace or a window of one. */
struct shown {
    const struct trace *trace;
    const struct trace_window *window; /* NULL: all of them */
    char *name;
    struct trace_mix mix;
};

/* The share in percent of the loads, stores and RMWs that have so many bytes. */
double show_size_share(const struct trace_mix *mix, unsigned size);

/* The rows as tables for people, on stdout. */
void show_tables(const struct shown *rows, size_t count);

/* One JSON object; windows or whole traces as rows are. */
void show_json(const struct shown *rows, size_t count);

/* Draws traces.svg and traces.png into the directory, which is made if it is not there, from
 * plot.tsv, which is written there. Returns the exit status. */
int show_plot(const struct shown *rows, size_t count, const char *directory);

#endif
