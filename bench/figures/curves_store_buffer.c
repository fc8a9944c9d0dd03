/* SPDX-License-Identifier: MIT
 *
 * curves_store_buffer.c: what a fence waits for, and from which rate of accesses order costs.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "figures/curves.h"

/* Whole bursts: "nop" is the one that nothing ends, and what lies above it is what is waited for.
 */
void curves_fence_cost(struct figure *figure) {
    const struct report *report = figure->report;
    for (size_t i = 0; i < report->summary->count; i++) {
        const struct summary_row *row = &report->summary->rows[i];
        const struct sample_set *set = row->set;
        if (!text_same(set->kernel, "fence_cost") || !plots_drawn(report, row))
            continue;
        const char *stores = parameter_of(set->parameters, "stores");
        const char *then = parameter_of(set->parameters, "then");
        const char *lines = parameter_of(set->parameters, "footprint");
        if (stores == NULL || then == NULL || lines == NULL)
            continue;
        char panel[96];
        snprintf(panel, sizeof panel, "%.*s after stores in %.*s", (int)strcspn(then, ","), then,
                 (int)strcspn(lines, ","), lines);
        figure_add(figure, panel, strtod(stores, NULL), NULL, row, row->ns);
    }
}

void curves_knee(struct figure *figure) {
    const struct report *report = figure->report;
    for (size_t i = 0; i < report->summary->count; i++) {
        const struct summary_row *row = &report->summary->rows[i];
        const struct sample_set *set = row->set;
        if (!text_same(set->kernel, "diluted") || row->role != ROLE_LOWERING ||
            !plots_drawn(report, row) || isnan(row->ratio.value))
            continue;
        const char *access = parameter_of(set->parameters, "access");
        const char *stride = parameter_of(set->parameters, "stride");
        const char *lines = parameter_of(set->parameters, "footprint");
        const struct summary_row *baseline = summary_role(report->summary, set, ROLE_BASELINE);
        if (access == NULL || stride == NULL || lines == NULL || baseline == NULL)
            continue;
        char panel[96];
        snprintf(panel, sizeof panel, "%.*ss, stride %.*s, in %.*s", (int)strcspn(access, ","),
                 access, (int)strcspn(stride, ","), stride, (int)strcspn(lines, ","), lines);
        figure_add(figure, panel, 1 / baseline->cycles, NULL, row, row->ratio);
    }
}
