/* SPDX-License-Identifier: MIT
 *
 * plots_data.c: what the figures show, as data.
 */
#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/replace_file.h"
#include "base/text.h"
#include "base/visible.h"
#include "figures/plots_core.h"
#include "figures/plots_parts.h"

bool plots_drawn(const struct report *report, const struct summary_row *row) {
    if (isnan(row->ns.value) || report_ordered_twice(report, row))
        return false;
    if (row->role == ROLE_FORM) /* beside lowerings, and policies; tables have the others */
        return summary_centre(report->run, row->set->kernel) != NULL ||
               text_same(row->set->kernel, "trace_replay");
    return row->role == ROLE_LOWERING || row->role == ROLE_BASELINE ||
           row->role == ROLE_REFERENCE || row->role == ROLE_FORM;
}

size_t series_index(const struct series *series, const struct summary_row *row) {
    size_t i = 0;
    while (i < series->count && !(text_same(series->first[i]->lowering, row->lowering) &&
                                  series->first[i]->model == row->model))
        i++;
    return i;
}

static struct series series_of(const struct report *report) {
    const struct summary *summary = report->summary;
    struct series series = {allocate(summary->count, sizeof(void *)), 0};
    for (size_t i = 0; i < summary->count; i++) {
        const struct summary_row *row = &summary->rows[i];
        if (plots_drawn(report, row) && series_index(&series, row) == series.count)
            series.first[series.count++] = row;
    }
    return series;
}

void plots_dataset(FILE *out, const char *format, ...) {
    va_list args;
    fputs("\n\n# ", out);
    va_start(args, format);
    vfprintf(out, format, args);
    va_end(args);
    fputs(".\n", out);
}

void plots_text(FILE *out, const char *text) {
    fputc('\t', out);
    while (*text) {
        size_t length = visible_length(text);
        if (length == 0 || strchr("\"\\`", *text))
            fputc('?', out);
        else
            fwrite(text, 1, length, out);
        text += length ? length : 1;
    }
}

void plots_caption(FILE *out, bool intervals, size_t series, const char *caption) {
    plots_dataset(out, "caption");
    fprintf(out, "%d\t%zu", intervals, series);
    plots_text(out, caption);
    fputc('\n', out);
}

static void print_series(const struct series *series, FILE *out) {
    plots_dataset(out, "series");
    for (size_t i = 0; i < series->count; i++) {
        fprintf(out, "%zu", i + 1);
        plots_text(out, series->first[i]->lowering);
        plots_text(out, memmodel_name(series->first[i]->model));
        fputc('\n', out);
    }
}

/* ---- the headline: bars of all kernels, in columns ---- */

enum { COLUMN_LINES = 75, MOST_COLUMNS = 2 }; /* a portrait page, which fits a mail */

static bool in_headline(const struct report *report, const struct summary_row *row) {
    return plots_drawn(report, row) && row->centre && row->role == ROLE_LOWERING &&
           !isnan(row->ratio.value);
}

/* Bars, and a free line between kernels. */
static size_t headline_lines(const struct report *report) {
    const struct sample_set *set = NULL;
    size_t lines = 0;
    for (size_t i = 0; i < report->summary->count; i++) {
        const struct summary_row *row = &report->summary->rows[i];
        if (!in_headline(report, row))
            continue;
        lines += set && set != row->set ? 2 : 1;
        set = row->set;
    }
    return lines;
}

static void print_tic(size_t column, int top, int y, const char *kernel, FILE *out) {
    fprintf(out, "%zu\t%g", column, (top + y - 1) / 2.0);
    plots_text(out, kernel);
    fputc('\n', out);
}

/* Kernels from the top of each column down. */
static void print_headline(const struct report *report, const struct series *series, FILE *out) {
    const struct sample_set *set = NULL;
    size_t lines = headline_lines(report), columns = 1 + lines / COLUMN_LINES, column = 1;
    columns = columns < MOST_COLUMNS ? columns : (size_t)MOST_COLUMNS;
    size_t limit = lines / columns + 1;
    int y = 0, top = 0;
    char *tics;
    size_t size;
    FILE *tics_out = open_memstream(&tics, &size);
    plots_dataset(out, "headline");
    for (size_t i = 0; i < report->summary->count; i++) {
        const struct summary_row *row = &report->summary->rows[i];
        if (!in_headline(report, row))
            continue;
        if (set && set != row->set) {
            print_tic(column, top, y, set->kernel, tics_out);
            top = --y;
            if ((size_t)-y >= limit) {
                column++;
                top = y = 0;
            }
        }
        set = row->set;
        y--;
        fprintf(out, "%zu\t%d\t%zu\t%.6g\t%.6g\t%.6g\t%d\n", column, y,
                series_index(series, row) + 1, row->ratio.value,
                plots_end(row->ratio.low, row->ratio), plots_end(row->ratio.high, row->ratio),
                row->sound == SOUND_NO);
    }
    if (set)
        print_tic(column, top, y, set->kernel, tics_out);
    fclose(tics_out);
    plots_dataset(out, "headline tics");
    fputs(tics, out);
    free(tics);
}

double plots_end(double end, struct interval x) {
    return isnan(end) ? x.value : end;
}

void plots_write(const struct plot_source *source, const char *directory) {
    const struct report *report = source->report;
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/" PLOTS_FILE, directory);
    struct replacement file = replace_begin_or_die(path);
    FILE *out = file.file;
    char *caption = report_caption(report);
    struct series series = series_of(report);
    fputs("# Written by tsobench report for the scripts under plots/.\n", out);
    plots_caption(out, !samples_simulated(report->run), series.count, caption);
    print_series(&series, out);
    print_headline(report, &series, out);
    for (int i = 0; i < CURVES; i++)
        curves_write(source, &series, (enum curves)i, out);
    stalls_write(report, out);
    plots_matrix(report, out);
    plots_core(report->core, out);
    free(caption);
    free(series.first);
    replace_end_or_die(&file);
}

void plots_of(const struct plot_source *source, struct plot plots[PLOTS]) {
    const struct report *report = source->report;
    struct series series = series_of(report);
    static const struct plot curves[] = {
#define FIGURE(name, title) {#name, title, false},
#include "figures/figures.def"
#undef FIGURE
    };
    plots[0] = (struct plot){"headline", "time over the baseline's by kernel and lowering", false};
    for (size_t i = 0; i < report->summary->count; i++)
        plots[0].has_data |= in_headline(report, &report->summary->rows[i]);
    for (int i = 0; i < CURVES; i++) {
        plots[1 + i] = curves[i];
        plots[1 + i].has_data = curves_write(source, &series, (enum curves)i, NULL);
    }
    plots[1 + CURVES] =
        (struct plot){"stalls", "cycles by what stalled them, by kernel and lowering",
                      stalls_write(report, NULL)};
    plots[2 + CURVES] = (struct plot){"matrix", "one-way latency of each pair of CPUs by lowering",
                                      plots_matrix(report, NULL)};
    plots[3 + CURVES] = (struct plot){"core", "what the answers about the core were read from",
                                      plots_core(report->core, NULL)};
    free(series.first);
}

bool plots_has(const struct plot plots[PLOTS], const char *name) {
    for (int i = 0; i < PLOTS; i++)
        if (text_same(plots[i].name, name))
            return plots[i].has_data;
    return false;
}
