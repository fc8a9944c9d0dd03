/* SPDX-License-Identifier: MIT
 *
 * formats.h: reports in the formats that others read: a section of a document, RESULTS.md, a mail,
 * benchstat's lines, a web page.
 */
#ifndef FORMATS_H
#define FORMATS_H

#include "figures/plots.h"

enum { MAIL_COLUMNS = 72 };

/* All of a report on one page. In markdown it is a section of RESULTS.md, under a heading of its
 * own: figures are linked to, and every cell is left to report.txt. `directory` is what is printed
 * as the run's. */
void format_section(const struct plot_source *source, const struct page *page,
                    const char *directory);

/* RESULTS.md, as markdown: runs are added in any order; results_print() prints what is known of
 * each core and the sections, lists the runs that a larger or later one of the same machine
 * replaces, and frees all of it. */
struct results *results_new(void);
void results_add(struct results *results, const struct plot_source *source, const char *directory);
void results_print(struct results *results, FILE *out);

/* Plain ASCII of at most MAIL_COLUMNS columns. Short, of at most MAIL_LINES lines: the three
 * numbers, a row a kernel, the proof of the mode, soundness, the checks of the method, and what a
 * sceptic would miss; in full with every lowering of every kernel, a plot, and all answers to a
 * sceptic. `files` is where the raw samples are. */
enum { MAIL_LINES = 100 };
void format_mail(const struct plot_source *source, const char *files, bool full, FILE *out);

/* The 17 questions that a sceptical maintainer asks of such a mail, each answered from the run's
 * data, "no" where the data say nothing. For a mail. */
void format_checklist(const struct plot_source *source, const char *files, FILE *out);

/* Those that are answered "no", each with what would answer it, a line each. */
void format_missing(const struct plot_source *source, FILE *out);

/* Lines of Go's benchmark format, one a sample, for golang.org/x/perf/cmd/benchstat. */
void format_benchstat(const struct report *report, FILE *out);

/* One page without a reference to anything outside, with the figures in it if they are to be
 * drawn. EXIT_DONE, or why they could not be: see plots_draw. */
int format_html(const struct plot_source *source, bool draw, const char *files, FILE *out);

#endif
