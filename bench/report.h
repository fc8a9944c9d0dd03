/* SPDX-License-Identifier: MIT
 *
 * report.h: the tables of one run. A report knows one run, so measured numbers never share a
 * table with simulated or emulated ones.
 */
#ifndef REPORT_H
#define REPORT_H

#include "page.h"
#include "summary.h"

struct report {
    struct samples *run;
    struct summary *summary;
    char *machine, *system; /* what was measured: from machine.json */
    double l2_bytes;        /* of the machine; 0: unknown */
};

/* Reads the run; dies where samples_read does. */
struct report *report_open(const char *directory);
void report_free(struct report *report);

/* The name of the baseline's memory model, or NULL when nothing was measured. */
const char *report_base_model(const struct report *report);

/* What every table carries: machine, kernel, pages, mode proof, floors, source, date, seed. */
void report_context(const struct report *report, const struct page *page);

/* The same in one line for a plot; the caller frees it. */
char *report_caption(const struct report *report);

/* The three numbers, and a row a kernel (headline.c). */
void report_headline(const struct report *report, const struct page *page);

/* What the method cannot tell from 1, and how well its intervals hold. */
void report_floors(const struct report *report, const struct page *page);

/* Peaks, then every cell, a table a kernel (tables.c). */
void report_tables(const struct report *report, const struct page *page);

/* "1.120 [1.119, 1.121]", "= " before it where the floor hides it, "unsound" after it where it
 * is; into out. */
void report_ratio(const struct summary_row *row, char *out, size_t size);
void report_interval(struct interval x, char *out, size_t size);

/* The names of the run's kernels, in order; the caller frees the array. */
const char **report_kernels(const struct report *report, size_t *count);

#endif
