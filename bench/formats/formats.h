/* SPDX-License-Identifier: MIT
 *
 * formats.h: one run's report in the formats that others read: a mail, benchstat's lines, a web
 * page.
 */
#ifndef FORMATS_H
#define FORMATS_H

#include "figures/plots.h"

enum { MAIL_COLUMNS = 72 };

/* Plain ASCII of at most MAIL_COLUMNS columns: one table with intervals, a text plot, the proof of
 * the mode, soundness, and the answers to a sceptic. `files` is where the raw samples are. */
void format_mail(const struct plot_source *source, const char *files, FILE *out);

/* The 17 questions that a sceptical maintainer asks of such a mail, each answered from the run's
 * data, "no" where the data say nothing. For a mail. */
void format_checklist(const struct plot_source *source, const char *files, FILE *out);

/* Lines of Go's benchmark format, one a sample, for golang.org/x/perf/cmd/benchstat. */
void format_benchstat(const struct report *report, FILE *out);

/* One page without a reference to anything outside, with the figures in it if they are to be
 * drawn. EXIT_DONE, or why they could not be: see plots_draw. */
int format_html(const struct plot_source *source, bool draw, const char *files, FILE *out);

#endif
