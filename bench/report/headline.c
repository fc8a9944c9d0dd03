/* SPDX-License-Identifier: MIT
 *
 * headline.c: the three numbers of the project's question, then a row a kernel. A mean over
 * kernels never stands without its spread: it is of this suite's kernels and of nothing else.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/text.h"
#include "report/report.h"

const struct summary_row *report_row(const struct report *report, const struct sample_set *set,
                                     const struct report_column *column) {
    for (size_t i = 0; set && i < report->summary->count; i++) {
        const struct summary_row *row = &report->summary->rows[i];
        if (row->set == set && row->role == ROLE_LOWERING &&
            text_same(row->lowering, column->lowering) && row->model == column->model)
            return row;
    }
    return NULL;
}

struct report_column *report_columns(const struct report *report, size_t *count) {
    struct report_column *columns = allocate(report->summary->count, sizeof *columns);
    *count = 0;
    for (size_t i = 0; i < report->summary->count; i++) {
        const struct summary_row *row = &report->summary->rows[i];
        size_t c = 0;
        if (row->role != ROLE_LOWERING || report_ordered_twice(report, row))
            continue;
        while (c < *count &&
               !(text_same(columns[c].lowering, row->lowering) && columns[c].model == row->model))
            c++;
        if (c == *count)
            columns[(*count)++] = (struct report_column){row->lowering, row->model, row->coverage};
    }
    return columns;
}

struct report_spread report_spread(const struct report *report, const struct report_column *column,
                                   bool inverse) {
    return report_spread_of(report, NULL, column, inverse);
}

struct report_spread report_spread_of(const struct report *report, const char *family,
                                      const struct report_column *column, bool inverse) {
    size_t kernel_count;
    const char **kernels = report_compared(report, &kernel_count);
    struct interval *ratios = allocate(kernel_count, sizeof *ratios);
    struct report_spread spread = {0};
    for (size_t k = 0; k < kernel_count; k++) {
        const struct sample_set *set = summary_centre(report->run, kernels[k]);
        const struct summary_row *row = report_row(report, set, column);
        if (row == NULL || isnan(row->ratio.value) ||
            (family && !(set->family && text_same(set->family, family))))
            continue;
        spread.unsound += row->sound == SOUND_NO;
        ratios[spread.count++] = inverse ? stats_inverse(row->ratio) : row->ratio;
        const struct summary_row **low = inverse ? &spread.most : &spread.least;
        const struct summary_row **high = inverse ? &spread.least : &spread.most;
        if (*low == NULL || row->ratio.value < (*low)->ratio.value)
            *low = row;
        if (*high == NULL || row->ratio.value > (*high)->ratio.value)
            *high = row;
    }
    spread.mean = stats_geometric_mean(ratios, spread.count);
    free(ratios);
    free(kernels);
    return spread;
}

const char *report_cheapest(const struct report *report, const char *family, enum coverage coverage,
                            struct report_spread *spread) {
    size_t count;
    struct report_column *columns = report_columns(report, &count);
    const char *name = NULL;
    *spread = (struct report_spread){0};
    for (size_t c = 0; c < count; c++) {
        if (columns[c].coverage != coverage || text_same(columns[c].lowering, "plain"))
            continue;
        struct report_spread it = report_spread_of(report, family, &columns[c], false);
        if (it.count == 0 || it.unsound || it.count < spread->count ||
            (name && it.count == spread->count && it.mean.value >= spread->mean.value))
            continue;
        *spread = it;
        name = columns[c].lowering;
    }
    free(columns);
    return name;
}

/* ---- the numbers ---- */

/* How the numbers are printed: in a narrow page without kernels' names; where the memory model can
 * be switched, also over plain code in weak mode, which no property of the TSO mode enters. */
struct layout {
    bool narrow, over_weak;
};

static const struct report_column plain_weak = {.lowering = "plain", .model = MEMMODEL_WEAK};

/* The geometric mean over the kernels of a column's time over that of plain code in weak mode, or
 * NAN. */
static double over_plain_weak(const struct report *report, const struct report_column *column) {
    size_t kernel_count, count = 0;
    const char **kernels = report_compared(report, &kernel_count);
    double logs = 0;
    for (size_t k = 0; k < kernel_count; k++) {
        const struct sample_set *set = summary_centre(report->run, kernels[k]);
        const struct summary_row *row = report_row(report, set, column),
                                 *weak = report_row(report, set, &plain_weak);
        if (row == NULL || weak == NULL || isnan(row->ratio.value) || isnan(weak->ratio.value))
            continue;
        logs += log(row->ratio.value / weak->ratio.value);
        count++;
    }
    free(kernels);
    return count ? exp(logs / (double)count) : NAN;
}

/* One line: the mean over the kernels' centre sets, and where it lies from kernel to kernel. */
static void add_number(const struct report *report, struct table *table, const char *title,
                       const struct report_column *column, bool inverse, struct layout layout) {
    bool narrow = layout.narrow;
    struct report_spread spread = report_spread(report, column, inverse);
    size_t kernel_count;
    char mean[64], of[64] = "";
    free(report_compared(report, &kernel_count));
    if (spread.count == 0)
        return;
    if (spread.count < kernel_count)
        snprintf(of, sizeof of, " (%zu of %zu kernels)", spread.count, kernel_count);
    report_interval(spread.mean, mean, sizeof mean);
    double from = spread.least->ratio.value, to = spread.most->ratio.value;
    from = inverse ? 1 / from : from;
    to = inverse ? 1 / to : to;
    table_cell(table, "%s%s", title, of);
    table_cell(table, "%s", mean);
    table_cell(table, "%.*f%s%s to %.*f%s%s", from < 10 ? 2 : 1, from, narrow ? "" : " ",
               narrow ? "" : spread.least->set->kernel, to < 10 ? 2 : 1, to, narrow ? "" : " ",
               narrow ? "" : spread.most->set->kernel);
    double over_weak = inverse ? spread.mean.value : over_plain_weak(report, column);
    if (layout.over_weak && isnan(over_weak))
        table_cell(table, "n/a");
    else if (layout.over_weak)
        table_cell(table, "%.3f", over_weak);
    /* In the tax the unsound one is the denominator: what the program would be without TSO. */
    if (spread.unsound && !inverse) {
        table_cell(table, "- unsound for %zu of them", spread.unsound);
        for (int i = 0; i < 2 + layout.over_weak; i++)
            table_cell(table, "%s", "");
    }
}

static void add_missing(struct table *table, const char *title, const char *why,
                        struct layout layout) {
    table_cell(table, "%s", title);
    table_cell(table, "n/a");
    table_cell(table, "%s", why);
    if (layout.over_weak)
        table_cell(table, "%s", "");
}

void report_numbers(const struct report *report, const struct page *page) {
    char mean[64];
    enum memmodel base = report_base_model(report);
    bool fixed = base == MEMMODEL_FIXED_TSO, switched = base == MEMMODEL_TSO, tax = false,
         software = false;
    bool portable = false, narrow = page->columns > 0;
    const struct layout layout = {.narrow = narrow, .over_weak = switched && !narrow};
    const char *const names[] = {"<number", mean,
                                 narrow ? "<least to most" : "<least and most over kernels",
                                 layout.over_weak ? "over plain weak" : NULL, NULL};
    size_t count;
    struct report_column *columns = report_columns(report, &count);
    size_t kernel_count;
    free(report_compared(report, &kernel_count));
    snprintf(mean, sizeof mean, "mean of %zu kernels%s", kernel_count,
             samples_simulated(report->run) ? "" : " [95%]");
    struct table *table = table_new(names, narrow ? 1 : 3);
    const char *why =
        fixed      ? narrow ? "TSO always" : "this CPU is TSO always: there is nothing to switch"
        : switched ? narrow ? "not measured" : "not measured in this run"
        : narrow   ? "no TSO mode"
                   : "this machine offers no TSO mode to compare with";
    for (size_t i = 0; switched && i < count; i++)
        if (text_same(columns[i].lowering, "plain") && columns[i].model == MEMMODEL_WEAK) {
            add_number(report, table, "TSO tax (plain, tso / weak)", &columns[i], true, layout);
            tax = true;
        }
    if (!tax)
        add_missing(table, "TSO tax", why, layout);
    for (size_t i = 0; switched && i < count; i++)
        if (columns[i].coverage == COVERAGE_ALL && !text_same(columns[i].lowering, "plain") &&
            columns[i].model == MEMMODEL_WEAK) {
            char title[96];
            snprintf(title, sizeof title, "software TSO, %s", columns[i].lowering);
            add_number(report, table, title, &columns[i], false, layout);
            software = true;
        }
    if (!software)
        add_missing(table, "software TSO", why, layout);
    for (size_t i = 0; switched && i < count; i++)
        if (columns[i].coverage == COVERAGE_SYNC && columns[i].model == MEMMODEL_WEAK) {
            char title[96];
            snprintf(title, sizeof title, "portable rewrite, %s", columns[i].lowering);
            add_number(report, table, title, &columns[i], false, layout);
            portable = true;
        }
    if (!portable)
        add_missing(table, "portable rewrite", why, layout);
    for (size_t i = 0; !switched && i < count; i++) {
        char title[128];
        bool sc = strncmp(columns[i].lowering, "sc-", 3) == 0;
        snprintf(title, sizeof title, "%s%s%s", sc ? "SC over TSO: " : "", columns[i].lowering,
                 sc                      ? ""
                 : base == MEMMODEL_WEAK ? " / plain (unsound)"
                                         : " / plain");
        add_number(report, table, title, &columns[i], false, layout);
    }
    table_print(table, page);
    if (layout.over_weak)
        page_paragraph(page, "Geometric means. \"over plain weak\": the mean of the times over "
                             "those of plain code in weak mode, whatever the TSO mode costs.");
    free(columns);
}

/* ---- a row a kernel ---- */

void report_at(const struct sample_set *set, char *out, size_t size) {
    size_t used = 0;
    *out = 0;
    for (const char *p = set->parameters; *p && *p != '-' && used < size;) {
        const char *value = strchr(p, '=') ? strchr(p, '=') + 1 : p;
        size_t length = strcspn(value, ",");
        used += (size_t)snprintf(out + used, size - used, "%s%.*s", used ? "," : "", (int)length,
                                 value);
        p = value + length + (value[length] == ',');
    }
    if (set->threads > 1 && used < size)
        snprintf(out + used, size - used, "%sx%u", used ? " " : "", set->threads);
}

/* What orders a part of what another lowering orders, by the same instructions. */
static const char *const parts[][2] = {{"native", "ldar-stlr"}, {"native-ldapr", "ldapr-stlr"}};
enum { PARTS = sizeof parts / sizeof *parts };

/* Whether a row orders less than another one of its set and yet takes a quarter longer, beyond both
 * intervals: whatever that is the time of, it is not that of order. */
static bool is_outlier(const struct report *report, const struct summary_row *row) {
    for (size_t i = 0; i < PARTS; i++) {
        struct report_column more = {.lowering = parts[i][1], .model = row->model};
        const struct summary_row *other = report_row(report, row->set, &more);
        if (!text_same(row->lowering, parts[i][0]) || other == NULL)
            continue;
        double low = stats_has_ends(row->ratio) ? row->ratio.low : row->ratio.value;
        double high = stats_has_ends(other->ratio) ? other->ratio.high : other->ratio.value;
        return low > 1.25 * high;
    }
    return false;
}

/* What stands behind a ratio; whether it is an outlier's. */
static bool print_marks(const struct report *report, const struct summary_row *row, char *out,
                        size_t size) {
    size_t used = strlen(out);
    bool outlier = is_outlier(report, row);
    if (used < size)
        snprintf(out + used, size - used, "%s%s",
                 summary_is_wide(report->summary, row) ? " wide" : "", outlier ? " outlier" : "");
    return outlier;
}

static void print_kernels(const struct report *report, const struct page *page) {
    enum { FIXED = 4 };
    bool outliers = false;
    size_t count, kernel_count;
    struct report_column *columns = report_columns(report, &count);
    const char **kernels = report_compared(report, &kernel_count);
    const char **names = allocate(FIXED + count + 1, sizeof *names);
    enum memmodel base = report_base_model(report);
    char(*titles)[96] = allocate(count, sizeof *titles);
    names[0] = "<kernel";
    names[1] = "<at";
    names[2] = "ns/op";
    names[3] = "cycles/op";
    for (size_t c = 0; c < count; c++) {
        snprintf(titles[c], sizeof titles[c], "%s%s%s", columns[c].lowering,
                 columns[c].model == base ? "" : " ",
                 columns[c].model == base ? "" : memmodel_name(columns[c].model));
        names[FIXED + c] = titles[c];
    }
    struct table *table = table_new(names, 2);
    for (size_t k = 0; k < kernel_count; k++) {
        const struct sample_set *set = summary_centre(report->run, kernels[k]);
        const struct summary_row *baseline =
            set ? summary_role(report->summary, set, ROLE_BASELINE) : NULL;
        if (baseline == NULL)
            continue;
        char at[128];
        report_at(set, at, sizeof at);
        table_cell(table, "%s", set->kernel);
        table_cell(table, "%s", at);
        table_cell(table, "%.4g%s", baseline->ns.value,
                   baseline->sound == SOUND_NO ? " unsound" : "");
        table_cell(table, "%.4g", baseline->cycles);
        for (size_t c = 0; c < count; c++) {
            char text[96] = "";
            const struct summary_row *row = report_row(report, set, &columns[c]);
            if (row) {
                report_ratio(row, text, sizeof text);
                outliers |= print_marks(report, row, text, sizeof text);
            }
            table_cell(table, "%s", text);
        }
    }
    table_print(table, page);
    page_paragraph(page,
                   "ns/op and cycles/op are of the baseline, plain under %s; the others are "
                   "times over the baseline's%s: above 1 is slower. \"=\": %s.%s",
                   memmodel_name(base), samples_simulated(report->run) ? "" : " with 95% intervals",
                   report_equal(report),
                   samples_simulated(report->run)
                       ? ""
                       : " \"wide\": the interval is wider than the run was asked for.");
    if (outliers)
        page_paragraph(page,
                       "\"outlier\": it orders only a part of what ldar-stlr (for native) or "
                       "ldapr-stlr (for native-ldapr) orders, and yet takes longer. Such a time "
                       "shows how the threads interact (who waits for whose cache line), not "
                       "the cost of order: draw no conclusion about the lowering.");
    free(columns);
    free(kernels);
    free(names);
    free(titles);
}

void report_headline(const struct report *report, const struct page *page) {
    if (report_base_model(report) == MEMMODEL_NONE) {
        page_paragraph(page, "No block of this run was finished: there is nothing to report.");
        return;
    }
    report_context(report, page);
    report_numbers(report, page);
    report_families(report, page);
    print_kernels(report, page);
    report_comparisons(report, page);
    report_model(report, page);
}
