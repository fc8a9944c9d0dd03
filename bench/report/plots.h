/* SPDX-License-Identifier: MIT
 *
 * plots.h: the figures of a run. The scripts under plots/ draw; what they draw is written here,
 * as plot.gp in the run directory, so each script works alone on a run directory.
 */
#ifndef PLOTS_H
#define PLOTS_H

#include "report.h"

/* Figures of curves, and all figures: those, the headline, stalls and matrix. */
enum curves {
#define FIGURE(name, title) CURVES_##name,
#include "figures.def"
#undef FIGURE
    CURVES
};
enum { PLOTS = CURVES + 3 };

/* A figure, and whether the run has data for it. */
struct plot {
    const char *name;  /* of the script and of the files: "headline" */
    const char *title; /* for those who cannot see it */
    bool has_data;
};
void plots_of(const struct report *report, struct plot plots[PLOTS]);

/* Whether the one of that name has data. */
bool plots_has(const struct plot plots[PLOTS], const char *name);

/* Writes plot.gp into the directory, in gnuplot's language:
 *
 *   caption                  machine, source and date
 *   series, lowering[], model[]    what is compared
 *   $headline                column y series ratio low high unsound; headline_columns and
 *                            headline_lines: how the kernels are spread over the picture
 *   $headline_tics           column y kernel
 *   $stalls_N                lowering, then the parts of its cycles: see stalls.c
 *   matrix_cpus, $matrix_cpus      how many; place number, in the order of the topology
 *   $matrix_borders          place, and what begins there: 1 a core, 2 a cluster, 3 a package
 *   matrix_panels, matrix_panel[]  names of lowerings, with "unsound" where that is so
 *   $matrix                  panel row column ns, each pair once; matrix_unit: what takes so long
 *   $FIGURE                  panel series x y low high, of those in figures.def:
 *   FIGURE_panels, FIGURE_panel[]  names; FIGURE_series[], FIGURE_unsound[]: numbers of series,
 *                            between blanks; FIGURE_tics[]: names on the x axis, or ""
 */
void plots_write(const struct report *report, const char *directory);

enum plot_files { PLOT_SVG = 1, PLOT_PNG = 2, PLOT_TXT = 4, PLOT_ALL = 7 };

/* Draws the figures that have data, in these forms, in the directory that holds plot.gp.
 * EXIT_DONE, EXIT_MISSING without gnuplot, EXIT_FAILED when it failed. */
int plots_draw(const struct report *report, const char *directory, unsigned files);

/* As plots_draw(), of one figure by the name of its script. */
int plots_draw_one(const char *name, const char *directory, unsigned files);

#endif
