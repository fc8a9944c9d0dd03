/* SPDX-License-Identifier: MIT
 *
 * replayed_print.c: the model and what came of its predictions, as a section of a report.
 */
#include <math.h>

#include "advise/replayed.h"

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
                       "the plain replay and a linear model, in which each sequence adds its cost "
                       "wherever it stands. The model was fitted to the %zu measurements of this "
                       "run's instruction kernels that say something of a cost, and misses their "
                       "times by %.1f%% (median); \"least to most\" is the range of the costs that "
                       "single kernels show.",
                       replays->model->equations, 100 * replays->model->error);
    }
    if (replays->compared)
        page_paragraph(
            page, "Error of the predictions: median %.1f%%; %zu of %zu measured %s meet the range.",
            100 * replays->error, replays->inside, replays->compared,
            stats_has_ends(replays->rows[0].measured) ? "intervals" : "times");
    if (unmodelled > 0.01)
        page_paragraph(page,
                       "Not in the model: loops of REP that are not plain's; up to %.0f%% of the "
                       "accesses of a replay are in such.",
                       100 * unmodelled);
    table_print(table, page);
    if (replays->model->equations) {
        page_fold(page, "The model");
        print_model(replays->model, page);
        page_unfold(page);
    }
}
