/* SPDX-License-Identifier: MIT
 *
 * curves_traces.c: what each policy costs in each replayed trace, and what the linear model had
 * predicted of it.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "advise/replayed.h"
#include "base/text.h"
#include "figures/curves.h"

/* A place a trace: of its sets the one nearest to the kernel's centre. */
static const struct sample_set *centre_of(const struct samples *run, const char *trace) {
    const struct sample_set *best = NULL;
    size_t length = strcspn(trace, ",");
    for (size_t i = 0; i < run->set_count; i++) {
        const struct sample_set *set = &run->sets[i];
        const char *other = parameter_of(set->parameters, "trace");
        if (text_same(set->kernel, "trace_replay") && set->block_count && other &&
            strcspn(other, ",") == length && strncmp(other, trace, length) == 0 &&
            (best == NULL || set->weight < best->weight))
            best = set;
    }
    return best;
}

void curves_replays(struct figure *figure) {
    const struct report *report = figure->report;
    const struct sample_set *last = NULL;
    double place = -1;
    for (size_t i = 0; i < report->summary->count; i++) {
        const struct summary_row *row = &report->summary->rows[i];
        const char *trace = parameter_of(row->set->parameters, "trace");
        if (!text_same(row->set->kernel, "trace_replay") || trace == NULL ||
            !plots_drawn(report, row) || row->role == ROLE_BASELINE || isnan(row->ratio.value) ||
            centre_of(report->run, trace) != row->set)
            continue;
        place += row->set != last;
        last = row->set;
        figure_add(figure, "traces", place, trace, row, row->ratio);
    }
}

/* The interval is from the least to the most that single kernels say of the costs. */
void curves_prediction(struct figure *figure) {
    const struct replays *replays = figure->replays;
    for (size_t i = 0; replays && i < replays->count; i++) {
        const struct replayed *it = &replays->rows[i];
        if (isnan(it->predicted) || !plots_drawn(figure->report, it->row))
            continue;
        struct interval y = {it->predicted, fmin(it->least, it->predicted),
                             fmax(it->most, it->predicted), 1};
        figure_add(figure, "all traces", it->measured.value, NULL, it->row, y);
    }
}
