/* SPDX-License-Identifier: MIT
 *
 * replayed_print.c: the model and what came of its predictions, as a section of a report.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "advise/replayed.h"
#include "base/die.h"

static void ns_text(double value, char *out, size_t size) {
    snprintf(out, size, isnan(value) ? "n/a" : "%.3g", value);
}

static void print_model(const struct model *model, const struct page *page) {
    static const char *const names[] = {
        "<operation", "<sequence", "ns over plain, fitted", "least", "most", "equations", NULL};
    struct table *table = table_new(names, 2);
    for (size_t i = 0; i < model->count; i++) {
        const struct cost *it = &model->costs[i];
        const double numbers[] = {it->fitted, it->least, it->most};
        table_cell(table, "%s", operations[it->operation].text);
        table_cell(table, "%s", it->sequence);
        for (int k = 0; k < 3; k++) {
            char text[32];
            ns_text(numbers[k], text, sizeof text);
            table_cell(table, "%s", text);
        }
        table_cell(table, "%u", it->equations);
    }
    table_print(table, page);
}

static void print_errors(const struct replays *replays, const struct page *page) {
    if (replays->compared)
        page_paragraph(
            page, "Error of the predictions: median %.1f%%; %zu of %zu measured %s meet the range.",
            100 * replays->error, replays->inside, replays->compared,
            stats_has_ends(replays->rows[0].measured) ? "intervals" : "times");
}

void replays_summary(const struct replays *replays, const struct page *page) {
    static const char *const names[] = {"<policy",         "replays",    "mean",
                                        "<least and most", "unsound in", NULL};
    struct table *table = table_new(names, 1);
    struct interval *ratios = allocate(replays->count, sizeof *ratios);
    for (size_t i = 0; i < replays->count; i++) {
        const struct policy *policy = replays->rows[i].policy;
        const struct replayed *least = &replays->rows[i], *most = least;
        size_t count = 0, unsound = 0, before = 0;
        while (before < i && replays->rows[before].policy != policy)
            before++;
        if (before < i)
            continue; /* has its row */
        for (size_t k = i; k < replays->count; k++) {
            const struct replayed *it = &replays->rows[k];
            if (it->policy != policy || isnan(it->measured.value))
                continue;
            ratios[count++] = it->measured;
            unsound += it->breaks != NULL;
            least = it->measured.value < least->measured.value ? it : least;
            most = it->measured.value > most->measured.value ? it : most;
        }
        char mean[64], from[64], to[64];
        report_interval(stats_geometric_mean(ratios, count), mean, sizeof mean);
        report_at(least->row->set, from, sizeof from);
        report_at(most->row->set, to, sizeof to);
        table_cell(table, "%s", policy->name);
        table_cell(table, "%zu", count);
        table_cell(table, "%s", mean);
        if (count > 1)
            table_cell(table, "%.3g %.*s to %.3g %.*s", least->measured.value,
                       (int)strcspn(from, ","), from, most->measured.value, (int)strcspn(to, ","),
                       to);
        else
            table_cell(table, "%.*s", (int)strcspn(from, ","), from);
        table_cell(table, "%zu", unsound);
    }
    free(ratios);
    page_heading(page, 3, "Replayed traces");
    page_paragraph(page, "Times over those of the plain policy, geometric means over the traces. "
                         "Each trace, and what the linear model predicts of it, is in report.txt.");
    table_print(table, page);
    print_errors(replays, page);
}

void replays_print(const struct replays *replays, const struct page *page) {
    static const char *const names[] = {"<trace",    "<policy",        "<sound", "measured [95%]",
                                        "predicted", "<least to most", "error",  NULL};
    struct table *table = table_new(names, 2);
    double unmodelled = 0;
    for (size_t i = 0; i < replays->count; i++) {
        const struct replayed *it = &replays->rows[i];
        char text[96];
        report_at(it->row->set, text, sizeof text);
        table_cell(table, "%s", text);
        table_cell(table, "%s", it->policy->name);
        table_cell(table, it->breaks ? "unsound" : "sound");
        report_interval(it->measured, text, sizeof text);
        table_cell(table, "%s", text);
        if (isnan(it->predicted)) {
            table_cell(table, "n/a");
            if (it->older)
                table_cell(table, "the policy was another then");
            else
                table_cell(table, "%s not measured", it->missing);
            table_cell(table, "%s", "");
            continue;
        }
        unmodelled = fmax(unmodelled, it->unmodelled);
        table_cell(table, "%.3f", it->predicted);
        table_cell(table, "%.3f to %.3f", it->least, it->most);
        table_cell(table, "%+.1f%%", 100 * (it->predicted / it->measured.value - 1));
    }
    page_heading(page, 3, "Traces: predicted against measured");
    if (replays->model->equations == 0) {
        page_paragraph(page,
                       "Time of a replay over that of its plain policy. Nothing is predicted: "
                       "the run has no instruction kernels that a model could be fitted to.");
    } else {
        page_paragraph(page,
                       "Time of a replay over that of its plain policy; predicted from the time of "
                       "the plain replay and a linear model, in which each sequence adds a fixed "
                       "cost. The model was fitted to those %zu measurements of this run's "
                       "instruction kernels that bear on a cost; its median error on them is "
                       "%.1f%%. \"Least to most\" is the range of the costs that single kernels "
                       "show.",
                       replays->model->equations, 100 * replays->model->error);
    }
    print_errors(replays, page);
    if (unmodelled > 0.01)
        page_paragraph(
            page,
            "Not modelled: REP loops that differ from the plain policy's; up to %.0f%% of "
            "a replay's accesses are in such loops.",
            100 * unmodelled);
    table_print(table, page);
    if (replays->model->equations) {
        page_fold(page, "The model");
        print_model(replays->model, page);
        page_unfold(page);
    }
}
