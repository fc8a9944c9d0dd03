/* SPDX-License-Identifier: MIT
 *
 * plots_core.h: the curves that a core's answers were read from, for plots/core.gp.
 */
#ifndef PLOTS_CORE_H
#define PLOTS_CORE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

/* Writes core.json's curves (NULL: none) as datasets of plot.tsv; false, and nothing where out is
 * NULL, if there are none. */
bool plots_core(const json_t *core, FILE *out);

/* A plot.tsv of these alone in a directory, and core.svg and core.png of it: as plots_draw_one().
 */
int plots_core_draw(const json_t *core, const char *directory);

#endif
