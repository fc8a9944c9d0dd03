/* SPDX-License-Identifier: MIT
 *
 * mail_full.c: the mail with all that is needed to take it apart: every lowering of every kernel, a
 * plot, and all answers to a sceptic.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "formats/formats.h"
#include "formats/mail_parts.h"

enum { BAR = 20 };

/* ---- every lowering of every kernel ---- */

static void print_set(const struct report *report, const struct sample_set *set, FILE *out) {
    size_t count;
    struct report_column *columns = report_columns(report, &count);
    const struct summary_row *baseline = summary_role(report->summary, set, ROLE_BASELINE);
    char at[128], text[64];
    report_at(set, at, sizeof at);
    fprintf(out, "%s%s%s: %s %s %.4g ns, %.4g cycles%s\n", set->kernel, *at ? " " : "", at,
            baseline->lowering, memmodel_name(baseline->model), baseline->ns.value,
            baseline->cycles, baseline->sound == SOUND_NO ? ", unsound" : "");
    bool floors = report_has_floors(report);
    for (size_t c = 0; c < count; c++) {
        const struct summary_row *row = report_row(report, set, &columns[c]);
        if (row == NULL || isnan(row->ratio.value))
            continue;
        report_interval(row->ratio, text, sizeof text);
        fprintf(out, " %-20s %-9s %s%-22s", row->lowering, memmodel_name(row->model),
                row->below_floor ? "=" : " ", text);
        if (floors && !isnan(row->floor))
            fprintf(out, " %6.2f%%", 100 * row->floor);
        else if (floors)
            fprintf(out, " %7s", "no");
        fprintf(out, "%s\n", row->sound == SOUND_NO ? " unsound" : "");
    }
    free(columns);
}

static void print_table(const struct report *report, FILE *out) {
    size_t count;
    const char **kernels = report_kernels(report, &count);
    struct page page = report_page(report, out, PAGE_TEXT);
    page.columns = MAIL_COLUMNS;
    if (page.warning)
        page_paragraph(&page, "%s", page.warning);
    fprintf(out, "%-21s %-9s %-23s %7s\n", "kernel, lowering", "mode",
            samples_simulated(report->run) ? " ratio" : " ratio [95% interval]",
            report_has_floors(report) ? "floor" : "");
    for (size_t k = 0; k < count; k++) {
        const struct sample_set *set = summary_centre(report->run, kernels[k]);
        if (set && summary_role(report->summary, set, ROLE_BASELINE))
            print_set(report, set, out);
    }
    fputc('\n', out);
    page_paragraph(&page,
                   "Ratios are times over the baseline's, paired within rounds: above 1 is "
                   "slower, \"=\" is %s.",
                   report_equal(report));
    free(kernels);
}

/* ---- the plot ---- */

static int place(double ratio, double least, double most) {
    return (int)(BAR * log(ratio / least) / log(most / least) + 0.5);
}

/* A line a lowering: from 1 to the mean over kernels, and the spread from the least to the most. */
static void print_plot(const struct report *report, FILE *out) {
    size_t count;
    struct report_column *columns = report_columns(report, &count);
    enum memmodel base = report_base_model(report);
    double least = 1, most = 1.1;
    for (size_t c = 0; c < count; c++) {
        struct report_spread spread = report_spread(report, &columns[c], false);
        if (spread.count) {
            least = fmin(least, spread.least->ratio.value);
            most = fmax(most, spread.most->ratio.value);
        }
    }
    for (size_t c = 0; c < count; c++) {
        struct report_spread spread = report_spread(report, &columns[c], false);
        char bar[BAR + 2];
        if (spread.count == 0)
            continue;
        int one = place(1, least, most), mean = place(spread.mean.value, least, most);
        int from = place(spread.least->ratio.value, least, most);
        int to = place(spread.most->ratio.value, least, most);
        memset(bar, ' ', sizeof bar);
        bar[BAR + 1] = 0;
        for (int i = from; i <= to; i++)
            bar[i] = '-';
        for (int i = one < mean ? one : mean; i <= (one < mean ? mean : one); i++)
            bar[i] = spread.unsound ? 'x' : '#';
        bar[one] = '|';
        char name[64];
        snprintf(name, sizeof name, "%s%s%s", columns[c].lowering,
                 columns[c].model == base ? "" : " ",
                 columns[c].model == base ? "" : memmodel_name(columns[c].model));
        fprintf(out, "%-24.24s %s %.2f (%.2f to %.3g)\n", name, bar, spread.mean.value,
                spread.least->ratio.value, spread.most->ratio.value);
    }
    fputc('\n', out);
    free(columns);
}

/* ---- all of it ---- */

static void print_unsound(const struct report *report, const struct page *page) {
    size_t count;
    struct report_column *columns = report_columns(report, &count);
    for (size_t c = 0; c < count; c++)
        for (size_t i = 0; i < report->summary->count; i++) {
            const struct summary_row *row = &report->summary->rows[i];
            if (!text_same(row->lowering, columns[c].lowering) || row->model != columns[c].model ||
                row->sound != SOUND_NO)
                continue;
            page_paragraph(page, "Unsound under %s: %s (%s allows what TSO forbids).",
                           memmodel_name(row->model), row->lowering,
                           row->witness ? row->witness : "a litmus test");
            break;
        }
    free(columns);
}

void mail_head(const struct report *report, const struct page *page) {
    page_heading(page, 1, "What x86-TSO order costs: tsobench %s, suite %s",
                 report->run->version ? report->run->version : "", report->run->suite);
    fputc('\n', page->out);
}

/* Everything that is known; the lines of the checklist make it long. */
void mail_full(const struct plot_source *source, const char *files, const struct page *page) {
    const struct report *report = source->report;
    mail_head(report, page);
    if (report_base_model(report) == MEMMODEL_NONE) {
        page_paragraph(page, "No block of this run was finished: there is nothing to report.");
    } else {
        report_context(report, page);
        report_numbers(report, page);
        print_table(report, page->out);
        page_paragraph(page, "Over all kernels, on a scale of logarithms: the geometric mean, "
                             "and from the least to the most. \"|\" is the baseline; \"x\" "
                             "instead of \"#\" is unsound. Lower is better.");
        if (page->warning)
            page_paragraph(page, "%s", page->warning);
        print_plot(report, page->out);
        report_comparisons(report, page);
        print_unsound(report, page);
    }
    page_paragraph(page, "Raw samples, every cell, plots: %s", files);
    page_heading(page, 2, "Checklist (\"no\": not known from this run's data)");
    format_checklist(source, files, page->out);
}
