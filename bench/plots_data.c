/* SPDX-License-Identifier: MIT
 *
 * plots_data.c: what the figures show, in gnuplot's own language.
 */
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "plots.h"

static bool same(const char *left, const char *right) {
    return strcmp(left, right) == 0;
}

/* The baseline, what is compared with it, and references; but where the CPU can be switched, not
 * what is ordered twice: by the mode and by the lowering. */
static bool drawn(const struct report *report, const struct summary_row *row) {
    if (isnan(row->ns.value))
        return false;
    if (same(row->role, "lowering"))
        return !same(row->model, "tso") || !same(report_base_model(report), "tso");
    return same(row->role, "baseline") || same(row->role, "reference");
}

/* ---- series: one lowering under one model ---- */

struct series {
    const struct summary_row **first; /* where each series is first met */
    size_t count;
};

static size_t series_index(const struct series *series, const struct summary_row *row) {
    size_t i = 0;
    while (i < series->count && !(same(series->first[i]->lowering, row->lowering) &&
                                  same(series->first[i]->model, row->model)))
        i++;
    return i;
}

static struct series series_of(const struct report *report) {
    const struct summary *summary = report->summary;
    struct series series = {allocate(summary->count, sizeof(void *)), 0};
    for (size_t i = 0; i < summary->count; i++) {
        const struct summary_row *row = &summary->rows[i];
        if (!drawn(report, row))
            continue;
        if (series_index(&series, row) == series.count)
            series.first[series.count++] = row;
    }
    return series;
}

static void print_series(const struct series *series, FILE *out) {
    fprintf(out, "series = %zu\narray lowering[series]\narray model[series]\n", series->count);
    for (size_t i = 0; i < series->count; i++)
        fprintf(out, "lowering[%zu] = \"%s\"; model[%zu] = \"%s\"\n", i + 1,
                series->first[i]->lowering, i + 1, series->first[i]->model);
}

/* ---- points in panels ---- */

struct point {
    size_t panel, series;
    bool unsound;
    double x;
    struct interval y;
};

/* A panel is what shares axes; its name ends at a comma. */
struct figure {
    const char **panels;
    struct point *points;
    size_t panel_count, point_count;
};

static size_t panel_index(struct figure *figure, const char *name) {
    size_t i = 0, length = strcspn(name, ",");
    while (i < figure->panel_count && (strcspn(figure->panels[i], ",") != length ||
                                       strncmp(figure->panels[i], name, length) != 0))
        i++;
    if (i == figure->panel_count)
        figure->panels[figure->panel_count++] = name;
    return i;
}

/* Lines must not run back, and a series is in one piece. */
static int compare_points(const void *left, const void *right) {
    const struct point *a = left, *b = right;
    if (a->panel != b->panel)
        return a->panel < b->panel ? -1 : 1;
    if (a->series != b->series)
        return a->series < b->series ? -1 : 1;
    return (a->x > b->x) - (a->x < b->x);
}

/* The numbers of the series in a panel, or of those that are unsound there. */
static void print_words(const struct figure *figure, size_t panel, bool only_unsound, FILE *out) {
    const struct point *begin = figure->points, *end = begin + figure->point_count;
    for (const struct point *p = begin; p < end; p++)
        if (p->panel == panel && (p->unsound || !only_unsound) &&
            (p == begin || p[-1].panel != panel || p[-1].series != p->series))
            fprintf(out, "%zu ", p->series + 1);
}

static void print_figure(const char *name, struct figure *figure, FILE *out) {
    qsort(figure->points, figure->point_count, sizeof *figure->points, compare_points);
    fprintf(out, "$%s << EOD\n", name);
    for (size_t i = 0; i < figure->point_count; i++) {
        const struct point *p = &figure->points[i];
        fprintf(out, "%zu %zu %.10g %.6g %.6g %.6g\n", p->panel + 1, p->series + 1, p->x,
                p->y.value, p->y.low, p->y.high);
    }
    size_t panels = figure->panel_count ? figure->panel_count : 1;
    fprintf(out, "EOD\n%s_panels = %zu\narray %s_panel[%zu]\narray %s_series[%zu]\n", name,
            figure->panel_count, name, panels, name, panels);
    fprintf(out, "array %s_unsound[%zu]\n", name, panels);
    for (size_t i = 0; i < figure->panel_count; i++) {
        fprintf(out, "%s_panel[%zu] = \"%.*s\"\n%s_series[%zu] = \" ", name, i + 1,
                (int)strcspn(figure->panels[i], ","), figure->panels[i], name, i + 1);
        print_words(figure, i, false, out);
        fprintf(out, "\"\n%s_unsound[%zu] = \" ", name, i + 1);
        print_words(figure, i, true, out);
        fputs("\"\n", out);
    }
    free(figure->panels);
    free(figure->points);
}

/* Amount per operation over time per operation. */
static struct interval rate(struct interval ns, double amount) {
    struct interval x = stats_inverse(ns);
    return (struct interval){amount * x.value, amount * x.low, amount * x.high, x.blocks};
}

static bool in_memcpy(const struct report *report, const struct summary_row *row) {
    return drawn(report, row) && same(row->set->kernel, "memcpy") && row->set->threads == 1 &&
           row->set->bytes_per_op > 0;
}

static bool in_threads(const struct report *report, const struct summary_row *row) {
    const struct sample_set *centre = summary_centre(report->run, row->set->kernel);
    return drawn(report, row) && centre->threads > 1 &&
           same(row->set->parameters, centre->parameters);
}

static bool in_headline(const struct report *report, const struct summary_row *row) {
    return drawn(report, row) && row->centre && same(row->role, "lowering") &&
           !isnan(row->ratio.value);
}

/* Kernels from the top down, a line free between them. */
static void print_headline(const struct report *report, const struct series *series, FILE *out) {
    const struct sample_set *set = NULL;
    bool *used = allocate(series->count, sizeof *used);
    int y = 0, top = 0, unsound = 0;
    char *tics;
    size_t size;
    FILE *tics_out = open_memstream(&tics, &size);
    fputs("$headline << EOD\n", out);
    for (size_t i = 0; i < report->summary->count; i++) {
        const struct summary_row *row = &report->summary->rows[i];
        if (!in_headline(report, row))
            continue;
        if (set && set != row->set) {
            fprintf(tics_out, "%g %s\n", (top + y - 1) / 2.0, set->kernel);
            top = --y;
        }
        set = row->set;
        y--;
        used[series_index(series, row)] = true;
        unsound += row->sound == SOUND_NO;
        fprintf(out, "%d %zu %.6g %.6g %.6g %d\n", y, series_index(series, row) + 1,
                row->ratio.value, row->ratio.low, row->ratio.high, row->sound == SOUND_NO);
    }
    if (set)
        fprintf(tics_out, "%g %s\n", (top + y - 1) / 2.0, set->kernel);
    fclose(tics_out);
    fprintf(out,
            "EOD\nheadline_lines = %d\n$headline_tics << EOD\n%sEOD\n"
            "headline_unsound = %d\nheadline_series = \"",
            -y, tics, unsound);
    for (size_t i = 0; i < series->count; i++)
        if (used[i])
            fprintf(out, "%zu ", i + 1);
    fputs("\"\n", out);
    free(used);
    free(tics);
}

static struct figure collect(const struct report *report, const struct series *series,
                             bool memcpy_figure) {
    const struct summary *summary = report->summary;
    struct figure figure = {.panels = allocate(summary->count, sizeof *figure.panels),
                            .points = allocate(summary->count, sizeof *figure.points)};
    for (size_t i = 0; i < summary->count; i++) {
        const struct summary_row *row = &summary->rows[i];
        const struct sample_set *set = row->set;
        struct point point = {.series = series_index(series, row),
                              .unsound = row->sound == SOUND_NO};
        if (!(memcpy_figure ? in_memcpy(report, row) : in_threads(report, row)))
            continue;
        point.panel = panel_index(&figure, memcpy_figure ? set->parameters : set->kernel);
        point.x = memcpy_figure ? (double)set->footprint : set->threads;
        point.y = rate(row->ns, memcpy_figure ? (double)set->bytes_per_op : 1000);
        figure.points[figure.point_count++] = point;
    }
    return figure;
}

void plots_write(const struct report *report, const char *directory) {
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/plot.gp", directory);
    FILE *out = fopen(path, "we");
    if (out == NULL)
        die(EXIT_USAGE, "cannot write %s: %s", path, strerror(errno));
    char *caption = report_caption(report);
    struct series series = series_of(report);
    struct figure sizes = collect(report, &series, true), threads = collect(report, &series, false);
    fprintf(out, "# Written by tsobench report for the scripts under plots/.\ncaption = \"%s\"\n",
            caption);
    print_series(&series, out);
    print_headline(report, &series, out);
    print_figure("memcpy", &sizes, out);
    print_figure("threads", &threads, out);
    free(caption);
    free(series.first);
    if (ferror(out) | fclose(out))
        die(EXIT_FAILED, "cannot write %s", path);
}

void plots_of(const struct report *report, struct plot plots[PLOTS]) {
    plots[0] = (struct plot){"headline", "time over the baseline's by kernel and lowering", false};
    plots[1] = (struct plot){"memcpy", "memcpy bandwidth over size by lowering", false};
    plots[2] = (struct plot){"threads", "throughput over threads by lowering", false};
    for (size_t i = 0; i < report->summary->count; i++) {
        const struct summary_row *row = &report->summary->rows[i];
        plots[0].has_data |= in_headline(report, row);
        plots[1].has_data |= in_memcpy(report, row);
        plots[2].has_data |= in_threads(report, row);
    }
}
