/* SPDX-License-Identifier: MIT
 *
 * plots_figures.c: figures of curves: panels that share axes, in each a curve a series.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/text.h"
#include "figures/curves.h"

enum { MOST_TICS = 12, SHORTEST_CURVE = 3, MOST_PANELS = 24 };

static size_t panel_index(struct figure *figure, const char *name) {
    size_t i = 0;
    while (i < figure->panel_count && !text_same(figure->panels[i].name, name))
        i++;
    if (i == figure->panel_count)
        snprintf(figure->panels[figure->panel_count++].name, sizeof figure->panels->name, "%s",
                 name);
    return i;
}

void figure_add(struct figure *figure, const char *panel, double x, const char *word,
                const struct summary_row *row, struct interval y) {
    figure->points[figure->point_count++] =
        (struct curve_point){.panel = panel_index(figure, panel),
                             .series = series_index(figure->series, row),
                             .unsound = row->sound == SOUND_NO,
                             .x = x,
                             .y = y,
                             .word = word};
}

/* Lines must not run back, and a series is in one piece. */
static int compare_points(const void *left, const void *right) {
    const struct curve_point *a = left, *b = right;
    if (a->panel != b->panel)
        return a->panel < b->panel ? -1 : 1;
    if (a->series != b->series)
        return a->series < b->series ? -1 : 1;
    return (a->x > b->x) - (a->x < b->x);
}

/* Drops the panels that are not to be kept; the numbers of the others close up. */
static void keep_panels(struct figure *figure, const bool *keep) {
    size_t *number = allocate(figure->panel_count, sizeof *number), kept = 0, points = 0;
    for (size_t i = 0; i < figure->panel_count; i++) {
        number[i] = keep[i] ? kept : SIZE_MAX;
        if (keep[i])
            figure->panels[kept++] = figure->panels[i];
    }
    for (size_t p = 0; p < figure->point_count; p++)
        if (number[figure->points[p].panel] != SIZE_MAX) {
            figure->points[points] = figure->points[p];
            figure->points[points].panel = number[figure->points[p].panel];
            points++;
        }
    figure->panel_count = kept;
    figure->point_count = points;
    free(number);
}

/* Drops panels with fewer places than a curve has. */
static void drop_short(struct figure *figure, size_t shortest) {
    bool *keep = allocate(figure->panel_count, sizeof *keep);
    for (size_t i = 0; i < figure->panel_count; i++) {
        double seen[SHORTEST_CURVE];
        size_t places = 0;
        for (size_t p = 0; p < figure->point_count && places < shortest; p++) {
            const struct curve_point *point = &figure->points[p];
            size_t k = 0;
            while (k < places && seen[k] != point->x)
                k++;
            if (point->panel == i && k == places)
                seen[places++] = point->x;
        }
        keep[i] = places >= shortest;
    }
    keep_panels(figure, keep);
    free(keep);
}

static int compare_falling(const void *left, const void *right) {
    double a = *(const double *)left, b = *(const double *)right;
    return (a < b) - (a > b);
}

/* Keeps at most so many panels: those in which most changes. */
static void drop_flat(struct figure *figure, size_t most) {
    if (figure->panel_count <= most)
        return;
    size_t count = figure->panel_count;
    double *change = allocate(count, sizeof *change), *sorted = allocate(count, sizeof *sorted);
    bool *keep = allocate(count, sizeof *keep);
    for (size_t i = 0; i < count; i++) {
        double low = INFINITY, high = 0;
        for (size_t p = 0; p < figure->point_count; p++)
            if (figure->points[p].panel == i) {
                low = fmin(low, figure->points[p].y.value);
                high = fmax(high, figure->points[p].y.value);
            }
        sorted[i] = change[i] = high / low;
    }
    qsort(sorted, count, sizeof *sorted, compare_falling);
    for (size_t i = 0; i < count; i++)
        keep[i] = change[i] > sorted[most];
    keep_panels(figure, keep);
    free(change);
    free(sorted);
    free(keep);
}

/* The numbers of the series in a panel, or of those that are unsound there. */
static void print_numbers(const struct figure *figure, size_t panel, bool only_unsound, FILE *out) {
    const struct curve_point *begin = figure->points, *end = begin + figure->point_count;
    for (const struct curve_point *p = begin; p < end; p++)
        if (p->panel == panel && (p->unsound || !only_unsound) &&
            (p == begin || p[-1].panel != panel || p[-1].series != p->series))
            fprintf(out, "%zu ", p->series + 1);
}

/* The names of the places on the x axis, unless they name themselves or are too many: how many. */
static size_t print_tics(const struct figure *figure, size_t panel, FILE *out) {
    const struct curve_point *tics[MOST_TICS];
    size_t count = 0;
    for (size_t i = 0; i < figure->point_count; i++) {
        const struct curve_point *point = &figure->points[i];
        size_t k = 0;
        while (k < count && tics[k]->x != point->x)
            k++;
        if (point->panel != panel || k < count)
            continue;
        if (point->word == NULL || count == MOST_TICS)
            return 0;
        tics[count++] = point;
    }
    for (size_t k = 0; k < count; k++) {
        char word[96];
        snprintf(word, sizeof word, "%.*s", (int)strcspn(tics[k]->word, ","), tics[k]->word);
        fprintf(out, "%zu\t%.10g", panel + 1, tics[k]->x);
        plots_text(out, word);
        fputc('\n', out);
    }
    return count;
}

static void print_panels(const char *name, const struct figure *figure, FILE *out) {
    char *tics;
    size_t size, tic_count = 0;
    FILE *tics_out = open_memstream(&tics, &size);
    plots_dataset(out, "%s panels", name);
    for (size_t i = 0; i < figure->panel_count; i++) {
        tic_count += print_tics(figure, i, tics_out);
        fprintf(out, "%zu\t%zu", i + 1, tic_count);
        plots_text(out, figure->panels[i].name);
        fputc('\t', out);
        print_numbers(figure, i, false, out);
        fputc('\t', out);
        print_numbers(figure, i, true, out);
        fputc('\n', out);
    }
    fclose(tics_out);
    if (tic_count) {
        plots_dataset(out, "%s tics", name);
        fputs(tics, out);
    }
    free(tics);
}

static void print_figure(const char *name, struct figure *figure, FILE *out) {
    qsort(figure->points, figure->point_count, sizeof *figure->points, compare_points);
    plots_dataset(out, "%s", name);
    for (size_t i = 0; i < figure->point_count; i++) {
        const struct curve_point *p = &figure->points[i];
        fprintf(out, "%zu\t%zu\t%.10g\t%.6g\t%.6g\t%.6g\n", p->panel + 1, p->series + 1, p->x,
                p->y.value, plots_end(p->y.low, p->y), plots_end(p->y.high, p->y));
    }
    print_panels(name, figure, out);
}

bool curves_write(const struct plot_source *source, const struct series *series, enum curves which,
                  FILE *out) {
    static void (*const collect[CURVES])(struct figure *) = {
#define FIGURE(name, title) curves_##name,
#include "figures/figures.def"
#undef FIGURE
    };
    static const char *const names[CURVES] = {
#define FIGURE(name, title) #name,
#include "figures/figures.def"
#undef FIGURE
    };
    size_t most =
        8 * source->report->summary->count; /* a centre set is in the panel of each parameter */
    struct figure figure = {.report = source->report,
                            .replays = source->replays,
                            .series = series,
                            .panels = allocate(most, sizeof *figure.panels),
                            .points = allocate(most, sizeof *figure.points)};
    collect[which](&figure);
    drop_short(&figure, which == CURVES_sensitivity ? SHORTEST_CURVE : 2);
    if (which == CURVES_sensitivity)
        drop_flat(&figure, MOST_PANELS);
    if (out && figure.panel_count)
        print_figure(names[which], &figure, out);
    free(figure.panels);
    free(figure.points);
    return figure.panel_count > 0;
}
