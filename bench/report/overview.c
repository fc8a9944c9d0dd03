/* SPDX-License-Identifier: MIT
 *
 * overview.c: the first table of RESULTS.md. A mean over kernels stands beside the least and the
 * greatest of them; one of a simulator says so, and from which side it bounds the truth.
 */
#include "report/overview.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/text.h"
#include "claims/claims.h"
#include "report/store_paths.h"

/* One of the three numbers of a run. */
struct number {
    char lowering[32]; /* empty: plain code */
    struct interval mean;
    double least, most; /* of the kernels */
    size_t kernels;     /* 0: there is no such number */
};

struct overview_row {
    char *name, *run;
    enum source source;
    enum memmodel base;
    struct number numbers[KNOWN_NUMBERS];
    enum store_path store_path;
    struct tso_taxes *taxes; /* of a simulated core, or NULL */
};

/* ---- what a run says ---- */

/* The tax divides by unsound code: what the program would be without TSO. */
static struct number number_of(const struct report *report, enum known_number which) {
    static const struct report_column plain = {.lowering = "plain", .model = MEMMODEL_WEAK};
    bool is_tax = which == KNOWN_TSO_TAX;
    const char *lowering = "";
    struct report_spread spread;
    if (is_tax)
        spread = report_spread(report, &plain, true);
    else
        lowering = report_cheapest(
            report, NULL, which == KNOWN_SOFTWARE_TSO ? COVERAGE_ALL : COVERAGE_SYNC, &spread);
    struct number number = {.mean = spread.mean, .kernels = spread.count};
    if (spread.count) {
        double least = spread.least->ratio.value, most = spread.most->ratio.value;
        number.least = is_tax ? 1 / least : least;
        number.most = is_tax ? 1 / most : most;
        snprintf(number.lowering, sizeof number.lowering, "%s", lowering);
    }
    return number;
}

static char *text_of(const char *format, ...) __attribute__((format(printf, 1, 2)));
static char *text_of(const char *format, ...) {
    char *text;
    va_list args;
    va_start(args, format);
    if (vasprintf(&text, format, args) < 0)
        die(EXIT_FAILED, "out of memory");
    va_end(args);
    return text;
}

struct overview_row *overview_row_of(const struct report *report) {
    const struct samples *run = report->run;
    enum memmodel base = report_base_model(report);
    const char *simulated = report_machine_text(report, "simulated.core");
    if (base == MEMMODEL_NONE || run->source == SOURCE_EMULATED)
        return NULL;
    struct overview_row *core = allocate(1, sizeof *core);
    *core = (struct overview_row){
        .name = simulated ? text_of("gem5's core \"%s\"", simulated) : strdup(report->machine),
        .run = text_of("%s, %.10s", run->suite, run->time ? run->time : "no date"),
        .source = run->source,
        .base = base,
        .store_path = store_path_of(report),
        .taxes = tso_taxes_of(report),
    };
    for (int i = 0; i < KNOWN_NUMBERS; i++)
        if (base != MEMMODEL_FIXED_TSO && (i != KNOWN_TSO_TAX || base == MEMMODEL_TSO))
            core->numbers[i] = number_of(report, (enum known_number)i);
    return core;
}

void overview_row_free(struct overview_row *core) {
    if (core) {
        free(core->name);
        free(core->run);
        tso_taxes_free(core->taxes);
    }
    free(core);
}

/* ---- the table ---- */

static void add_number(struct table *table, const struct overview_row *core,
                       const struct number *number) {
    char mean[64];
    const char *blank = *number->lowering ? " " : "";
    if (number->kernels == 0) {
        table_cell(table, "n/a: %s",
                   core->base == MEMMODEL_FIXED_TSO ? "always TSO"
                   : core->base == MEMMODEL_WEAK    ? "no TSO mode"
                                                    : "not in this run");
        return;
    }
    report_interval(number->mean, mean, sizeof mean);
    table_cell(table, "%s%s%s%s (%.3g to %.3g over %zu kernels)", number->lowering, blank, mean,
               core->base == MEMMODEL_WEAK ? ", over plain code in weak mode" : "", number->least,
               number->most, number->kernels);
}

/* One run is one end. Of gem5's own store path, which lets one store be under way at a time, it is
 * the upper. */
static void add_end(struct table *table, const struct overview_row *core, int number) {
    const struct number *it = &core->numbers[number];
    if (it->kernels == 0)
        add_number(table, core, it);
    else
        table_cell(table, "simulated: %s%s%s%.2f (%.3g to %.3g over %zu kernels)",
                   number == KNOWN_TSO_TAX && core->store_path == STORE_PATH_SERIAL ? "at most "
                                                                                    : "",
                   it->lowering, *it->lowering ? " " : "", it->mean.value, it->least, it->most,
                   it->kernels);
}

/* From the least to the greatest of the runs of one simulated core that have the number. */
static void add_bracket(struct table *table, struct overview_row *const *cores, size_t count,
                        int number) {
    const struct overview_row *low = NULL, *high = NULL;
    for (size_t i = 0; i < count; i++) {
        double mean = cores[i]->numbers[number].mean.value;
        if (cores[i]->numbers[number].kernels == 0)
            continue;
        low = low == NULL || mean < low->numbers[number].mean.value ? cores[i] : low;
        high = high == NULL || mean > high->numbers[number].mean.value ? cores[i] : high;
    }
    const struct number *least = low ? &low->numbers[number] : NULL,
                        *most = high ? &high->numbers[number] : NULL;
    if (low == high)
        add_end(table, low ? low : cores[0], number);
    else
        table_cell(table, "simulated: between %s%s%.2f and %s%s%.2f", least->lowering,
                   *least->lowering ? " " : "", least->mean.value, most->lowering,
                   *most->lowering ? " " : "", most->mean.value);
}

/* The taxes of one simulated core's runs become those of the kernels that all of them have. */
static void compare_same_kernels(struct overview_row *const *cores, size_t count) {
    struct tso_taxes **taxes = allocate(count, sizeof *taxes);
    double *means = allocate(count, sizeof *means);
    for (size_t i = 0; i < count; i++)
        taxes[i] = cores[i]->taxes;
    tso_taxes_keep_common(taxes, count, means);
    for (size_t i = 0; i < count; i++)
        if (taxes[i])
            cores[i]->numbers[KNOWN_TSO_TAX].mean.value = means[i];
    free(taxes);
    free(means);
}

/* The rows of the runs; whether one of them shows one end of a simulated core only. */
static bool add_runs(struct table *table, struct overview_row *const *cores, size_t count) {
    bool one_end = false;
    for (size_t i = 0, next; i < count; i = next) {
        const struct overview_row *core = cores[i];
        bool simulated = core->source == SOURCE_SIMULATED;
        for (next = i + 1; simulated && next < count && text_same(cores[next]->name, core->name);)
            next++;
        if (next > i + 1)
            compare_same_kernels(&cores[i], next - i);
        one_end |= simulated && next == i + 1 && core->store_path == STORE_PATH_SERIAL;
        table_cell(table, "%s", core->name);
        for (int k = 0; k < KNOWN_NUMBERS; k++)
            if (!simulated)
                add_number(table, core, &core->numbers[k]);
            else if (next == i + 1)
                add_end(table, core, k);
            else
                add_bracket(table, &cores[i], next - i, k);
        table_cell(table, "%s here: %s", source_name(core->source), core->run);
    }
    return one_end;
}

/* The tables of cores that were simulated with several store paths. */
static void print_store_paths(struct overview_row *const *cores, size_t count,
                              const struct page *page) {
    for (size_t i = 0, next; i < count; i = next) {
        struct tso_taxes *by_path[STORE_PATHS] = {NULL};
        for (next = i; next < count && text_same(cores[next]->name, cores[i]->name); next++)
            if (cores[next]->source == SOURCE_SIMULATED)
                by_path[cores[next]->store_path] = cores[next]->taxes;
        store_paths_print(by_path, cores[i]->name, page);
    }
}

/* The sources of the rows [begin, end), each once. */
static void add_citations(struct table *table, size_t begin, size_t end) {
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    for (size_t i = begin; i < end; i++) {
        size_t k = begin;
        while (k < i && known[k].source != known[i].source)
            k++;
        if (k == i)
            fprintf(out, "%s%s", ftell(out) ? ", " : "published: ", known[i].source->id);
    }
    fclose(out);
    table_cell(table, "%s", text);
    free(text);
}

static void add_published(struct table *table) {
    for (size_t i = 0, next; i < known_count; i = next) {
        next = i;
        while (next < known_count && text_same(known[next].core, known[i].core))
            next++;
        table_cell(table, "%s", known[i].core);
        for (int number = 0; number < KNOWN_NUMBERS; number++) {
            char *text;
            size_t size;
            FILE *out = open_memstream(&text, &size);
            for (size_t k = i; k < next; k++) {
                const struct known *it = &known[k];
                if ((int)it->number != number)
                    continue;
                fprintf(out, "%s%.*f", ftell(out) ? "; " : "", it->least < 10 ? 2 : 1, it->least);
                if (it->most > it->least + 0.005)
                    fprintf(out, " to %.*f", it->most < 10 ? 2 : 1, it->most);
                fprintf(out, ", %s", it->what);
            }
            fclose(out);
            table_cell(table, "%s", text);
            free(text);
        }
        add_citations(table, i, next);
    }
}

static void print_sources(const struct page *page) {
    static const char *const names[] = {"<published in", "<by", "<when", "<where", NULL};
    struct table *table = table_new(names, 1);
    for (size_t i = 0; i < known_count; i++) {
        const struct citation *it = known[i].source;
        size_t k = 0;
        while (k < i && known[k].source != it)
            k++;
        if (k < i)
            continue;
        table_cell(table, "%s", it->id);
        table_cell(table, "%s", it->who);
        table_cell(table, "%s", it->date);
        table_cell(table, "%s", it->where);
    }
    table_print(table, page);
}

void overview_print(struct overview_row *const *cores, size_t count, const struct page *page) {
    static const char *const names[] = {"<core",
                                        "<TSO tax (hardware mode)",
                                        "<software TSO, cheapest sound",
                                        "<portable rewrite, cheapest",
                                        "<known by",
                                        NULL};
    struct table *table = table_new(names, 1);
    page_heading(page, 2, "What is known of each core");
    page_paragraph(page,
                   "Times over those of plain code: in TSO mode over weak mode (tax), else in weak "
                   "mode over plain code in TSO mode. Geometric means over the kernels of a run, "
                   "with the least and the greatest of them.");
    bool one_end = add_runs(table, cores, count);
    add_published(table);
    table_print(table, page);
    if (one_end)
        page_paragraph(page,
                       "Simulated numbers are a model's and were measured on no machine. The TSO "
                       "of gem5's core lets one store be under way at a time, so its tax is an "
                       "upper bound; what is divided by the time under that TSO (software TSO, "
                       "portable rewrite) comes out too low by as much.");
    page_paragraph(page, "Published numbers are of different programs, without intervals, and of "
                         "software TSO and rewrites over plain code without TSO: nobody has yet "
                         "published them over a hardware mode.");
    print_sources(page);
    print_store_paths(cores, count, page);
}
