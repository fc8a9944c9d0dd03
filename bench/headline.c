/* SPDX-License-Identifier: MIT
 *
 * headline.c: the three numbers of the project's question, then a row a kernel. A mean over
 * kernels never stands without its spread: it is of this suite's kernels and of nothing else.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "report.h"

static bool same(const char *left, const char *right) {
    return strcmp(left, right) == 0;
}

static const struct summary_row *find_row(const struct report *report, const struct sample_set *set,
                                          const char *lowering, const char *model) {
    for (size_t i = 0; set && i < report->summary->count; i++) {
        const struct summary_row *row = &report->summary->rows[i];
        if (row->set == set && same(row->role, "lowering") && same(row->lowering, lowering) &&
            same(row->model, model))
            return row;
    }
    return NULL;
}

/* One lowering under one model, wherever in the run it first occurs. */
struct column {
    const char *lowering, *model, *coverage;
};

/* The lowerings and models that are compared with the baseline, but where the CPU can be switched
 * not what is ordered twice, by the mode and by the lowering. The caller frees the array. */
static struct column *columns_of(const struct report *report, size_t *count) {
    struct column *columns = allocate(report->summary->count, sizeof *columns);
    bool switched = same(report_base_model(report), "tso");
    *count = 0;
    for (size_t i = 0; i < report->summary->count; i++) {
        const struct summary_row *row = &report->summary->rows[i];
        size_t c = 0;
        if (!same(row->role, "lowering") || (switched && same(row->model, "tso")))
            continue;
        while (c < *count &&
               !(same(columns[c].lowering, row->lowering) && same(columns[c].model, row->model)))
            c++;
        if (c == *count)
            columns[(*count)++] = (struct column){row->lowering, row->model, row->coverage};
    }
    return columns;
}

/* ---- the numbers ---- */

/* One line: the mean over the kernels' centre sets, and where it lies from kernel to kernel. */
static void add_number(const struct report *report, struct table *table, const char *title,
                       const struct column *column, bool inverse) {
    size_t kernel_count, count = 0, unsound = 0;
    const char **kernels = report_kernels(report, &kernel_count);
    struct interval *ratios = allocate(kernel_count, sizeof *ratios);
    const struct summary_row *least = NULL, *most = NULL;
    char mean[64];
    for (size_t k = 0; k < kernel_count; k++) {
        const struct summary_row *row = find_row(report, summary_centre(report->run, kernels[k]),
                                                 column->lowering, column->model);
        if (row == NULL || isnan(row->ratio.value))
            continue;
        unsound += row->sound == SOUND_NO;
        ratios[count++] = inverse ? stats_inverse(row->ratio) : row->ratio;
        if (least == NULL || row->ratio.value < least->ratio.value)
            least = row;
        if (most == NULL || row->ratio.value > most->ratio.value)
            most = row;
    }
    if (count) {
        const struct summary_row *low = inverse ? most : least, *high = inverse ? least : most;
        char of[64] = "";
        if (count < kernel_count)
            snprintf(of, sizeof of, " (%zu of %zu kernels)", count, kernel_count);
        report_interval(stats_geometric_mean(ratios, count), mean, sizeof mean);
        table_cell(table, "%s%s", title, of);
        table_cell(table, "%s", mean);
        double from = inverse ? 1 / low->ratio.value : low->ratio.value;
        double to = inverse ? 1 / high->ratio.value : high->ratio.value;
        table_cell(table, "%.*f %s to %.*f %s", from < 10 ? 2 : 1, from, low->set->kernel,
                   to < 10 ? 2 : 1, to, high->set->kernel);
    }
    /* In the tax the unsound one is the denominator: what the program would be without TSO. */
    if (unsound && !inverse) {
        table_cell(table, "- unsound for %zu of them", unsound);
        table_cell(table, "%s", "");
        table_cell(table, "%s", "");
    }
    free(ratios);
    free(kernels);
}

static void add_missing(struct table *table, const char *title, const char *why) {
    table_cell(table, "%s", title);
    table_cell(table, "n/a");
    table_cell(table, "%s", why);
}

static void print_numbers(const struct report *report, const struct page *page) {
    char mean[64];
    const char *const names[] = {"<number", mean, "<least and most over kernels", NULL};
    const char *base = report_base_model(report);
    bool fixed = same(base, "fixed-tso"), switched = same(base, "tso"), tax = false,
         software = false;
    bool portable = false;
    size_t count;
    struct column *columns = columns_of(report, &count);
    size_t kernel_count;
    free(report_kernels(report, &kernel_count));
    snprintf(mean, sizeof mean, "mean of %zu kernels [95%%]", kernel_count);
    struct table *table = table_new(names, 3);
    const char *why = fixed      ? "this CPU is TSO always: there is nothing to switch"
                      : switched ? "not measured in this run"
                                 : "this machine offers no TSO mode to compare with";
    for (size_t i = 0; switched && i < count; i++)
        if (same(columns[i].lowering, "plain") && same(columns[i].model, "weak")) {
            add_number(report, table, "TSO tax (plain, tso / weak)", &columns[i], true);
            tax = true;
        }
    if (!tax)
        add_missing(table, "TSO tax", why);
    for (size_t i = 0; switched && i < count; i++)
        if (same(columns[i].coverage, "all") && !same(columns[i].lowering, "plain") &&
            same(columns[i].model, "weak")) {
            char title[96];
            snprintf(title, sizeof title, "software TSO, %s", columns[i].lowering);
            add_number(report, table, title, &columns[i], false);
            software = true;
        }
    if (!software)
        add_missing(table, "software TSO", why);
    for (size_t i = 0; switched && i < count; i++)
        if (same(columns[i].coverage, "sync") && same(columns[i].model, "weak")) {
            char title[96];
            snprintf(title, sizeof title, "portable rewrite, %s", columns[i].lowering);
            add_number(report, table, title, &columns[i], false);
            portable = true;
        }
    if (!portable)
        add_missing(table, "portable rewrite", why);
    for (size_t i = 0; !switched && i < count; i++) {
        char title[128];
        bool sc = strncmp(columns[i].lowering, "sc-", 3) == 0;
        snprintf(title, sizeof title, "%s%s%s", sc ? "SC over TSO: " : "", columns[i].lowering,
                 sc                   ? ""
                 : same(base, "weak") ? " / plain (unsound)"
                                      : " / plain");
        add_number(report, table, title, &columns[i], false);
    }
    table_print(table, page);
    free(columns);
}

/* ---- a row a kernel ---- */

static void print_kernels(const struct report *report, const struct page *page) {
    enum { FIXED = 4 };
    size_t count, kernel_count;
    struct column *columns = columns_of(report, &count);
    const char **kernels = report_kernels(report, &kernel_count);
    const char **names = allocate(FIXED + count + 1, sizeof *names);
    const char *base = report_base_model(report);
    char(*titles)[96] = allocate(count, sizeof *titles);
    names[0] = "<kernel";
    names[1] = "<at";
    names[2] = "ns/op";
    names[3] = "cycles/op";
    for (size_t c = 0; c < count; c++) {
        snprintf(titles[c], sizeof titles[c], "%s%s%s", columns[c].lowering,
                 same(columns[c].model, base) ? "" : " ",
                 same(columns[c].model, base) ? "" : columns[c].model);
        names[FIXED + c] = titles[c];
    }
    struct table *table = table_new(names, 2);
    for (size_t k = 0; k < kernel_count; k++) {
        const struct sample_set *set = summary_centre(report->run, kernels[k]);
        const struct summary_row *baseline =
            set ? summary_role(report->summary, set, "baseline") : NULL;
        if (baseline == NULL)
            continue;
        char at[128] = "";
        for (const char *p = set->parameters; *p && *p != '-';) { /* the values without keys */
            const char *value = strchr(p, '=') ? strchr(p, '=') + 1 : p;
            size_t length = strcspn(value, ",");
            snprintf(at + strlen(at), sizeof at - strlen(at), "%s%.*s", *at ? "," : "", (int)length,
                     value);
            p = value + length + (value[length] == ',');
        }
        table_cell(table, "%s", set->kernel);
        if (set->threads > 1)
            table_cell(table, "%s%sx%u", at, *at ? " " : "", set->threads);
        else
            table_cell(table, "%s", at);
        table_cell(table, "%.4g%s", baseline->ns.value,
                   baseline->sound == SOUND_NO ? " unsound" : "");
        table_cell(table, "%.4g", baseline->cycles);
        for (size_t c = 0; c < count; c++) {
            char text[96] = "";
            const struct summary_row *row =
                find_row(report, set, columns[c].lowering, columns[c].model);
            if (row)
                report_ratio(row, text, sizeof text);
            table_cell(table, "%s", text);
        }
    }
    table_print(table, page);
    page_paragraph(page,
                   "ns/op and cycles/op are of the baseline, plain under %s; the others are "
                   "times over the baseline's with 95%% intervals: above 1 is slower. \"=\": "
                   "not told from the baseline above this set's floor.",
                   base);
    free(columns);
    free(kernels);
    free(names);
    free(titles);
}

void report_headline(const struct report *report, const struct page *page) {
    if (report_base_model(report) == NULL) {
        page_paragraph(page, "No block of this run was finished: there is nothing to report.");
        return;
    }
    report_context(report, page);
    print_numbers(report, page);
    print_kernels(report, page);
}
