/* SPDX-License-Identifier: MIT
 *
 * curves.h: a figure of curves while it is put together: curves.c says what is in each figure,
 * plots_figures.c sorts and writes it.
 */
#ifndef CURVES_H
#define CURVES_H

#include "figures/plots_parts.h"

struct curve_point {
    size_t panel, series;
    bool unsound;
    double x;
    struct interval y;
    const char *word; /* names x, up to a comma; NULL: x names itself */
};

struct panel {
    char name[96];
};

struct figure {
    const struct report *report;
    const struct replays *replays; /* or NULL */
    const struct series *series;
    struct panel *panels;
    struct curve_point *points;
    size_t panel_count, point_count;
};

/* Adds a point, and its panel if that is new. */
void figure_add(struct figure *figure, const char *panel, double x, const char *word,
                const struct summary_row *row, struct interval y);

#define FIGURE(name, title) void curves_##name(struct figure *figure);
#include "figures/figures.def"
#undef FIGURE

#endif
