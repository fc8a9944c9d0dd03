/* SPDX-License-Identifier: MIT */
#include "samples/proof.h"

static void add_block(struct proof *proof, const struct sample_block *block, enum memmodel model) {
    if (block->battery_skipped)
        proof->skipped = block->battery_skipped;
    for (size_t i = 0; i < block->litmus_count; i++) {
        if (!block->litmus[i].forbidden || block->litmus[i].model != model)
            continue;
        proof->runs += block->litmus[i].runs;
        proof->forbidden += block->litmus[i].relaxed;
    }
}

struct proof proof_of(const struct samples *run, const struct sample_set *set,
                      enum memmodel model) {
    struct proof proof = {.weak = model == MEMMODEL_WEAK};
    /* The model of a simulated core is a parameter: one battery speaks for all sets. */
    bool all = set == NULL || samples_simulated(run);
    for (size_t b = 0; !all && b < set->block_count; b++)
        add_block(&proof, &set->blocks[b], model);
    if (all) {
        proof.runs = run->seen[model].runs;
        proof.forbidden = run->seen[model].forbidden;
        proof.skipped = run->battery_skipped;
    }
    return proof;
}

enum proof_state proof_state(const struct proof *proof) {
    if (!proof->weak && proof->forbidden)
        return PROOF_DISPROVED;
    if (proof->runs < PROOF_RUNS)
        return PROOF_UNPROVEN;
    return proof->weak && proof->forbidden == 0 ? PROOF_UNPROVEN : PROOF_PROVEN;
}

const char *proof_flag(const struct proof *proof) {
    switch (proof_state(proof)) {
    case PROOF_DISPROVED:
        return "mode-disproved";
    case PROOF_UNPROVEN:
        return proof->runs < PROOF_RUNS ? "unproven" : "weak-not-demonstrated";
    default:
        return NULL;
    }
}

static bool has_model(const struct sample_set *set, enum memmodel model) {
    for (size_t i = 0; i < set->cell_count; i++)
        if (set->cells[i].model == model)
            return true;
    return false;
}

struct proof_tally proof_tally(const struct samples *run, enum memmodel model) {
    struct proof_tally tally = {.all = 0};
    for (size_t i = 0; i < run->set_count; i++) {
        const struct sample_set *set = &run->sets[i];
        if (!has_model(set, model))
            continue;
        struct proof proof = proof_of(run, set, model);
        enum proof_state state = proof_state(&proof);
        tally.all++;
        tally.sets[state]++;
        if (state == PROOF_UNPROVEN && proof.runs < PROOF_RUNS && tally.few++ == 0)
            tally.first_few = set;
    }
    return tally;
}
