/* SPDX-License-Identifier: MIT
 *
 * plots.h: the figures of a run. The scripts under plots/ draw; what they draw is written here,
 * as plot.gp in the run directory, so each script works alone on a run directory.
 */
#ifndef PLOTS_H
#define PLOTS_H

#include "report.h"

enum { PLOTS = 3 };

/* A figure, and whether the run has data for it. */
struct plot {
    const char *name;  /* of the script and of the files: "headline" */
    const char *title; /* for those who cannot see it */
    bool has_data;
};
void plots_of(const struct report *report, struct plot plots[PLOTS]);

/* Writes plot.gp into the directory:
 *
 *   caption                         machine, source and date
 *   series, lowering[], model[], sound[]   what is compared; sound is 0 if it is not for some
 * kernel $headline   y series ratio low high unsound;  $headline_tics  y kernel $memcpy     panel
 * series bytes GB/s low high;  memcpy_panel[] names the widths $threads    panel series threads
 * million-ops/s low high;  threads_panel[] names the kernels
 */
void plots_write(const struct report *report, const char *directory);

/* Draws the figures that have data, each as .svg, .png and .txt, in the directory that holds
 * plot.gp. EXIT_DONE, EXIT_MISSING without gnuplot, EXIT_FAILED when it failed. */
int plots_draw(const struct report *report, const char *directory);

#endif
