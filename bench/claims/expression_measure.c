/* SPDX-License-Identifier: MIT
 *
 * expression_measure.c: from a condition and its runs to intervals, or to the reason why there are
 * none. A cell whose mode was not proven, whose results were wrong, or that has no samples is
 * dead: it supports nothing.
 *
 * Cells of one set are compared round by round; those of two sets by their cycles, which know the
 * clock of each; those of two runs by their times. The last two have intervals of their own, and
 * the wider of two floors.
 */
#include <fnmatch.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/text.h"
#include "claims/cores.h"
#include "claims/expression.h"
#include "plan/registry.h"
#include "samples/proof.h"

static size_t find_cell(const struct sample_set *set, const struct cell_name *name) {
    for (size_t i = 0; i < set->cell_count; i++)
        if (text_same(set->cells[i].lowering, name->lowering) &&
            set->cells[i].model == name->model &&
            (set->cells[i].role == ROLE_BASELINE || set->cells[i].role == ROLE_LOWERING ||
             set->cells[i].role == ROLE_FORM))
            return i;
    return SIZE_MAX;
}

/* ---- why there is nothing ---- */

static bool run_has_model(const struct samples *run, enum memmodel model) {
    for (size_t i = 0; i < run->set_count; i++)
        for (size_t c = 0; c < run->sets[i].cell_count; c++)
            if (run->sets[i].cells[c].model == model)
                return true;
    return false;
}

static const char *why_no_model(const struct samples *run, enum memmodel model) {
    if (run_has_model(run, MEMMODEL_FIXED_TSO))
        return "this CPU is TSO always";
    if (model == MEMMODEL_TSO)
        return "no TSO mode here, or not measured";
    return model == MEMMODEL_WEAK ? "no weak mode here, or not measured"
                                  : "this CPU is not TSO always";
}

/* Of a cell that no set has. */
static void explain_cell(const struct samples *run, const struct cell_name *cell, char *out,
                         size_t size) {
    if (!run_has_model(run, cell->model)) {
        snprintf(out, size, "%s", why_no_model(run, cell->model));
        return;
    }
    for (size_t i = 0; i < run->set_count; i++)
        for (size_t k = 0; k < run->sets[i].skip_count; k++) {
            const struct sample_skip *skip = &run->sets[i].skips[k];
            if (text_same(skip->lowering, cell->lowering) && skip->model == cell->model) {
                snprintf(out, size, "%s", skip->reason);
                return;
            }
        }
    snprintf(out, size, "no %s@%s in this run", cell->lowering, memmodel_name(cell->model));
}

static void explain_sets(const char *pattern, char *out, size_t size) {
    char kernel[64];
    snprintf(kernel, sizeof kernel, "%.*s", (int)strcspn(pattern, "/"), pattern);
    bool literal = strpbrk(kernel, "*?[") == NULL;
    if (literal && registry_kernel(registry_lowerings(&(size_t){0})[0], kernel) == NULL)
        snprintf(out, size, "no kernel %s", kernel);
    else
        snprintf(out, size, "no set %s in this run", pattern);
}

/* Why a cell that is there supports nothing, or "". */
static void explain_death(const struct samples *run, const struct sample_set *set, size_t cell,
                          bool across_models, char *out, size_t size) {
    const struct sample_cell *it = &set->cells[cell];
    struct proof proof = proof_of(run, set, it->model);
    const char *flag = proof_flag(&proof);
    unsigned wrong = 0;
    for (size_t b = 0; b < set->block_count; b++)
        if (cell < set->blocks[b].column_count)
            wrong += set->blocks[b].columns[cell].check_failed;
    if (wrong && it->sound != SOUND_NO)
        snprintf(out, size, "%s@%s: %u wrong results", it->lowering, memmodel_name(it->model),
                 wrong);
    else if (proof_state(&proof) == PROOF_DISPROVED || proof.runs < PROOF_RUNS)
        snprintf(out, size, "%s@%s: %s", it->lowering, memmodel_name(it->model), flag);
    else if (across_models && proof_state(&proof) == PROOF_UNPROVEN) {
        proof = proof_of(run, NULL, it->model); /* a short battery sees little in one set */
        if (proof.forbidden == 0)
            snprintf(out, size, "%s@%s: %s", it->lowering, memmodel_name(it->model), flag);
    }
}

/* ---- one set ---- */

/* One of the two cells that are compared. */
struct place {
    const struct side *side;
    const struct sample_set *set; /* NULL: there is none */
    size_t cell;
};

/* The set that has `with`, "access=8", where this one has another value of that key. */
static const struct sample_set *set_with(const struct samples *run, const struct sample_set *set,
                                         const char *with) {
    char name[256];
    const char *at = strpbrk(set->name, "/,");
    while (at && strncmp(at + 1, with, strcspn(with, "=") + 1) != 0)
        at = strpbrk(at + 1, "/,");
    if (at == NULL)
        return NULL;
    at++;
    snprintf(name, sizeof name, "%.*s%s%s", (int)(at - set->name), set->name, with,
             at + strcspn(at, "/,"));
    return samples_set(run, name);
}

static bool find_place(struct place *place, const struct cell_name *name) {
    place->cell = place->set ? find_cell(place->set, name) : SIZE_MAX;
    return place->cell != SIZE_MAX;
}

/* The quotient of two cells that were not measured in the same rounds. */
static void measure_apart(const struct place *top, const struct place *bottom,
                          struct measure *out) {
    size_t count;
    if (top->side == bottom->side)
        out->value = stats_quotient(summary_cycles(top->set, top->cell),
                                    summary_cycles(bottom->set, bottom->cell));
    else
        out->value = stats_quotient(
            summary_rows(top->side->summary, top->set, &count)[top->cell].ns,
            summary_rows(bottom->side->summary, bottom->set, &count)[bottom->cell].ns);
    /* fmax() would prefer a number to the NAN of a set that has none. */
    double floor = summary_floor(top->side->summary, top->set),
           other = summary_floor(bottom->side->summary, bottom->set);
    out->floor = floor > other || isnan(floor) ? floor : other;
}

static void measure_cells(const struct condition *condition, const struct place *top,
                          const struct place *bottom, struct measure *out) {
    bool across_models = top->set->cells[top->cell].model != bottom->set->cells[bottom->cell].model;
    out->unsound = top->set->cells[top->cell].sound == SOUND_NO ||
                   bottom->set->cells[bottom->cell].sound == SOUND_NO;
    explain_death(top->side->run, top->set, top->cell, across_models, out->dead, sizeof out->dead);
    if (*out->dead == 0)
        explain_death(bottom->side->run, bottom->set, bottom->cell, across_models, out->dead,
                      sizeof out->dead);
    if (*out->dead)
        return;
    if (*condition->bottom.lowering == 0) {
        out->value = summary_cycles(top->set, top->cell);
        out->floor = 0;
    } else if (top->set == bottom->set) {
        out->value = summary_paired(top->set, top->cell, bottom->cell);
        out->floor = summary_paired_floor(top->side->summary, top->set, top->cell, bottom->cell);
    } else
        measure_apart(top, bottom, out);
    if (isnan(out->value.value))
        snprintf(out->dead, sizeof out->dead, "%s: no samples", top->set->name);
    else if (isnan(out->floor))
        snprintf(out->dead, sizeof out->dead, "%s: no noise floor", top->set->name);
}

/* Whether the set has what the condition speaks of, be it dead. */
static bool measure_set(const struct condition *condition, struct place *top, struct place *bottom,
                        struct measure *out) {
    const struct sample_set *set = top->set;
    *out = (struct measure){.set = set,
                            .value = {NAN, NAN, NAN, 0},
                            .floor = NAN,
                            .deterministic = samples_simulated(top->side->run)};
    if (set->block_count == 0) {
        if (set->failure_count)
            snprintf(out->dead, sizeof out->dead, "%s: %s", set->name, set->failures[0]);
        return set->failure_count > 0;
    }
    bool cycles = *condition->bottom.lowering == 0;
    bottom->set = *condition->with            ? set_with(bottom->side->run, set, condition->with)
                  : bottom->side == top->side ? set
                                              : samples_set(bottom->side->run, set->name);
    if (!find_place(top, &condition->top))
        return false;
    if (*condition->with && bottom->set == NULL) {
        snprintf(out->dead, sizeof out->dead, "%s: there is none with %s", set->name,
                 condition->with);
        return true;
    }
    if (!find_place(bottom, cycles ? &condition->top : &condition->bottom) ||
        !cores_same(set, top->side->machine, bottom->set, bottom->side->machine))
        return false;
    out->over = bottom->set == set ? NULL : bottom->set;
    measure_cells(condition, top, bottom, out);
    return true;
}

/* ---- means ---- */

/* Whether two measures are one item of the mean: of a trace its windows are. */
static bool is_same_item(const struct condition *condition, const struct measure *left,
                         const struct measure *right) {
    const char *here = parameter_of(left->set->parameters, "trace"),
               *there = parameter_of(right->set->parameters, "trace");
    if (left == right)
        return true;
    return condition->kind == TRACES && here && there &&
           strcspn(here, ",") == strcspn(there, ",") &&
           strncmp(here, there, strcspn(here, ",")) == 0;
}

/* The measures become their mean; dead ones are left out of it, if not all are. */
static void take_mean(struct finding *finding) {
    struct interval *items = allocate(finding->count, sizeof *items);
    struct interval *parts = allocate(finding->count, sizeof *parts);
    struct measure mean = {.floor = 0};
    size_t live = 0;
    for (size_t begin = 0, end = 0; begin < finding->count; begin = end) {
        size_t used = 0;
        for (; end < finding->count &&
               is_same_item(finding->condition, &finding->measures[begin], &finding->measures[end]);
             end++) {
            const struct measure *each = &finding->measures[end];
            if (*each->dead)
                continue;
            parts[used++] = each->value;
            mean.floor += log1p(each->floor);
            mean.unsound |= each->unsound;
            mean.deterministic = each->deterministic;
        }
        if (used)
            items[mean.items++] = stats_geometric_mean(parts, used);
        live += used;
    }
    if (live) {
        mean.value = stats_geometric_mean(items, mean.items);
        mean.floor = expm1(mean.floor / (double)live);
        finding->measures[0] = mean;
        finding->count = 1;
    }
    free(items);
    free(parts);
}

static void count_litmus(struct finding *finding, const struct samples *run) {
    const struct condition *condition = finding->condition;
    for (size_t i = 0; i < run->set_count; i++)
        for (size_t b = 0; b < run->sets[i].block_count; b++) {
            const struct sample_block *block = &run->sets[i].blocks[b];
            for (size_t k = 0; k < block->litmus_count; k++) {
                const struct sample_litmus *litmus = &block->litmus[k];
                if (!text_same(litmus->test, condition->litmus) ||
                    litmus->model != condition->top.model)
                    continue;
                finding->runs += litmus->runs;
                finding->seen += litmus->relaxed;
            }
        }
    if (finding->runs)
        return;
    if (run_has_model(run, condition->top.model))
        snprintf(finding->why, sizeof finding->why, "no litmus runs of %s@%s", condition->litmus,
                 memmodel_name(condition->top.model));
    else
        snprintf(finding->why, sizeof finding->why, "%s", why_no_model(run, condition->top.model));
}

/* Why nothing was compared in sets that are there. */
static void explain_nothing(struct finding *finding, const struct side *top,
                            const struct side *bottom) {
    const struct condition *condition = finding->condition;
    bool of_top = run_has_model(top->run, condition->top.model);
    bool of_bottom =
        *condition->bottom.lowering == 0 || run_has_model(bottom->run, condition->bottom.model);
    if (top != bottom && of_top && of_bottom)
        snprintf(finding->why, sizeof finding->why, "the runs have no such cells in common");
    else if (of_top && !of_bottom)
        explain_cell(bottom->run, &condition->bottom, finding->why, sizeof finding->why);
    else
        explain_cell(top->run, &condition->top, finding->why, sizeof finding->why);
}

struct finding expression_measure(const struct condition *condition, const struct side *top,
                                  const struct side *bottom, const char *cores) {
    const struct samples *run = top->run;
    struct finding finding = {.condition = condition};
    size_t matching = 0, on_cores = 0;
    if (!expression_of_sets(condition)) {
        count_litmus(&finding, run);
        return finding;
    }
    if (top != bottom) {
        finding.top = top->directory;
        finding.bottom = bottom->directory;
    }
    finding.measures = allocate(run->set_count, sizeof *finding.measures);
    for (size_t i = 0; i < run->set_count; i++) {
        struct place here = {top, &run->sets[i], SIZE_MAX}, there = {bottom, NULL, SIZE_MAX};
        if (fnmatch(condition->sets, here.set->name, 0) != 0 ||
            (condition->kind == MEAN && summary_centre(run, here.set->kernel) != here.set))
            continue;
        matching++;
        if (here.set->block_count && !cores_of_set(here.set, top->machine, cores))
            continue;
        on_cores++;
        finding.count += measure_set(condition, &here, &there, &finding.measures[finding.count]);
    }
    if (condition->kind == MEAN || condition->kind == TRACES)
        take_mean(&finding);
    for (size_t i = 0; i < finding.count; i++)
        finding.comparisons += *finding.measures[i].dead == 0;
    if (matching == 0)
        explain_sets(condition->sets, finding.why, sizeof finding.why);
    else if (on_cores == 0)
        snprintf(finding.why, sizeof finding.why, "not measured on these cores");
    else if (finding.count == 0)
        explain_nothing(&finding, top, bottom);
    return finding;
}
