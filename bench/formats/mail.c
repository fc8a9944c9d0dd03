/* SPDX-License-Identifier: MIT
 *
 * mail.c: a report to be pasted into a mail, short enough to be read and quoted.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/text.h"
#include "base/visible.h"
#include "formats/formats.h"
#include "formats/mail_parts.h"
#include "samples/proof.h"

/* ---- the three numbers ---- */

static void add_number(struct table *table, const char *title, const char *lowering,
                       const struct report_spread *spread, bool is_tax) {
    char mean[64];
    double least = spread->least->ratio.value, most = spread->most->ratio.value;
    report_interval(spread->mean, mean, sizeof mean);
    table_cell(table, "%s%s%s", title, *lowering ? ", " : "", lowering);
    table_cell(table, "%s", mean);
    table_cell(table, "%.3g to %.3g", is_tax ? 1 / least : least, is_tax ? 1 / most : most);
}

static void print_numbers(const struct report *report, const struct page *page) {
    static const char *const names[] = {"<number", "mean over kernels", "<least to most", NULL};
    static const struct report_column plain = {.lowering = "plain", .model = MEMMODEL_WEAK};
    enum memmodel base = report_base_model(report);
    struct table *table = table_new(names, 1);
    struct report_spread spread;
    if (base == MEMMODEL_TSO) {
        spread = report_spread(report, &plain, true);
        if (spread.count)
            add_number(table, "TSO tax (plain, tso / weak)", "", &spread, true);
    }
    const char *all = report_cheapest(report, NULL, COVERAGE_ALL, &spread);
    if (all)
        add_number(table, base == MEMMODEL_FIXED_TSO ? "SC over TSO" : "software TSO", all, &spread,
                   false);
    const char *sync = report_cheapest(report, NULL, COVERAGE_SYNC, &spread);
    if (sync)
        add_number(table, "portable rewrite", sync, &spread, false);
    table_print(table, page);
    if (base != MEMMODEL_TSO)
        page_paragraph(page, "There is no TSO tax here: %s. Ratios are over plain code.",
                       base == MEMMODEL_FIXED_TSO ? "this CPU always has TSO"
                                                  : "this machine has no TSO mode");
}

/* ---- a row a kernel ---- */

struct line {
    char text[2 * MAIL_COLUMNS]; /* cut where it is printed */
    const char *kernel;
    double size; /* how far from 1 its ratios are: the larger |log| */
};

/* "=0.894 [0.880, 0.910]": with "=" before what is not told from 1. */
static void ratio_text(struct interval ratio, bool below_floor, char *out, size_t size) {
    char text[44];
    report_interval(ratio, text, sizeof text);
    snprintf(out, size, "%s%s", below_floor ? "=" : "", text);
}

/* The cheapest lowering of a set that orders everything and is sound. */
static const struct summary_row *cheapest_of(const struct report *report,
                                             const struct sample_set *set) {
    size_t count;
    const struct summary_row *row = summary_rows(report->summary, set, &count), *best = NULL;
    for (; count; row++, count--)
        if (row->role == ROLE_LOWERING && row->coverage == COVERAGE_ALL && row->sound != SOUND_NO &&
            !text_same(row->lowering, "plain") && !report_ordered_twice(report, row) &&
            !isnan(row->ratio.value) && (best == NULL || row->ratio.value < best->ratio.value))
            best = row;
    return best;
}

static bool make_line(const struct report *report, const char *kernel, struct line *line) {
    static const struct report_column plain = {.lowering = "plain", .model = MEMMODEL_WEAK};
    const struct sample_set *set = summary_centre(report->run, kernel);
    if (set == NULL || summary_role(report->summary, set, ROLE_BASELINE) == NULL)
        return false;
    const struct summary_row *weak = report_row(report, set, &plain),
                             *best = cheapest_of(report, set);
    char tax[48] = "", software[48] = "";
    *line = (struct line){.kernel = kernel};
    if (weak && !isnan(weak->ratio.value)) {
        ratio_text(stats_inverse(weak->ratio), weak->below_floor, tax, sizeof tax);
        line->size = fabs(log(weak->ratio.value));
    }
    if (best) {
        ratio_text(best->ratio, best->below_floor, software, sizeof software);
        line->size = fmax(line->size, fabs(log(best->ratio.value)));
    }
    snprintf(line->text, sizeof line->text, "%-16.16s %21s %-11.11s %21s", kernel, tax,
             best ? best->lowering : "", software);
    return true;
}

static int compare_sizes(const void *left, const void *right) {
    double a = *(const double *)left, b = *(const double *)right;
    return (a < b) - (a > b);
}

/* At most so many rows: of the kernels whose ratios are nearest to 1 the names. */
static void print_kernels(const struct report *report, const struct page *page, size_t most) {
    size_t count, used = 0;
    const char **kernels = report_compared(report, &count);
    struct line *lines = allocate(count + 1, sizeof *lines);
    double *sizes = allocate(count + 1, sizeof *sizes);
    for (size_t k = 0; k < count; k++)
        used += make_line(report, kernels[k], &lines[used]);
    for (size_t i = 0; i < used; i++)
        sizes[i] = lines[i].size;
    qsort(sizes, used, sizeof *sizes, compare_sizes);
    double least = used > most ? sizes[most] : -1;
    fprintf(page->out, "%-16s %21s %-11s %21s\n", "kernel",
            report_base_model(report) == MEMMODEL_TSO ? "TSO / weak" : "", "cheapest", "its ratio");
    for (size_t i = 0; i < used; i++)
        if (lines[i].size > least)
            fprintf(page->out, "%.*s\n", MAIL_COLUMNS, lines[i].text);
    fputc('\n', page->out);
    if (used > most) {
        char *names;
        size_t size;
        FILE *out = open_memstream(&names, &size);
        for (size_t i = 0; i < used; i++)
            if (lines[i].size <= least)
                fprintf(out, "%s%s", ftell(out) ? ", " : "", lines[i].kernel);
        fclose(out);
        page_paragraph(page, "Kernels whose ratios are nearer to 1: %s.", names);
        free(names);
    }
    free(sizes);
    free(lines);
    free(kernels);
}

static size_t lines_of(const char *text) {
    size_t lines = 0;
    for (; (text = strchr(text, '\n')) != NULL; text++)
        lines++;
    return lines;
}

/* ---- the rest ---- */

/* Pure ASCII, and no line longer than a mail's: a word that is too long is cut into two. */
static void print_folded(const char *text, FILE *out) {
    size_t column = 0;
    for (; *text; text++) {
        if ((*text & 0xc0) == 0x80) /* goes on where '?' stands */
            continue;
        if (*text != '\n' && column == MAIL_COLUMNS) {
            fputs("\n", out);
            column = 0;
        }
        fputc(*text & 0x80 ? '?' : *text, out);
        column = *text == '\n' ? 0 : column + 1;
    }
}

/* One paragraph: each lowering that is unsound in some kernel, with a test that shows it. */
static void print_unsound_short(const struct report *report, const struct page *page) {
    size_t count, size;
    struct report_column *columns = report_columns(report, &count);
    char *text;
    FILE *out = open_memstream(&text, &size);
    for (size_t c = 0; c < count; c++) {
        size_t kernels = report_spread(report, &columns[c], false).unsound;
        const struct summary_row *row = NULL;
        for (size_t i = 0; i < report->summary->count && row == NULL; i++) {
            const struct summary_row *it = &report->summary->rows[i];
            if (text_same(it->lowering, columns[c].lowering) && it->model == columns[c].model &&
                it->sound == SOUND_NO && it->centre)
                row = it;
        }
        if (kernels && row)
            fprintf(out, "%s%s%s in %zu (%s)", ftell(out) ? ", " : "", columns[c].lowering,
                    columns[c].model == MEMMODEL_WEAK ? " weak" : "", kernels,
                    row->witness ? row->witness : "-");
    }
    fclose(out);
    if (*text)
        page_paragraph(page, "Unsound, in so many kernels, with a litmus test that shows it: %s.",
                       text);
    free(text);
    free(columns);
}

/* What stands below the kernels' rows. */
/* A line of a list, whose further lines are indented. */
static void print_item(const char *text, FILE *out) {
    char *shown = visible_text(text), *rest = shown;
    int column = fprintf(out, "-");
    for (char *word; (word = strsep(&rest, " ")) != NULL;) {
        if (column + 1 + (int)strlen(word) > MAIL_COLUMNS && column > 1) {
            fputs("\n ", out);
            column = 1;
        }
        column += fprintf(out, " %s", word);
    }
    fputc('\n', out);
    free(shown);
}

static void print_tail(const struct plot_source *source, const char *files,
                       const struct page *page) {
    const struct report *report = source->report;
    char *missing, *rest;
    size_t size;
    page_paragraph(page,
                   "Times over those of the baseline, plain code under %s%s: above 1 is slower, "
                   "\"=\" is not told from 1. Cheapest: of the sound lowerings that order every "
                   "access.",
                   memmodel_name(report_base_model(report)),
                   samples_simulated(report->run) ? "" : ", paired within rounds, 95% interval");
    report_comparisons(report, page);
    report_floors(report, page);
    print_unsound_short(report, page);
    page_paragraph(page,
                   "Raw samples, every cell, plots: %s. Every lowering, and a checklist "
                   "answered: tsobench report --format mail --full.",
                   files);
    FILE *out = open_memstream(&missing, &size);
    format_missing(source, out);
    fclose(out);
    if (*missing)
        page_paragraph(page, "Not known from this run, and what would tell it:");
    rest = missing;
    for (char *line; (line = strsep(&rest, "\n")) != NULL;)
        if (*line)
            print_item(line, page->out);
    free(missing);
}

/* As many rows as the rest leaves lines for. */
static void print_short(const struct plot_source *source, const char *files,
                        const struct page *page) {
    const struct report *report = source->report;
    struct page part = *page;
    char *head, *tail, *rows = NULL;
    size_t size, most;
    free(report_compared(report, &most));
    part.out = open_memstream(&head, &size);
    mail_head(report, &part);
    if (report_base_model(report) != MEMMODEL_NONE) {
        report_context(report, &part);
        if (part.warning)
            page_paragraph(&part, "%s", part.warning);
        part.warning = NULL; /* of one mail it is said once */
        print_numbers(report, &part);
    } else {
        page_paragraph(&part, "No block of this run was finished: there is nothing to report.");
    }
    fclose(part.out);
    part.out = open_memstream(&tail, &size);
    print_tail(source, files, &part);
    fclose(part.out);
    do {
        free(rows);
        part.out = open_memstream(&rows, &size);
        if (report_base_model(report) != MEMMODEL_NONE)
            print_kernels(report, &part, most);
        fclose(part.out);
    } while (lines_of(head) + lines_of(rows) + lines_of(tail) > MAIL_LINES && most-- > 0);
    fprintf(page->out, "%s%s%s", head, rows, tail);
    free(head);
    free(rows);
    free(tail);
}

void format_mail(const struct plot_source *source, const char *files, bool full, FILE *final) {
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    struct page page = report_page(source->report, out, PAGE_TEXT);
    page.columns = MAIL_COLUMNS;
    if (full)
        mail_full(source, files, &page);
    else
        print_short(source, files, &page);
    fclose(out);
    print_folded(text, final);
    free(text);
}
