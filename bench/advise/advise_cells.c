/* SPDX-License-Identifier: MIT
 *
 * advise_cells.c: what a run has measured of the sequences that we know.
 */
#include <math.h>
#include <stdlib.h>

#include "advise/advise_parts.h"
#include "base/text.h"

static const struct sequence_fact facts[] = {
#define SEQUENCE(...)               {__VA_ARGS__, NULL},
#define SEQUENCE_WITH(feature, ...) {__VA_ARGS__, feature},
#include "advise/sequences.def"
#undef SEQUENCE
#undef SEQUENCE_WITH
};

static const struct sequence_fact *find_fact(const char *architecture, enum kind kind,
                                             const char *name) {
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
        if (facts[i].kind == kind && text_same(facts[i].name, name) &&
            text_same(facts[i].architecture, architecture))
            return &facts[i];
    return NULL;
}

/* A machine that does not say what it has, has nothing. */
static bool has_feature(const struct report *report, const char *name) {
    size_t i;
    json_t *feature;
    json_array_foreach(json_object_get(report->json, "features"), i,
                       feature) if (text_same(json_string_value(feature), name)) return true;
    return false;
}

static const struct sample_set *find_set(const struct samples *run, const char *kernel,
                                         const char *parameters) {
    for (size_t i = 0; parameters && i < run->set_count; i++)
        if (text_same(run->sets[i].kernel, kernel) &&
            text_same(run->sets[i].parameters, parameters) && run->sets[i].threads == 1 &&
            run->sets[i].block_count)
            return &run->sets[i];
    return NULL;
}

static const struct summary_row *find_row(const struct summary *summary,
                                          const struct sample_set *set,
                                          const struct sample_cell *cell) {
    for (size_t i = 0; i < summary->count; i++) {
        const struct summary_row *row = &summary->rows[i];
        if (row->set == set && text_same(row->lowering, cell->lowering) &&
            row->role == cell->role && row->model == cell->model)
            return row;
    }
    return NULL;
}

/* The plain cell that others are compared with, by its place in the set; its own baseline where
 * there is none in that model. */
static size_t reference_cell(const struct sample_set *set, enum memmodel model) {
    size_t found = 0;
    for (size_t i = 0; i < set->cell_count; i++) {
        const struct sample_cell *cell = &set->cells[i];
        bool plain = cell->role == ROLE_BASELINE ||
                     (cell->role == ROLE_LOWERING && text_same(cell->lowering, "plain"));
        if (plain && cell->model == model)
            return i;
        if (cell->role == ROLE_BASELINE)
            found = i;
    }
    return found;
}

static struct interval over_plain(const struct sample_set *set, size_t cell, size_t base) {
    if (cell == base)
        return (struct interval){1, 1, 1, set->block_count};
    return summary_paired(set, cell, base);
}

static void add_latency(const struct advice *advice, const struct operation *operation,
                        const struct sample_cell *like, struct candidate *option) {
    const struct sample_set *set =
        find_set(advice->report->run, operation->kernel, operation->latency);
    option->latency = (struct interval){NAN, NAN, NAN, 0};
    option->latency_plain_ns = NAN;
    for (size_t i = 0; set && i < set->cell_count; i++) {
        size_t base = reference_cell(set, advice->reference);
        const struct summary_row *plain = find_row(advice->report->summary, set, &set->cells[base]);
        if (plain == NULL || !text_same(set->cells[i].lowering, like->lowering) ||
            set->cells[i].model != like->model || set->cells[i].role == ROLE_AA ||
            set->cells[i].role == ROLE_TWIN)
            continue;
        option->latency = over_plain(set, i, base);
        option->latency_plain_ns = plain->ns.value;
        return;
    }
}

static void add_option(const struct advice *advice, struct advice_operation *operation,
                       size_t cell) {
    const struct sample_set *set = operation->set;
    const struct sample_cell *it = &set->cells[cell];
    const struct sequence_fact *fact =
        find_fact(advice->architecture, operation->operation->kind, it->lowering);
    const struct summary_row *row = find_row(advice->report->summary, set, it);
    if (fact == NULL || row == NULL || operation->count == MAX_OPTIONS || it->role == ROLE_AA ||
        it->role == ROLE_TWIN || row->tally.check_failed || !(row->ns.value > 0))
        return;
    size_t base = reference_cell(set, advice->reference);
    const struct summary_row *plain = find_row(advice->report->summary, set, &set->cells[base]);
    struct candidate option = {
        .fact = fact,
        .row = row,
        .cell = cell,
        .base = base,
        .model = it->model,
        .tso = it->model != MEMMODEL_WEAK,
        .torn = fact->atomic_with && !has_feature(advice->report, fact->atomic_with),
        .plain_ns = plain ? plain->ns.value : NAN,
        .floor = summary_paired_floor(advice->report->summary, set, cell, base)};
    add_latency(advice, operation->operation, it, &option);
    option.ratio = over_plain(set, cell, base);
    if (cell == base || isnan(option.floor))
        option.floor = 0;
    if (option.ratio.value > 0 && option.plain_ns > 0)
        operation->options[operation->count++] = option;
}

/* A DMB ISH in front of what was measured without: its cost after a store on top. */
static void add_sum(const struct advice *advice, struct advice_operation *operation,
                    const struct candidate *option) {
    const struct advice_operation *fences = &advice->operations[OPERATION_FENCE];
    char name[64];
    snprintf(name, sizeof name, "dmb.ish, %s", option->fact->name);
    const struct sequence_fact *fact =
        find_fact(advice->architecture, operation->operation->kind, name);
    for (size_t i = 0; fact && i < fences->count; i++) {
        const struct candidate *fence = &fences->options[i];
        if (!text_same(fence->fact->name, "dmb.ish") || fence->model != option->model)
            continue;
        double scale = fence->plain_ns / option->plain_ns, more = scale * (fence->ratio.value - 1);
        struct candidate sum = *option;
        sum.fact = fact;
        sum.sum = true;
        sum.row = NULL;
        sum.ratio.value += more;
        sum.ratio.low = sum.ratio.value - hypot(option->ratio.value - option->ratio.low,
                                                scale * (fence->ratio.value - fence->ratio.low));
        sum.ratio.high = sum.ratio.value + hypot(option->ratio.high - option->ratio.value,
                                                 scale * (fence->ratio.high - fence->ratio.value));
        sum.latency = (struct interval){NAN, NAN, NAN, 0};
        sum.floor = hypot(option->floor, scale * fence->floor);
        if (operation->count < MAX_OPTIONS)
            operation->options[operation->count++] = sum;
        return;
    }
}

void advice_collect(struct advice *advice) {
    const struct samples *run = advice->report->run;
    for (size_t i = 0; i < OPERATIONS; i++) {
        struct advice_operation *it = &advice->operations[i];
        it->operation = &operations[i];
        it->set = find_set(run, it->operation->kernel, it->operation->parameters);
        for (size_t cell = 0; it->set && cell < it->set->cell_count; cell++)
            add_option(advice, it, cell);
    }
    for (size_t i = 0; i < OPERATIONS; i++) {
        struct advice_operation *it = &advice->operations[i];
        for (size_t k = 0, count = it->count; k < count; k++)
            add_sum(advice, it, &it->options[k]);
    }
}
