/* SPDX-License-Identifier: MIT
 *
 * plots.h: the figures of a run. The scripts under plots/ draw; what they draw is written here,
 * as plot.tsv in the run directory, so each script works alone on a run directory.
 */
#ifndef PLOTS_H
#define PLOTS_H

#include "advise/replayed.h"
#include "report/report.h"

/* What figures are drawn from. The caller owns both. */
struct plot_source {
    const struct report *report;
    const struct replays *replays; /* NULL: nothing was replayed */
};

/* Figures of curves, and all figures: those, the headline, stalls, matrix and core. */
enum curves {
#define FIGURE(name, title) CURVES_##name,
#include "figures/figures.def"
#undef FIGURE
    CURVES
};
enum { PLOTS = CURVES + 4 };

/* A figure, and whether the run has data for it. */
struct plot {
    const char *name;  /* of the script and of the files: "headline" */
    const char *title; /* for those who cannot see it */
    bool has_data;
};
void plots_of(const struct plot_source *source, struct plot plots[PLOTS]);

/* Whether the one of that name has data. */
bool plots_has(const struct plot plots[PLOTS], const char *name);

/* The file of what the figures of a run show. It is data, which the scripts read: a run's texts are
 * never part of what gnuplot executes. Datasets stand apart by two empty lines; each has a line
 * "# NAME." above, lines of fields with tabs between them, numbers first:
 *
 *   caption           whether there are intervals, the number of series; machine, source, date
 *   series            number, lowering, model: what is compared
 *   headline          y series ratio low high unsound: kernels go down, from -1
 *   headline tics     y kernel
 *   headline families y family: a line of its own above its kernels
 *   stalls N          the parts of a lowering's cycles, then its name: see stalls.c
 *   stalls panels     number, title
 *   stalls parts      number, name
 *   matrix            panel row column ns, each pair once
 *   matrix panels     number, name of lowering, with "unsound" where that is so; unit
 *   matrix cpus       place in the order of the topology, the CPU's number, and what begins
 *                     there: 1 a core, 2 a cluster, 3 a package
 *   core              panel series count ns
 *   core panels       number, question
 *   core series       panel series knee (-1: none) name and answer
 *   FIGURE            panel series x y low high, of those in figures.def
 *   FIGURE panels     number, count of tics up to it, name, numbers of its series, of those that
 *                     are unsound
 *   FIGURE tics       panel x name, for x axes whose places have names
 */
#define PLOTS_FILE "plot.tsv"

/* Writes it into a directory, in one go; dies where that fails. */
void plots_write(const struct plot_source *source, const char *directory);

/* Begins a dataset; its first line that is the caption's; and a field that is text, after a tab:
 * in it are no controls, double quotes, backslashes or back-ticks, and only UTF-8. */
void plots_dataset(FILE *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
void plots_caption(FILE *out, bool intervals, size_t series, const char *caption);
void plots_text(FILE *out, const char *text);

enum plot_files { PLOT_SVG = 1, PLOT_PNG = 2, PLOT_TXT = 4, PLOT_ALL = 7 };

/* Draws the figures that have data, in these forms, in the directory that holds plot.tsv. A picture
 * of before stays until the new one is whole. What was made is printed on `made`, if that is not
 * NULL: ", plots as .svg and .txt". EXIT_DONE; EXIT_MISSING without gnuplot or one of its
 * terminals, EXIT_FAILED when a picture could not be made: each is said. */
int plots_draw(const struct plot_source *source, const char *directory, unsigned files, FILE *made);

/* As plots_draw(), of one figure by the name of its script. */
int plots_draw_one(const char *name, const char *directory, unsigned files);

#endif
