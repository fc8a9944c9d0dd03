/* SPDX-License-Identifier: MIT */
#include "formats/facts.h"

#include <math.h>
#include <stdlib.h>

#include "base/die.h"
#include "base/text.h"

static void note_placement(struct facts *facts, const char *placement) {
    size_t i = 0;
    while (i < facts->placement_count && !text_same(facts->placements[i], placement))
        i++;
    if (i == facts->placement_count && i < sizeof facts->placements / sizeof *facts->placements)
        facts->placements[facts->placement_count++] = placement;
}

/* Instructions of an operation: the median over a block's rounds. */
static double instructions_of(const struct sample_block *block, size_t cell) {
    const struct sample_column *column = samples_column(block, cell);
    if (column == NULL || column->instructions == NULL)
        return NAN;
    double *values = allocate(block->rounds, sizeof *values), median;
    size_t count = 0;
    for (size_t i = 0; i < block->rounds; i++)
        if (!isnan(column->instructions[i]))
            values[count++] = column->instructions[i] / (double)column->ops;
    median = stats_median(values, count);
    free(values);
    return median;
}

/* The same lowering's under another model is the same code. */
static void compare_counts(struct facts *facts, const struct sample_set *set,
                           const struct sample_block *block) {
    for (size_t a = 0; a < set->cell_count; a++)
        for (size_t b = a + 1; b < set->cell_count; b++) {
            const struct sample_cell *left = &set->cells[a], *right = &set->cells[b];
            if (!text_same(left->lowering, right->lowering) || left->model == right->model ||
                left->role == ROLE_TWIN || right->role == ROLE_TWIN)
                continue;
            double apart = fabs(instructions_of(block, a) / instructions_of(block, b) - 1);
            if (!isnan(apart))
                facts->instructions = fmax(facts->instructions, apart);
        }
}

static void look_at_set(struct facts *facts, const struct sample_set *set) {
    if (set->block_count == 0)
        return;
    facts->threads_least = facts->sets ? facts->threads_least : set->threads;
    facts->threads_least =
        set->threads < facts->threads_least ? set->threads : facts->threads_least;
    facts->threads_most = set->threads > facts->threads_most ? set->threads : facts->threads_most;
    facts->blocks_least = facts->sets && facts->blocks_least < set->block_count
                              ? facts->blocks_least
                              : set->block_count;
    facts->blocks_most =
        set->block_count > facts->blocks_most ? set->block_count : facts->blocks_most;
    facts->sets++;
    for (size_t b = 0; b < set->block_count; b++) {
        const struct sample_block *block = &set->blocks[b];
        facts->page_least = facts->blocks == 0 || block->page_kib < facts->page_least
                                ? block->page_kib
                                : facts->page_least;
        facts->page_most = block->page_kib > facts->page_most ? block->page_kib : facts->page_most;
        facts->blocks++;
        facts->fresh_blocks += block->address_space && text_same(block->address_space, "fresh");
        facts->throttled_blocks += block->throttled > 0;
        if (block->placement)
            note_placement(facts, block->placement);
        if (block->pmu_skipped)
            facts->pmu_skipped = block->pmu_skipped;
        for (size_t c = 0; c < block->column_count; c++) {
            facts->migrated += block->columns[c].migrated;
            facts->counted_cells += block->columns[c].cycles != NULL;
        }
        compare_counts(facts, set, block);
    }
    for (size_t c = 0; c < set->cell_count; c++) {
        if (set->cells[c].role == ROLE_REFERENCE)
            continue;
        facts->cells++;
        facts->symbols += set->cells[c].symbol != NULL;
    }
}

struct facts facts_of(const struct report *report) {
    struct facts facts = {.instructions = NAN};
    bool first = true;
    for (size_t i = 0; i < report->run->set_count; i++)
        look_at_set(&facts, &report->run->sets[i]);
    for (size_t i = 0; i < report->summary->count; i++) {
        const struct summary_row *row = &report->summary->rows[i];
        facts.skipped += row->skipped != NULL;
        if (row->role == ROLE_NONE)
            continue;
        size_t samples = row->tally.samples;
        facts.samples_least =
            first || samples < facts.samples_least ? samples : facts.samples_least;
        facts.samples_most = samples > facts.samples_most ? samples : facts.samples_most;
        first = false;
        facts.samples += samples;
        facts.spoiled += row->tally.spoiled;
        facts.drifted += row->tally.drifted;
        facts.preempted += row->tally.preempted;
        facts.check_failed += row->tally.check_failed;
        facts.references += row->role == ROLE_REFERENCE;
        facts.twins += row->role == ROLE_TWIN;
        if (row->role != ROLE_LOWERING || isnan(row->ratio.value))
            continue;
        facts.ratios++;
        facts.below_floor += row->below_floor;
        facts.unsound += row->sound == SOUND_NO;
    }
    return facts;
}

struct litmus_count facts_litmus(const struct samples *run, enum memmodel model, const char *test) {
    struct litmus_count count = {0};
    for (size_t i = 0; i < run->set_count; i++)
        for (size_t b = 0; b < run->sets[i].block_count; b++) {
            const struct sample_block *block = &run->sets[i].blocks[b];
            for (size_t l = 0; l < block->litmus_count; l++)
                if (block->litmus[l].model == model && text_same(block->litmus[l].test, test)) {
                    count.runs += block->litmus[l].runs;
                    count.relaxed += block->litmus[l].relaxed;
                }
        }
    return count;
}
