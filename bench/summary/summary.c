/* SPDX-License-Identifier: MIT */
#include "summary/summary.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/text.h"
#include "stats/rng.h"
#include "summary/same_code.h"

static int compare_kernel(const void *kernel, const void *set) {
    return strcmp(kernel, ((const struct sample_set *)set)->kernel);
}

const struct sample_set *summary_centre(const struct samples *run, const char *kernel) {
    const struct sample_set *any = run->set_count ? bsearch(kernel, run->sets, run->set_count,
                                                            sizeof *run->sets, compare_kernel)
                                                  : NULL;
    return any ? any->centre : NULL;
}

/* ---- the numbers of one cell ---- */

/* The values of one cell, block by block. */
struct scratch {
    double *values;
    struct block_values *blocks;
};

/* The 90 % quantile of the blocks: what the core issues in a cycle when it is ours alone. */
static double best_issue_width(const struct samples *run) {
    size_t count = 0, blocks = 0;
    for (size_t i = 0; i < run->set_count; i++)
        blocks += run->sets[i].block_count;
    double *widths = allocate(blocks, sizeof *widths);
    for (size_t i = 0; i < run->set_count; i++)
        for (size_t b = 0; b < run->sets[i].block_count; b++)
            if (!isnan(run->sets[i].blocks[b].issue_width))
                widths[count++] = run->sets[i].blocks[b].issue_width;
    double best = stats_quantile(widths, count, 0.9);
    free(widths);
    return best;
}

static struct summary_tally tally_cell(const struct sample_set *set, size_t cell, double width) {
    struct summary_tally tally = {0};
    for (size_t b = 0; b < set->block_count; b++) {
        const struct sample_block *block = &set->blocks[b];
        const struct sample_column *column = samples_column(block, cell);
        if (column == NULL)
            continue;
        tally.blocks++;
        tally.unsettled += block->unsettled;
        tally.crowded += block->issue_width < 0.93 * width;
        tally.throttled += block->throttled > 0;
        tally.preempted += column->preempted;
        tally.check_failed += column->check_failed;
        struct sample_tally own = samples_tally(block, column);
        tally.samples += own.samples;
        tally.spoiled += own.spoiled;
        tally.drifted += own.drifted;
    }
    return tally;
}

/* The value of each sample that counts; or, where `base` is not the cell itself, its time over that
 * cell's in the same round: the paired ratios. */
static struct interval estimate(const struct sample_set *set, size_t cell, size_t base,
                                double (*value)(const struct sample_set *,
                                                const struct sample_block *,
                                                const struct sample_column *, size_t),
                                struct scratch *scratch, uint64_t seed) {
    double *next = scratch->values;
    for (size_t b = 0; b < set->block_count; b++) {
        const struct sample_block *block = &set->blocks[b];
        const struct sample_column *column = samples_column(block, cell);
        scratch->blocks[b] = (struct block_values){next, 0, block->layout};
        for (size_t i = 0; column && i < block->rounds; i++) {
            double x = cell == base ? value(set, block, column, i)
                                    : samples_ratio(set, block, cell, base, i);
            if (x > 0 && isfinite(x)) /* both are whole */
                *next++ = x;
        }
        scratch->blocks[b].count = (size_t)(next - scratch->blocks[b].values);
    }
    return stats_interval(scratch->blocks, set->block_count, seed);
}

/* The median over the blocks' medians of a cell's metric. */
static double median_metric(const struct sample_set *set, size_t cell, double *values) {
    size_t blocks = 0;
    for (size_t b = 0; b < set->block_count; b++) {
        const struct sample_column *column = samples_column(&set->blocks[b], cell);
        double *own = values + blocks; /* those of earlier blocks take no more than a place each */
        size_t count = 0;
        for (size_t i = 0; column && column->metric && i < set->blocks[b].rounds; i++)
            if (!isnan(column->metric[i]))
                own[count++] = column->metric[i];
        if (count)
            values[blocks++] = stats_median(own, count);
    }
    return stats_median(values, blocks);
}

/* The median over the samples that were taken with twice the operations as well. */
static double nonlinear_of(const struct sample_set *set, size_t cell, double *values) {
    size_t count = 0;
    for (size_t b = 0; b < set->block_count; b++) {
        const struct sample_column *column = samples_column(&set->blocks[b], cell);
        for (size_t i = 0; column && column->ticks_twice && i < set->blocks[b].rounds; i++)
            if (!isnan(column->ticks_twice[i] / column->ticks[i]))
                values[count++] = column->ticks_twice[i] / column->ticks[i] / 2 - 1;
    }
    return stats_median(values, count);
}

/* One estimate outside of summary_build. */
static struct interval estimate_alone(const struct sample_set *set, size_t cell, size_t base,
                                      double (*value)(const struct sample_set *,
                                                      const struct sample_block *,
                                                      const struct sample_column *, size_t)) {
    size_t rounds = 0;
    for (size_t b = 0; b < set->block_count; b++)
        rounds += set->blocks[b].rounds;
    struct scratch scratch = {.values = allocate(rounds, sizeof(double)),
                              .blocks = allocate(set->block_count, sizeof(struct block_values))};
    struct interval result =
        estimate(set, cell, base, value, &scratch,
                 rng_hash(rng_hash(rng_hash(cell, set->name), set->cells[cell].lowering),
                          set->cells[base].lowering));
    free(scratch.values);
    free(scratch.blocks);
    return result;
}

struct interval summary_paired(const struct sample_set *set, size_t cell, size_t base) {
    return estimate_alone(set, cell, base, samples_ns);
}

struct interval summary_cycles(const struct sample_set *set, size_t cell) {
    return estimate_alone(set, cell, cell, samples_cycles);
}

/* What a ratio of other code, or of the same code, cannot tell from 1. Where placement is in the
 * interval nothing else is needed. */
static double floor_of_set(const struct sample_set *set, bool same_code,
                           const struct summary_row *aa, const struct summary_row *twin) {
    if (aa == NULL)
        return NAN;
    if (set->several_layouts)
        return 0;
    double noise = stats_reach(aa->ratio);
    return same_code || twin == NULL ? noise : fmax(noise, stats_reach(twin->ratio));
}

double summary_paired_floor(const struct summary *summary, const struct sample_set *set,
                            size_t cell, size_t base) {
    return floor_of_set(set, text_same(set->cells[cell].lowering, set->cells[base].lowering),
                        summary_role(summary, set, ROLE_AA), summary_role(summary, set, ROLE_TWIN));
}

double summary_floor(const struct summary *summary, const struct sample_set *set) {
    return floor_of_set(set, false, summary_role(summary, set, ROLE_AA),
                        summary_role(summary, set, ROLE_TWIN));
}

/* ---- rows ---- */

static const struct interval nothing = {NAN, NAN, NAN, 0};

static struct summary_row *add_row(struct summary *summary, const struct sample_set *set) {
    struct summary_row *row = &summary->rows[summary->count++];
    *row = (struct summary_row){.set = set,
                                .lowering = "",
                                .role = ROLE_NONE,
                                .coverage = COVERAGE_NONE,
                                .model = MEMMODEL_NONE,
                                .sound = SOUND_NOT_APPLICABLE,
                                .ns = nothing,
                                .ratio = nothing,
                                .cycles = NAN,
                                .metric = NAN,
                                .floor = NAN,
                                .apart = NAN,
                                .nonlinear = NAN};
    return row;
}

static void add_cells(struct summary *summary, const struct sample_set *set,
                      struct scratch *scratch) {
    size_t baseline = samples_role(set, ROLE_BASELINE), aa = samples_role(set, ROLE_AA);
    size_t twin = samples_role(set, ROLE_TWIN), none = set->cell_count;
    struct summary_row *first = &summary->rows[summary->count];
    for (size_t i = 0; i < set->cell_count; i++) {
        const struct sample_cell *cell = &set->cells[i];
        struct summary_row *row = add_row(summary, set);
        uint64_t seed = rng_hash(rng_hash(0, set->name), cell->lowering);
        seed = rng_hash(rng_hash(seed, memmodel_name(cell->model)), role_name(cell->role));
        row->lowering = cell->lowering;
        row->role = cell->role;
        row->coverage = cell->coverage;
        row->model = cell->model;
        row->sound = cell->sound;
        row->witness = cell->witness;
        row->erratum = cell->erratum;
        row->centre = set == set->centre;
        row->ns = estimate(set, i, i, samples_ns, scratch, seed);
        row->cycles = estimate(set, i, i, samples_cycles, scratch, seed).value;
        row->metric = median_metric(set, i, scratch->values);
        if (i != baseline && baseline != none)
            row->ratio = estimate(set, i, baseline, samples_ns, scratch, seed);
    }
    for (size_t i = 0; i < set->cell_count; i++) {
        struct summary_row *row = &first[i];
        row->tally = tally_cell(set, i, summary->issue_width);
        row->diagnosis = diagnose_cell(set, i);
        row->apart = same_code_apart(set, i);
        row->nonlinear = nonlinear_of(set, i, scratch->values);
        bool same_code =
            baseline != none && text_same(row->lowering, set->cells[baseline].lowering);
        if (row->role != ROLE_BASELINE && row->role != ROLE_AA)
            row->floor = floor_of_set(set, same_code, aa == none ? NULL : &first[aa],
                                      twin == none ? NULL : &first[twin]);
        row->below_floor = row->floor >= 0 && (fabs(row->ratio.value - 1) <= row->floor ||
                                               (row->ratio.low <= 1 && 1 <= row->ratio.high));
    }
}

struct summary *summary_build(const struct samples *run) {
    struct summary *summary = allocate(1, sizeof *summary);
    size_t rows = 0, most_samples = 0, most_blocks = 0;
    for (size_t i = 0; i < run->set_count; i++) {
        const struct sample_set *set = &run->sets[i];
        size_t samples = 0;
        rows += set->cell_count + set->skip_count + 1;
        for (size_t b = 0; b < set->block_count; b++)
            samples += set->blocks[b].rounds;
        most_samples = samples > most_samples ? samples : most_samples;
        most_blocks = set->block_count > most_blocks ? set->block_count : most_blocks;
    }
    struct scratch scratch = {.values = allocate(most_samples, sizeof(double)),
                              .blocks = allocate(most_blocks, sizeof(struct block_values))};
    summary->run = run;
    summary->issue_width = best_issue_width(run);
    summary->rows = allocate(rows, sizeof *summary->rows);
    summary->first = allocate(run->set_count + 1, sizeof *summary->first);
    for (size_t i = 0; i < run->set_count; i++) {
        const struct sample_set *set = &run->sets[i];
        summary->first[i] = summary->count;
        add_cells(summary, set, &scratch);
        for (size_t skip = 0; skip < set->skip_count; skip++) {
            struct summary_row *row = add_row(summary, set);
            row->lowering = set->skips[skip].lowering;
            row->model = set->skips[skip].model;
            row->skipped = set->skips[skip].reason;
        }
        if (set->skipped)
            add_row(summary, set)->skipped = set->skipped;
        else if (set->block_count == 0 && set->failure_count)
            add_row(summary, set); /* its flags hold the reason */
    }
    summary->first[run->set_count] = summary->count;
    free(scratch.values);
    free(scratch.blocks);
    return summary;
}

void summary_free(struct summary *summary) {
    if (summary) {
        free(summary->rows);
        free(summary->first);
    }
    free(summary);
}

const struct summary_row *summary_rows(const struct summary *summary, const struct sample_set *set,
                                       size_t *count) {
    const size_t *first = &summary->first[set - summary->run->sets];
    *count = first[1] - first[0];
    return &summary->rows[first[0]];
}

const struct summary_row *summary_role(const struct summary *summary, const struct sample_set *set,
                                       enum role role) {
    size_t count;
    const struct summary_row *row = summary_rows(summary, set, &count);
    for (; count; row++, count--)
        if (row->role == role)
            return row;
    return NULL;
}
