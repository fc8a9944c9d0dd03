/* SPDX-License-Identifier: MIT
 *
 * summary_tsv.c: the rows as a file.
 */
#include <math.h>
#include <stdlib.h>

#include "samples/proof.h"
#include "summary/summary.h"

static void print_reason(FILE *out, const char *key, const char *reason) {
    fprintf(out, " %s=", key);
    for (; *reason; reason++)
        fputc((unsigned char)*reason <= ' ' ? '_' : *reason, out);
}

bool summary_is_wide(const struct summary *summary, const struct summary_row *row) {
    const struct samples *run = summary->run;
    double target = row->set->threads == 1 ? run->target_single : run->target_multi;
    return stats_half_width(row->ratio) > target;
}

static void print_all(FILE *out, const struct summary *summary, const struct summary_row *row) {
    const struct samples *run = summary->run;
    const struct summary_tally *tally = &row->tally;
    const struct sample_set *set = row->set;
    if (row->skipped)
        print_reason(out, "skipped", row->skipped);
    else if (set->failure_count)
        print_reason(out, "failed", set->failures[0]);
    if (row->role == ROLE_NONE)
        return;
    if (row->role != ROLE_LOWERING)
        fprintf(out, " %s", role_name(row->role));
    if (row->centre)
        fputs(" centre", out);
    if (row->sound == SOUND_NO)
        fputs(" unsound", out);
    if (row->erratum)
        fprintf(out, " erratum=%u", row->erratum);
    if (row->below_floor)
        fputs(" below-floor", out);
    if (summary_is_wide(summary, row))
        fputs(" wide", out);
    if (tally->blocks == 1 && !samples_simulated(run))
        fputs(" one-block", out);
    else if (row->role == ROLE_BASELINE && !set->several_layouts && !samples_simulated(run))
        fputs(" one-layout", out);
    if (tally->unsettled)
        fprintf(out, " unsettled=%zu", tally->unsettled);
    double drift = 100 * (double)tally->drifted / (double)tally->samples;
    if (drift >= 0.05)
        fprintf(out, " drift=%.1f%%", drift);
    if (tally->crowded)
        fprintf(out, " crowded=%zu", tally->crowded);
    if (tally->throttled)
        fprintf(out, " throttled=%zu", tally->throttled);
    diagnose_print_flags(&row->diagnosis, out);
    if (tally->preempted)
        fprintf(out, " preempted=%zu", tally->preempted);
    if (tally->spoiled)
        fprintf(out, " spoiled=%zu", tally->spoiled);
    if (tally->check_failed)
        fprintf(out, " check-failed=%zu", tally->check_failed);
    if (fabs(row->nonlinear) > (set->threads == 1 ? 0.03 : 0.1))
        fprintf(out, " nonlinear=%+.1f%%", 100 * row->nonlinear);
    if (fabs(row->apart) > 0)
        fprintf(out, " instructions=%+.2f%%", 100 * row->apart);
    struct proof proof = proof_of(run, set, row->model);
    if (proof_flag(&proof))
        fprintf(out, " %s", proof_flag(&proof));
}

void summary_print_flags(const struct summary *summary, const struct summary_row *row, FILE *out) {
    char *text;
    size_t size;
    FILE *memory = open_memstream(&text, &size);
    print_all(memory, summary, row);
    fclose(memory);
    fputs(text + (*text == ' '), out);
    free(text);
}

static void print_number(FILE *out, int digits, double value) {
    if (isfinite(value))
        fprintf(out, "\t%.*g", digits, value);
    else
        fputc('\t', out);
}

void summary_write_tsv(const struct summary *summary, FILE *out) {
    static const char *const sounds[] = {"unsound", "sound", ""};
    fputs(
        "set\tkernel\tparameters\tthreads\tlowering\tcoverage\tmemory_model\tsound\tsource\tsamples"
        "\tns_per_op\tcycles_per_op\tratio\tratio_low\tratio_high\tmetric\tnoise_floor\tflags\n",
        out);
    for (size_t i = 0; i < summary->count; i++) {
        const struct summary_row *row = &summary->rows[i];
        const struct sample_set *set = row->set;
        bool cell = row->role != ROLE_NONE;
        fprintf(out, "%s\t%s\t%s\t%u\t%s\t%s\t%s\t%s\t%s\t", set->name, set->kernel,
                set->parameters, set->threads, row->lowering,
                cell ? coverage_name(row->coverage) : "", memmodel_name(row->model),
                sounds[row->sound], cell ? source_name(summary->run->source) : "");
        if (cell)
            fprintf(out, "%zu", row->tally.samples);
        print_number(out, 5, row->ns.value);
        print_number(out, 5, row->cycles);
        print_number(out, 6, row->ratio.value);
        print_number(out, 6, row->ratio.low);
        print_number(out, 6, row->ratio.high);
        print_number(out, 4, row->metric);
        print_number(out, 3, set->several_layouts ? NAN : row->floor);
        fputc('\t', out);
        summary_print_flags(summary, row, out);
        fputc('\n', out);
    }
}
