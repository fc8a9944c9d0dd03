/* SPDX-License-Identifier: MIT
 *
 * curves_store_buffer.c: what a fence waits for, and from which rate of accesses order costs.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "curves.h"

static bool same(const char *left, const char *right) {
    return strcmp(left, right) == 0;
}

/* The set's row of this form under the baseline's model, or NULL. */
static const struct summary_row *form_of(const struct report *report, const struct sample_set *set,
                                         const char *form) {
    for (size_t i = 0; i < report->summary->count; i++) {
        const struct summary_row *row = &report->summary->rows[i];
        if (row->set == set && same(row->role, "form") && same(row->lowering, form) &&
            same(row->model, report_base_model(report)))
            return row;
    }
    return NULL;
}

/* Nanoseconds that a burst takes over one with plain stores and nothing after them. Both ratios
 * are paired with the same baseline. Not above 0: no such cost is shown. */
static struct interval cost_of(const struct summary_row *row, const struct summary_row *nothing,
                               double baseline_ns) {
    static const struct interval one = {1, 1, 1, 0};
    struct interval ratio = same(row->role, "baseline") ? one : row->ratio;
    return (struct interval){(ratio.value - nothing->ratio.value) * baseline_ns,
                             (ratio.low - nothing->ratio.high) * baseline_ns,
                             (ratio.high - nothing->ratio.low) * baseline_ns, row->ns.blocks};
}

void curves_fence_cost(struct figure *figure) {
    const struct report *report = figure->report;
    for (size_t i = 0; i < report->summary->count; i++) {
        const struct summary_row *row = &report->summary->rows[i];
        const struct sample_set *set = row->set;
        if (!same(set->kernel, "fence_cost") || !plots_drawn(report, row))
            continue;
        const char *stores = parameter_of(set->parameters, "stores");
        const char *then = parameter_of(set->parameters, "then");
        const char *lines = parameter_of(set->parameters, "footprint");
        const struct summary_row *nothing = form_of(report, set, "nop");
        const struct summary_row *baseline = summary_role(report->summary, set, "baseline");
        if (stores == NULL || then == NULL || lines == NULL || nothing == NULL ||
            baseline == NULL || row == nothing || strncmp(then, "none", 4) == 0)
            continue;
        struct interval cost = cost_of(row, nothing, baseline->ns.value);
        char panel[96];
        snprintf(panel, sizeof panel, "%.*s after stores in %.*s", (int)strcspn(then, ","), then,
                 (int)strcspn(lines, ","), lines);
        if (cost.low > 0)
            figure_add(figure, panel, strtod(stores, NULL), NULL, row, cost);
    }
}

void curves_knee(struct figure *figure) {
    const struct report *report = figure->report;
    for (size_t i = 0; i < report->summary->count; i++) {
        const struct summary_row *row = &report->summary->rows[i];
        const struct sample_set *set = row->set;
        if (!same(set->kernel, "diluted") || !same(row->role, "lowering") ||
            !plots_drawn(report, row) || isnan(row->ratio.value))
            continue;
        const char *access = parameter_of(set->parameters, "access");
        const char *stride = parameter_of(set->parameters, "stride");
        const char *lines = parameter_of(set->parameters, "footprint");
        const struct summary_row *baseline = summary_role(report->summary, set, "baseline");
        if (access == NULL || stride == NULL || lines == NULL || baseline == NULL)
            continue;
        char panel[96];
        snprintf(panel, sizeof panel, "%.*ss, stride %.*s, in %.*s", (int)strcspn(access, ","),
                 access, (int)strcspn(stride, ","), stride, (int)strcspn(lines, ","), lines);
        figure_add(figure, panel, 1 / baseline->cycles, NULL, row, row->ratio);
    }
}
