/* SPDX-License-Identifier: MIT
 *
 * context.c: what every table and figure carries: the machine, the proof of its mode, and what the
 * method cannot tell from 1.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "report/core_table.h"
#include "report/matrix_table.h"
#include "report/report.h"
#include "samples/proof.h"

static void print_proof(const struct report *report, enum memmodel model, FILE *out) {
    struct proof proof = proof_of(report->run, NULL, model);
    const char *flag = proof_flag(&proof);
    struct proof_tally tally = proof_tally(report->run, model);
    size_t unproven = tally.sets[PROOF_UNPROVEN], disproved = tally.sets[PROOF_DISPROVED];
    fprintf(out, "; mode %s: ", memmodel_name(model));
    if (proof.runs == 0)
        fprintf(out, "unproven (%s)", proof.skipped ? proof.skipped : "no litmus battery");
    else
        fprintf(out, "%llu TSO-forbidden outcomes in %llu litmus runs%s%s",
                (unsigned long long)proof.forbidden, (unsigned long long)proof.runs,
                flag ? ", " : "", flag ? flag : "");
    if (disproved && disproved < tally.all)
        fprintf(out, ", disproved in %zu of %zu sets", disproved, tally.all);
    if (unproven && unproven < tally.all)
        fprintf(out, ", unproven in %zu of %zu sets", unproven, tally.all);
}

static void print_proofs(const struct report *report, FILE *out) {
    for (enum memmodel model = 0; model < MEMMODEL_COUNT; model++)
        for (size_t i = 0; i < report->summary->count; i++)
            if (report->summary->rows[i].role != ROLE_NONE &&
                report->summary->rows[i].model == model) {
                print_proof(report, model, out);
                break;
            }
}

bool report_has_floors(const struct report *report) {
    for (size_t i = 0; i < report->run->set_count; i++)
        if (report->run->sets[i].block_count && !report->run->sets[i].several_layouts)
            return true;
    return false;
}

const char *report_equal(const struct report *report) {
    return report_has_floors(report) ? "not told from 1 above the floor of its set"
                                     : "not told from 1: the interval holds it";
}

void report_same_code(const struct report *report, enum role role, FILE *out) {
    size_t count = 0, excluding = 0;
    double *reaches = allocate(report->summary->count, sizeof *reaches), worst = 0;
    for (size_t i = 0; i < report->summary->count; i++) {
        const struct summary_row *row = &report->summary->rows[i];
        if (row->role != role || isnan(row->ratio.value))
            continue;
        excluding += row->ratio.low > 1 || row->ratio.high < 1;
        reaches[count] = stats_reach(row->ratio);
        worst = fmax(worst, reaches[count++]);
    }
    if (count && !report_has_floors(report))
        fprintf(out, "%zu of %zu exclude 1", excluding, count);
    else if (count)
        fprintf(out, "%.2f%% (median of sets), %.2f%% (worst)", 100 * stats_median(reaches, count),
                100 * worst);
    else
        fputs("n/a", out);
    free(reaches);
}

/* What of the environment may have changed what was measured. */
static void print_environment(const struct report *report, FILE *out) {
    const char *before = "; environment: ";
    size_t i;
    json_t *variable;
    json_array_foreach(json_object_get(report->json, "environment"), i, variable) {
        const char *name = json_string_value(json_object_get(variable, "name")),
                   *value = json_string_value(json_object_get(variable, "value"));
        if (name && value)
            fprintf(out, "%s%s=%s", before, name, value);
        before = name && value ? ", " : before;
    }
}

static char *context_text(const struct report *report) {
    char *text;
    size_t size;
    const struct samples *run = report->run;
    FILE *out = open_memstream(&text, &size);
    fprintf(out, "%s; %s", report->machine, report->system);
    print_environment(report, out);
    print_proofs(report, out);
    fprintf(out, "; %s: A/A ", report_has_floors(report) ? "floors" : "intervals of the same code");
    report_same_code(report, ROLE_AA, out);
    fputs(", twin ", out);
    report_same_code(report, ROLE_TWIN, out);
    fprintf(out, "; %s %s, suite %s, seed %s",
            run->source ? source_name(run->source) : "nothing measured", run->time ? run->time : "",
            run->suite, run->seed);
    fclose(out);
    return text;
}

/* A simulated machine's sizes, which follow the first comma, are in its context. */
char *report_title(const struct report *report) {
    const struct samples *run = report->run;
    size_t name = strlen(report->machine);
    const char *how = "";
    char *title;
    if (samples_simulated(run) && strrchr(report->machine, '(')) {
        name = strcspn(report->machine, ",");
        how = strrchr(report->machine, '(');
    }
    if (asprintf(&title, "%.*s%s%s, %s, %.10s", (int)name, report->machine, *how ? " " : "", how,
                 run->suite, run->time ? run->time : "no date") < 0)
        die(EXIT_FAILED, "out of memory");
    return title;
}

void report_context(const struct report *report, const struct page *page) {
    if (page->of)
        return;
    char *text = context_text(report);
    page_note(page, "%s", text);
    free(text);
}

char *report_caption(const struct report *report) {
    char *text;
    const struct samples *run = report->run;
    bool emulated = run->source == SOURCE_EMULATED;
    if (asprintf(&text, "%s, %s; %s; %s %.10s%s, seed %s", report->machine, report->system,
                 memmodel_name(report_base_model(report)),
                 run->source ? source_name(run->source) : "nothing measured",
                 run->time ? run->time : "", emulated ? " (times mean nothing)" : "",
                 run->seed) < 0)
        die(EXIT_FAILED, "out of memory");
    return text;
}

/* ---- the method's own figures ---- */

static bool in_l1_or_l2(const struct report *report, const struct sample_set *set) {
    return set->footprint == 0 || strstr(set->parameters, "=L1") ||
           strstr(set->parameters, "=L2") ||
           (!strstr(set->parameters, "=L3") && !strstr(set->parameters, "=DRAM") &&
            (double)set->footprint <= report->l2_bytes / 2);
}

/* How much of the run had the core for itself. */
static void print_crowding(const struct report *report, const struct page *page) {
    size_t blocks = 0, crowded = 0;
    for (size_t i = 0; i < report->summary->count; i++) {
        const struct summary_row *row = &report->summary->rows[i];
        if (row->role == ROLE_BASELINE) {
            blocks += row->tally.blocks;
            crowded += row->tally.crowded;
        }
    }
    if (blocks && !isnan(report->summary->issue_width))
        page_paragraph(page,
                       "Issue width: %.2f additions a cycle at best; in %zu of %zu blocks under "
                       "93%% of that, so that somebody else used the core, too.",
                       report->summary->issue_width, crowded, blocks);
}

/* Why there are no intervals, and what stands in their place. */
static void print_deterministic(const struct report *report, const struct page *page) {
    size_t count = 0;
    double *distances = allocate(report->summary->count, sizeof *distances), worst = 0;
    const struct summary_row *worst_row = NULL;
    for (size_t i = 0; i < report->summary->count; i++) {
        const struct summary_row *row = &report->summary->rows[i];
        if (isnan(row->nonlinear))
            continue;
        distances[count++] = fabs(row->nonlinear);
        if (worst_row == NULL || fabs(row->nonlinear) > worst) {
            worst = fabs(row->nonlinear);
            worst_row = row;
        }
    }
    page_paragraph(page,
                   "No intervals: the model is deterministic, each cell is one sample after "
                   "its warm-up, and a second run has the same digits. Where there are several "
                   "threads it is what n operations add to n others, so that their start is "
                   "not in it. A/A is what earlier samples leave behind in caches and "
                   "predictors.");
    if (worst_row)
        page_paragraph(page,
                       "Twice the operations take twice the time within %.2f%% (median of %zu "
                       "cells; worst: %.1f%%, %s, %s %s).",
                       100 * stats_median(distances, count), count, 100 * worst,
                       worst_row->set->name, worst_row->lowering, memmodel_name(worst_row->model));
    free(distances);
}

static void print_floors(const struct report *report, const struct page *page) {
    char *aa, *twin;
    size_t size;
    FILE *out = open_memstream(&aa, &size);
    report_same_code(report, ROLE_AA, out);
    fclose(out);
    out = open_memstream(&twin, &size);
    report_same_code(report, ROLE_TWIN, out);
    fclose(out);
    page_paragraph(page,
                   "Noise floor (A/A: the baseline against itself): %s. Placement floor (twin: "
                   "the same source at another address): %s.",
                   aa, twin);
    free(aa);
    free(twin);
}

/* How the rows with a role, whose true ratio is 1, lie around it. */
static void print_same_code(const struct report *report, const struct page *page, enum role role,
                            const char *name) {
    const struct summary *summary = report->summary;
    size_t count = 0, hold = 0, near_count = 0;
    double *widths = allocate(2 * summary->count + 1, sizeof *widths), sum = 0;
    double *distances = widths + summary->count;
    for (size_t i = 0; i < summary->count; i++) {
        const struct summary_row *row = &summary->rows[i];
        if (row->role != role || isnan(row->ratio.value))
            continue;
        if (stats_has_ends(row->ratio)) {
            hold += row->ratio.low <= 1 && 1 <= row->ratio.high;
            widths[count++] = stats_half_width(row->ratio);
            sum += log(row->ratio.value);
        }
        if (row->set->threads == 1 && in_l1_or_l2(report, row->set))
            distances[near_count++] = fabs(row->ratio.value - 1);
    }
    if (count)
        page_paragraph(page,
                       "%s: %.1f%% of %zu intervals (95%%) hold 1; median half-width %.3f%%, mean "
                       "%+.3f%%.",
                       name, 100 * (double)hold / (double)count, count,
                       100 * stats_median(widths, count), 100 * sum / (double)count);
    if (near_count)
        page_paragraph(page,
                       "%s, one thread in L1 and L2: median distance of the ratio from 1 is "
                       "%.3f%% (%zu sets).",
                       name, 100 * stats_median(distances, near_count), near_count);
    free(widths);
}

void report_floors(const struct report *report, const struct page *page) {
    if (report_has_floors(report))
        print_floors(report, page);
    else
        page_paragraph(page,
                       "Each block ran another layout of the program, so that intervals know what "
                       "placement does and there is no floor. The check of that is code that is "
                       "the same: the baseline against itself (A/A), and its source compiled "
                       "twice (twin).");
    print_same_code(report, page, ROLE_AA, "A/A");
    if (!report_has_floors(report))
        print_same_code(report, page, ROLE_TWIN, "Twin");
    if (samples_simulated(report->run))
        print_deterministic(report, page);
    else
        print_crowding(report, page);
    if (report->run->whole)
        page_paragraph(page,
                       "Trimmed: of each block and cell the medians are here, not the %zu samples; "
                       "those are in the archive whose sha256 is %s.",
                       report->run->whole_samples, report->run->whole);
}

void report_comparisons(const struct report *report, const struct page *page) {
    size_t count = 0, different = 0;
    for (size_t i = 0; i < report->summary->count; i++) {
        const struct summary_row *row = &report->summary->rows[i];
        if (row->role != ROLE_LOWERING || isnan(row->ratio.value))
            continue;
        count++;
        different += !row->below_floor;
    }
    const char *floor = report_has_floors(report) ? " by more than their floor" : "";
    if (count && samples_simulated(report->run))
        page_paragraph(page, "Comparisons: %zu ratios, of which %zu differ from 1%s.", count,
                       different, floor);
    else if (count)
        page_paragraph(page,
                       "Comparisons: %zu ratios, of which %zu differ from 1%s. Each interval is a "
                       "95%% interval of its own, not corrected for their number: some %.0f of "
                       "them are expected to miss their truth.",
                       count, different, floor, ceil(0.05 * (double)count));
}

void report_model(const struct report *report, const struct page *page) {
    json_t *simulated = json_object_get(report->json, "simulated"), *note;
    size_t i;
    json_array_foreach(json_object_get(simulated, "notes"), i, note) {
        if (json_is_string(note))
            page_paragraph(page, "The model: %s", json_string_value(note));
    }
}

void report_matrix(const struct report *report, const struct page *page) {
    if (report->matrix == NULL)
        return;
    page_heading(page, 3, "From core to core");
    report_context(report, page);
    matrix_table(report->matrix, page);
}

void report_core(const struct report *report, const struct page *page) {
    if (report->core == NULL)
        return;
    page_heading(page, 3, "The core");
    core_table(report->core, page);
}
