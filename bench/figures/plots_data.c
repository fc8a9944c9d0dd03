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

/* ---- the headline: a line a kernel ---- */

static bool in_headline(const struct report *report, const struct summary_row *row) {
    return plots_drawn(report, row) && row->centre && row->role == ROLE_LOWERING &&
           !isnan(row->ratio.value);
}

struct kernel_line {
    const struct sample_set *set;
    size_t family; /* its place in the run */
    double most;   /* of the ratios */
};

/* In families; of a family first the kernels in which most changes. */
static int compare_lines(const void *left, const void *right) {
    const struct kernel_line *a = left, *b = right;
    if (a->family != b->family)
        return a->family < b->family ? -1 : 1;
    return (a->most < b->most) - (a->most > b->most);
}

static bool same_family(const struct sample_set *a, const struct sample_set *b) {
    return a->family == b->family || (a->family && b->family && text_same(a->family, b->family));
}

/* The kernels of the headline, sorted; the caller frees the array. */
static struct kernel_line *headline_lines(const struct report *report, size_t *count) {
    const struct summary *summary = report->summary;
    struct kernel_line *lines = allocate(summary->count + 1, sizeof *lines);
    size_t families = 0;
    *count = 0;
    for (size_t i = 0; i < summary->count; i++) {
        const struct summary_row *row = &summary->rows[i];
        if (!in_headline(report, row))
            continue;
        struct kernel_line *last = *count ? &lines[*count - 1] : NULL;
        if (last == NULL || last->set != row->set) {
            size_t k = 0;
            while (k < *count && !same_family(lines[k].set, row->set))
                k++;
            lines[*count] = (struct kernel_line){
                row->set, k < *count ? lines[k].family : families++, row->ratio.value};
            last = &lines[(*count)++];
        }
        last->most = fmax(last->most, row->ratio.value);
    }
    qsort(lines, *count, sizeof *lines, compare_lines);
    return lines;
}

static void print_name(int y, const char *name, FILE *out) {
    fprintf(out, "%d", y);
    plots_text(out, name);
    fputc('\n', out);
}

static void print_headline(const struct report *report, const struct series *series, FILE *out) {
    size_t count, tics_size, families_size;
    struct kernel_line *lines = headline_lines(report, &count);
    char *tics, *families;
    FILE *tics_out = open_memstream(&tics, &tics_size);
    FILE *families_out = open_memstream(&families, &families_size);
    int y = 0;
    print_name(y, "-", families_out); /* outside of the picture: gnuplot wants data */
    plots_dataset(out, "headline");
    for (size_t k = 0; k < count; k++) {
        size_t cells;
        const struct sample_set *set = lines[k].set;
        const struct summary_row *row = summary_rows(report->summary, set, &cells);
        if (set->family && (k == 0 || lines[k - 1].family != lines[k].family))
            print_name(--y, set->family, families_out);
        print_name(--y, set->kernel, tics_out);
        for (; cells; row++, cells--)
            if (in_headline(report, row))
                fprintf(out, "%d\t%zu\t%.6g\t%.6g\t%.6g\t%d\n", y, series_index(series, row) + 1,
                        row->ratio.value, plots_end(row->ratio.low, row->ratio),
                        plots_end(row->ratio.high, row->ratio), row->sound == SOUND_NO);
    }
    fclose(tics_out);
    fclose(families_out);
    plots_dataset(out, "headline tics");
    fputs(tics, out);
    plots_dataset(out, "headline families");
    fputs(families, out);
    free(tics);
    free(families);
    free(lines);
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
