/* SPDX-License-Identifier: MIT
 *
 * plots_parts.h: what the writers of plot.tsv share: plots_data.c writes series and the headline,
 * plots_figures.c the figures whose panels hold curves.
 */
#ifndef PLOTS_PARTS_H
#define PLOTS_PARTS_H

#include <stdio.h>

#include "figures/plots.h"

/* One lowering under one model is a series; first[] is where each is first met. */
struct series {
    const struct summary_row **first;
    size_t count;
};

/* An end of an interval as figures take it: the value itself where there is no interval. */
double plots_end(double end, struct interval x);

/* The number of the row's series, or the count of them. */
size_t series_index(const struct series *series, const struct summary_row *row);

/* Whether any figure shows the row: the baseline, what is compared with it, references
 * and forms. */
bool plots_drawn(const struct report *report, const struct summary_row *row);

/* Writes a figure's data under its name; false, and nothing where out is NULL, if it has none. */
bool curves_write(const struct plot_source *source, const struct series *series, enum curves which,
                  FILE *out);

/* Writes the data of the figure `stalls`; false, and nothing where out is NULL, if no stalls were
 * counted. */
bool stalls_write(const struct report *report, FILE *out);

/* Writes the heat map's data; false, and nothing where out is NULL, if there is none. */
bool plots_matrix(const struct report *report, FILE *out);

#endif
