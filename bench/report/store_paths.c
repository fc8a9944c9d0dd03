/* SPDX-License-Identifier: MIT */
#include "report/store_paths.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/text.h"

/* A step that takes less off the tax is no mechanism: two placements in a simulated cache differ by
 * as much. */
static const double LEAST_STEP = 1.02;

struct tax {
    char *kernel, *at;
    double value;
};

struct tso_taxes {
    double mean; /* geometric */
    size_t count;
    struct tax *list;
};

static const char *const names[STORE_PATHS] = {"serial", "hits", "pipelined"};

const char *store_path_name(enum store_path path) {
    return names[path];
}

enum store_path store_path_of(const struct report *report) {
    const char *name = report_machine_text(report, "simulated.store_path");
    for (int path = 0; path < STORE_PATHS; path++)
        if (name && text_same(name, names[path]))
            return (enum store_path)path;
    return STORE_PATH_SERIAL;
}

struct tso_taxes *tso_taxes_of(const struct report *report) {
    static const struct report_column plain = {.lowering = "plain", .model = MEMMODEL_WEAK};
    if (!samples_simulated(report->run) || report_base_model(report) != MEMMODEL_TSO)
        return NULL;
    size_t count;
    const char **kernels = report_compared(report, &count);
    struct tso_taxes *taxes = allocate(1, sizeof *taxes);
    taxes->list = allocate(count, sizeof *taxes->list);
    for (size_t k = 0; k < count; k++) {
        const struct sample_set *set = summary_centre(report->run, kernels[k]);
        const struct summary_row *row = report_row(report, set, &plain);
        if (row == NULL || isnan(row->ratio.value))
            continue;
        char at[64];
        report_at(set, at, sizeof at);
        taxes->list[taxes->count++] = (struct tax){
            .kernel = strdup(kernels[k]), .at = strdup(at), .value = 1 / row->ratio.value};
        taxes->mean -= log(row->ratio.value);
    }
    free(kernels);
    taxes->mean = exp(taxes->mean / (double)taxes->count);
    if (taxes->count > 0)
        return taxes;
    tso_taxes_free(taxes);
    return NULL;
}

void tso_taxes_free(struct tso_taxes *taxes) {
    for (size_t i = 0; taxes && i < taxes->count; i++) {
        free(taxes->list[i].kernel);
        free(taxes->list[i].at);
    }
    if (taxes)
        free(taxes->list);
    free(taxes);
}

/* The tax of the same set, or NAN. */
static double tax_of(const struct tso_taxes *taxes, const struct tax *like) {
    for (size_t i = 0; taxes && i < taxes->count; i++)
        if (text_same(taxes->list[i].kernel, like->kernel) &&
            text_same(taxes->list[i].at, like->at))
            return taxes->list[i].value;
    return NAN;
}

static bool all_have(struct tso_taxes *const *taxes, size_t count, const struct tax *tax) {
    for (size_t i = 0; i < count; i++)
        if (taxes[i] && isnan(tax_of(taxes[i], tax)))
            return false;
    return true;
}

void tso_taxes_keep_common(struct tso_taxes *const *taxes, size_t count, double *means) {
    for (size_t i = 0; i < count; i++) {
        struct tso_taxes *it = taxes[i];
        double logs = 0;
        size_t kept = 0;
        for (size_t k = 0; it && k < it->count; k++) {
            if (all_have(taxes, count, &it->list[k])) {
                logs += log(it->list[k].value);
                struct tax swap = it->list[kept];
                it->list[kept++] = it->list[k];
                it->list[k] = swap;
            }
        }
        means[i] = it ? exp(logs / (double)kept) : NAN;
        if (it) {
            for (size_t k = kept; k < it->count; k++) {
                free(it->list[k].kernel);
                free(it->list[k].at);
            }
            it->count = kept;
            it->mean = means[i];
        }
    }
}

/* Which step takes what off the tax. Where a path is missing its steps are not told apart. */
static const char *mechanism(const double *taxes) {
    double hits = taxes[STORE_PATH_SERIAL] / taxes[STORE_PATH_HITS],
           lines = taxes[STORE_PATH_HITS] / taxes[STORE_PATH_PIPELINED];
    bool by_hits = hits >= LEAST_STEP, by_lines = lines >= LEAST_STEP;
    if (isnan(hits) || isnan(lines))
        return "n/a";
    return by_hits && by_lines ? "stores that hit, and lines of streams"
           : by_hits           ? "stores that hit"
           : by_lines          ? "lines of streams"
                               : "";
}

void store_paths_print(struct tso_taxes *const *by_path, const char *core,
                       const struct page *page) {
    static const char *const columns[] = {"<kernel",   "<at",         "serial", "hits",
                                          "pipelined", "<cheaper by", NULL};
    const struct tso_taxes *first = NULL;
    size_t runs = 0;
    for (int path = STORE_PATHS - 1; path >= 0; path--) {
        first = by_path[path] ? by_path[path] : first;
        runs += by_path[path] != NULL;
    }
    if (runs < 2)
        return;
    char title[128];
    snprintf(title, sizeof title, "TSO tax of %s by store path", core);
    page_heading(page, 3, title);
    struct table *table = table_new(columns, 2);
    for (size_t i = 0; i <= first->count; i++) {
        const struct tax *tax = &first->list[i];
        double taxes[STORE_PATHS];
        table_cell(table, "%s", i < first->count ? tax->kernel : "geometric mean");
        table_cell(table, "%s", i < first->count ? tax->at : "");
        for (int path = 0; path < STORE_PATHS; path++) {
            taxes[path] = i < first->count ? tax_of(by_path[path], tax)
                          : by_path[path]  ? by_path[path]->mean
                                           : NAN;
            if (isnan(taxes[path]))
                table_cell(table, "n/a");
            else
                table_cell(table, "%.3f", taxes[path]);
        }
        table_cell(table, "%s", mechanism(taxes));
    }
    table_print(table, page);
    page_paragraph(
        page,
        "Simulated. Under TSO, serial: the next store waits until the cache has answered the one "
        "before it, as in gem5's own core; hits: a store that hits leaves each cycle; pipelined: "
        "the lines of streams are fetched ahead, too, for loads and stores of both modes. What a "
        "step takes off by 2%% or more is named. Left in the last column: stores whose lines no "
        "stream foretells, and loads that are done again.");
}
