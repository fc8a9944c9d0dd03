/* SPDX-License-Identifier: MIT
 *
 * expression_measure.c: from a condition and a run to intervals, or to the reason why there are
 * none. A cell whose mode was not proven, whose results were wrong, or that has no samples is
 * dead: it supports nothing.
 */
#include <fnmatch.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/text.h"
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

/* Whether the set has what the condition speaks of, be it dead. */
static bool measure_set(const struct condition *condition, const struct summary *summary,
                        const struct sample_set *set, struct measure *out) {
    bool cycles = *condition->bottom.lowering == 0;
    *out = (struct measure){.set = set,
                            .value = {NAN, NAN, NAN, 0},
                            .floor = NAN,
                            .deterministic = samples_simulated(summary->run)};
    if (set->block_count == 0) {
        if (set->failure_count)
            snprintf(out->dead, sizeof out->dead, "%s: %s", set->name, set->failures[0]);
        return set->failure_count > 0;
    }
    size_t top = find_cell(set, &condition->top);
    size_t bottom = cycles ? top : find_cell(set, &condition->bottom);
    if (top == SIZE_MAX || bottom == SIZE_MAX)
        return false;
    bool across_models = set->cells[top].model != set->cells[bottom].model;
    out->unsound = set->cells[top].sound == SOUND_NO || set->cells[bottom].sound == SOUND_NO;
    explain_death(summary->run, set, top, across_models, out->dead, sizeof out->dead);
    if (*out->dead == 0)
        explain_death(summary->run, set, bottom, across_models, out->dead, sizeof out->dead);
    if (*out->dead)
        return true;
    out->value = cycles ? summary_cycles(set, top) : summary_paired(set, top, bottom);
    out->floor = cycles ? 0 : summary_paired_floor(summary, set, top, bottom);
    if (isnan(out->value.value))
        snprintf(out->dead, sizeof out->dead, "%s: no samples", set->name);
    else if (isnan(out->floor))
        snprintf(out->dead, sizeof out->dead, "%s: no noise floor", set->name);
    return true;
}

/* The measures become their mean; dead ones are left out of it, if not all are. */
static void take_mean(struct finding *finding) {
    struct interval *ratios = allocate(finding->count, sizeof *ratios);
    struct measure mean = {.floor = 0};
    for (size_t i = 0; i < finding->count; i++) {
        const struct measure *each = &finding->measures[i];
        if (*each->dead)
            continue;
        ratios[mean.kernels++] = each->value;
        mean.floor += log1p(each->floor);
        mean.unsound |= each->unsound;
        mean.deterministic = each->deterministic;
    }
    if (mean.kernels) {
        mean.value = stats_geometric_mean(ratios, mean.kernels);
        mean.floor = expm1(mean.floor / (double)mean.kernels);
        finding->measures[0] = mean;
        finding->count = 1;
    }
    free(ratios);
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

struct finding expression_measure(const struct condition *condition, const struct summary *summary,
                                  bool (*suits)(const struct sample_set *, const void *context),
                                  const void *context) {
    const struct samples *run = summary->run;
    struct finding finding = {.condition = condition};
    size_t matching = 0, on_cores = 0;
    if (condition->kind >= SEEN) {
        count_litmus(&finding, run);
        return finding;
    }
    finding.measures = allocate(run->set_count, sizeof *finding.measures);
    for (size_t i = 0; i < run->set_count; i++) {
        const struct sample_set *set = &run->sets[i];
        if (fnmatch(condition->sets, set->name, 0) != 0 ||
            (condition->kind == MEAN && summary_centre(run, set->kernel) != set))
            continue;
        matching++;
        if (set->block_count && !suits(set, context))
            continue;
        on_cores++;
        finding.count += measure_set(condition, summary, set, &finding.measures[finding.count]);
    }
    if (condition->kind == MEAN)
        take_mean(&finding);
    for (size_t i = 0; i < finding.count; i++)
        finding.comparisons += *finding.measures[i].dead == 0;
    if (matching == 0)
        explain_sets(condition->sets, finding.why, sizeof finding.why);
    else if (on_cores == 0)
        snprintf(finding.why, sizeof finding.why, "not measured on these cores");
    else if (finding.count == 0)
        explain_cell(run,
                     run_has_model(run, condition->top.model) && *condition->bottom.lowering &&
                             !run_has_model(run, condition->bottom.model)
                         ? &condition->bottom
                         : &condition->top,
                     finding.why, sizeof finding.why);
    return finding;
}
