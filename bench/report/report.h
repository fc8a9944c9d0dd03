/* SPDX-License-Identifier: MIT
 *
 * report.h: the tables of one run. A report knows one run, so measured numbers never share a
 * table with simulated or emulated ones. report.c opens it, context.c says what was measured,
 * headline.c and tables.c hold the tables.
 */
#ifndef REPORT_H
#define REPORT_H

#include <jansson.h>

#include "base/page.h"
#include "summary/summary.h"

struct report {
    struct samples *run;
    struct summary *summary;
    json_t *json;           /* machine.json, or NULL */
    json_t *matrix;         /* matrix.json, or NULL */
    json_t *core;           /* core.json, or NULL */
    char *machine, *system; /* what was measured: from machine.json */
    double l2_bytes;        /* of the machine; 0: unknown */
};

/* Reads the run; dies where samples_read does. */
struct report *report_open(const char *directory);
void report_free(struct report *report);

/* A page for this report: its tables say so where the times are not those of a machine. */
struct page report_page(const struct report *report, FILE *out, enum page_format format);

/* Text of machine.json, down keys joined by dots: "system.kernel"; NULL where it says nothing. */
const char *report_machine_text(const struct report *report, const char *path);

/* The baseline's memory model, or MEMMODEL_NONE when nothing was measured. */
enum memmodel report_base_model(const struct report *report);

/* What a run's headings say: machine, suite and date; the caller frees it. */
char *report_title(const struct report *report);

/* What every table carries: machine, kernel, pages, mode proof, same code, source, date, seed.
 * Under a heading that names the run (page.of) it would be said again, and is not. */
void report_context(const struct report *report, const struct page *page);

/* The same in one line for a plot; the caller frees it. */
char *report_caption(const struct report *report);

/* The three numbers; and they with context, and a row a kernel. */
void report_numbers(const struct report *report, const struct page *page);
void report_headline(const struct report *report, const struct page *page);

/* Whether a difference may have to pass a floor: there are sets all of whose blocks were of one
 * layout. Of several layouts the intervals know what placement does, and A/A and twin are no more
 * than a check of the method. */
bool report_has_floors(const struct report *report);

/* What the rows with a role show: with floors their reaches, as "0.05% (median of sets), 0.31%
 * (worst)"; without, how many intervals exclude 1, as "25 of 497 exclude 1". */
void report_same_code(const struct report *report, enum role role, FILE *out);

/* What "=" before a ratio says: that the interval holds 1, or of which floor it is within. */
const char *report_equal(const struct report *report);

/* What a simulated core is and is not, in the words of its description; nothing of a real one. */
void report_model(const struct report *report, const struct page *page);

/* How many comparisons are made, and what that means for each. */
void report_comparisons(const struct report *report, const struct page *page);

/* What the method cannot tell from 1, and how well its intervals hold. */
void report_floors(const struct report *report, const struct page *page);

/* One lowering under one model, compared with the baseline; and what it comes to over the kernels'
 * centre sets: the geometric mean of the ratios (of their inverses where asked), which is never
 * shown without the least and the most of them. */
struct report_column {
    const char *lowering;
    enum memmodel model;
    enum coverage coverage;
};
struct report_spread {
    struct interval mean;
    const struct summary_row *least, *most; /* NULL: nothing was measured */
    size_t count, unsound;                  /* kernels */
};

/* What is compared, in the order of the run; the caller frees the array. */
struct report_column *report_columns(const struct report *report, size_t *count);
struct report_spread report_spread(const struct report *report, const struct report_column *column,
                                   bool inverse);

/* The same over the kernels of a family; NULL: of all. */
struct report_spread report_spread_of(const struct report *report, const char *family,
                                      const struct report_column *column, bool inverse);

/* Of the lowerings of a coverage that keep TSO (on a CPU that has it always: SC) for all kernels of
 * a family, or of all families (NULL), the one with the least mean, of those that were measured in
 * most kernels: its name, or NULL. Plain code is none of them. */
const char *report_cheapest(const struct report *report, const char *family, enum coverage coverage,
                            struct report_spread *spread);

/* The three numbers by family (families.c). */
void report_families(const struct report *report, const struct page *page);

/* The row of a set for a column, or NULL. */
const struct summary_row *report_row(const struct report *report, const struct sample_set *set,
                                     const struct report_column *column);

/* From core to core: what matrix.json says, if there is one. */
void report_matrix(const struct report *report, const struct page *page);

/* Kernels that wait, with another spin hint than the usual one, if the run has such sets. */
void report_spin(const struct report *report, const struct page *page);

/* What kind of core it is: what core.json says, if there is one. */
void report_core(const struct report *report, const struct page *page);

/* "8,unit,L1": the values of parameters without their keys, and "x2" for two threads; into out. */
void report_at(const struct sample_set *set, char *out, size_t size);

/* Peaks and references; then, where wanted, every cell, a table a kernel, and what was counted
 * (tables.c). */
void report_tables(const struct report *report, const struct page *page, bool every_cell);

/* "1.120 [1.119, 1.121]", "= " before it where it is not told from 1, "unsound" after it where it
 * is; into out. */
void report_ratio(const struct summary_row *row, char *out, size_t size);
void report_interval(struct interval x, char *out, size_t size);

/* Whether, where the CPU can be switched, the row is ordered twice: by the mode and by the
 * lowering. Nobody would do that, so headlines and figures leave it out. */
bool report_ordered_twice(const struct report *report, const struct summary_row *row);

/* The names of the run's kernels, in order; the caller frees the array. */
const char **report_kernels(const struct report *report, size_t *count);
/* Those in which lowerings are compared, and not only instructions. */
const char **report_compared(const struct report *report, size_t *count);

#endif
