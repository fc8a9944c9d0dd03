/* SPDX-License-Identifier: MIT
 *
 * check_run.c: what the samples of a run come to, and whether that may be believed.
 */
#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/text.h"
#include "check/check.h"
#include "plan/plan.h"
#include "samples/proof.h"
#include "samples/textfile.h"
#include "summary/summary.h"

/* ---- completeness ---- */

static bool has_role(const struct sample_set *set, enum role role) {
    for (size_t i = 0; i < set->cell_count; i++)
        if (set->cells[i].role == role)
            return true;
    return false;
}

/* What of the set was measured is whole. */
static void check_cells(struct check *check, const struct sample_set *set) {
    for (size_t b = 0; b < set->block_count; b++)
        for (size_t c = 0; c < set->cell_count; c++)
            if (c >= set->blocks[b].column_count || set->blocks[b].columns[c].ops == 0) {
                check_problem(check, "%s: block %ld lacks %s@%s", set->name, set->blocks[b].number,
                              set->cells[c].lowering, memmodel_name(set->cells[c].model));
                return;
            }
    static const enum role roles[] = {ROLE_BASELINE, ROLE_AA, ROLE_TWIN};
    for (size_t i = 0; i < 3; i++)
        if (!has_role(set, roles[i]))
            check_problem(check, "%s: no %s: nothing checks its ratios", set->name,
                          role_name(roles[i]));
}

static void check_blocks(struct check *check, const struct sample_set *set, size_t wanted) {
    for (size_t i = 0; set->block_count && i < set->failure_count; i++)
        check_note(check, "note: %s: a block died: %s", set->name, set->failures[i]);
    if (set->block_count && set->skipped)
        check_problem(check, "%s: measured and skipped", set->name);
    else if (set->block_count == 0 && set->failure_count)
        check_problem(check, "%s: nothing was measured, all its blocks died: %s", set->name,
                      set->failures[set->failure_count - 1]);
    else if (set->block_count == 0 && set->skipped == NULL)
        check_problem(check, "%s: neither measured nor skipped", set->name);
    else if (set->block_count && set->block_count + set->failure_count < wanted)
        check_problem(check, "%s: %zu blocks of %zu", set->name, set->block_count, wanted);
    if (set->block_count)
        check_cells(check, set);
}

/* The fewest blocks of a set; runs that do not say it are of a time when all suites but smoke had
 * eight. */
static size_t blocks_wanted(const struct samples *run) {
    enum { UNSAID = 8 };
    const struct suite *suite = plan_suite(run->suite);
    if (run->min_blocks || run->blocks)
        return run->min_blocks ? run->min_blocks : run->blocks;
    return suite && !samples_simulated(run) && suite->min_blocks > 1 ? UNSAID : 1;
}

static void check_completeness(struct check *check, const struct samples *run) {
    if (isnan(run->seconds))
        check_problem(check, "no end line: the run is not complete");
    else if (!run->complete)
        check_problem(check, "the end line does not say that the run is complete");
    if (run->planned_sets >= 0 && run->set_count != (size_t)run->planned_sets)
        check_problem(check, "%zu sets of %ld that were planned", run->set_count,
                      run->planned_sets);
    for (size_t i = 0; i < run->set_count; i++)
        check_blocks(check, &run->sets[i], blocks_wanted(run));
    if (run->source == SOURCE_NONE)
        check_problem(check, "nothing was measured");
}

/* ---- mode proof ---- */

static void check_mode(struct check *check, const struct samples *run, enum memmodel model) {
    struct proof all = proof_of(run, NULL, model);
    struct proof_tally tally = proof_tally(run, model);
    for (size_t i = 0; tally.sets[PROOF_DISPROVED] && i < run->set_count; i++) {
        struct proof proof = proof_of(run, &run->sets[i], model);
        if (proof_state(&proof) == PROOF_DISPROVED)
            check_problem(check,
                          "%s: mode %s is disproved: %llu outcomes that TSO forbids in %llu "
                          "litmus runs",
                          run->sets[i].name, memmodel_name(model),
                          (unsigned long long)proof.forbidden, (unsigned long long)proof.runs);
    }
    if (tally.few)
        check_problem(check, "mode %s is unproven in %zu of %zu sets, first %s: %s",
                      memmodel_name(model), tally.few, tally.all, tally.first_few->name,
                      all.skipped ? all.skipped : "too few litmus runs");
    if (tally.all && all.weak && all.runs >= PROOF_RUNS && all.forbidden == 0)
        check_note(check, "note: weak mode was not demonstrated: no weak outcome in %llu runs",
                   (unsigned long long)all.runs);
}

static void check_proof(struct check *check, const struct samples *run) {
    for (enum memmodel model = 0; model < MEMMODEL_COUNT; model++)
        check_mode(check, run, model);
}

/* ---- noise and wrong results ---- */

static void check_throttling(struct check *check, const struct samples *run) {
    size_t throttled = 0, all = 0;
    for (size_t i = 0; i < run->set_count; i++)
        for (size_t b = 0; b < run->sets[i].block_count; b++, all++)
            throttled += run->sets[i].blocks[b].throttled > 0;
    if (throttled)
        check_note(
            check,
            "note: %zu of %zu blocks were stopped by their control group's quota of CPU time",
            throttled, all);
}

static void check_noise(struct check *check, const struct summary *summary) {
    double *reaches = allocate(summary->count, sizeof *reaches);
    size_t count = 0, all = 0, missed = 0, samples = 0, spoiled = 0;
    for (size_t i = 0; i < summary->count; i++) {
        const struct summary_row *row = &summary->rows[i];
        samples += row->tally.samples + row->tally.spoiled;
        spoiled += row->tally.spoiled;
        if (row->tally.check_failed && row->sound != SOUND_NO)
            check_problem(check, "%s: %zu wrong results of %s@%s", row->set->name,
                          row->tally.check_failed, row->lowering, memmodel_name(row->model));
        if (fabs(row->apart) > 0)
            check_problem(check,
                          "%s: %s@%s takes %+.2f %% instructions against the same code in another "
                          "memory model",
                          row->set->name, row->lowering, memmodel_name(row->model),
                          100 * row->apart);
        if (row->role != ROLE_AA || isnan(row->ratio.value))
            continue;
        all++;
        missed += row->ratio.low > 1 || row->ratio.high < 1;
        if (row->set->threads == 1)
            reaches[count++] = stats_reach(row->ratio);
    }
    double median = 100 * stats_median(reaches, count);
    free(reaches);
    if (summary->run->source != SOURCE_MEASURED)
        return;
    if (median > CHECK_AA_PERCENT)
        check_problem(
            check,
            "noise: the baseline against itself reaches %.2f%% from 1 (median of %zu sets "
            "of one thread); %d%% is the limit",
            median, count, CHECK_AA_PERCENT);
    if (all >= 10 && 100 * missed > CHECK_AA_MISSED * all)
        check_problem(check, "noise: %zu of %zu intervals of the baseline against itself miss 1",
                      missed, all);
    if (100 * spoiled > CHECK_SPOILED_PERCENT * samples)
        check_problem(check, "noise: %zu of %zu samples are spoiled", spoiled, samples);
}

/* ---- what was made from the samples ---- */

static void check_summary(struct check *check, const struct summary *summary) {
    char *made;
    size_t size;
    struct textfile file;
    FILE *memory = open_memstream(&made, &size);
    summary_write_tsv(summary, memory);
    fclose(memory);
    const char *at = made, *end = made + size;
    bool equal = textfile_open(&file, check->directory, "summary.tsv");
    if (!equal)
        check_problem(check, "summary.tsv: %s", strerror(errno));
    bool there = equal;
    while (equal && textfile_next(&file)) {
        equal = file.length <= (size_t)(end - at) && memcmp(at, file.line, file.length) == 0;
        at += equal ? file.length : 0;
    }
    if (there && (!equal || at != end))
        check_problem(check,
                      "summary.tsv:%zu is not what the samples say; tsobench report makes it again",
                      file.number);
    textfile_close(&file);
    free(made);
}

/* What a trimmed run has left out. */
static void check_trimmed(struct check *check, const struct summary *summary) {
    const struct samples *run = summary->run;
    size_t samples = 0;
    if (run->whole == NULL)
        return;
    for (size_t i = 0; i < summary->count; i++)
        samples += summary->rows[i].tally.samples;
    if (samples != run->whole_samples)
        check_problem(check, "trimmed: medians of %zu samples, where the whole run has %zu",
                      samples, run->whole_samples);
    check_note(check, "note: trimmed: medians of blocks, of the samples with sha256 %s",
               run->whole);
}

void check_run(struct check *check, const struct samples *run) {
    struct summary *summary = summary_build(run);
    const char *source = json_string_value(json_object_get(check->machine, "source"));
    check_completeness(check, run);
    check_proof(check, run);
    check_noise(check, summary);
    check_throttling(check, run);
    check_summary(check, summary);
    check_trimmed(check, summary);
    if (source && run->source && !text_same(source, source_name(run->source)))
        check_problem(check, "machine.json says %s, the samples %s", source,
                      source_name(run->source));
    summary_free(summary);
}
