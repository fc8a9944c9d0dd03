/* SPDX-License-Identifier: MIT */
#include "samples/proof.h"

#include <string.h>

static void add_block(struct proof *proof, const struct sample_block *block, const char *model) {
    if (block->battery_skipped)
        proof->skipped = block->battery_skipped;
    for (size_t i = 0; i < block->litmus_count; i++) {
        if (!block->litmus[i].forbidden || strcmp(block->litmus[i].model, model) != 0)
            continue;
        proof->runs += block->litmus[i].runs;
        proof->forbidden += block->litmus[i].relaxed;
    }
}

struct proof proof_of(const struct samples *run, const struct sample_set *set, const char *model) {
    struct proof proof = {.weak = strcmp(model, "weak") == 0};
    /* The model of a simulated core is a parameter: one battery speaks for all sets. */
    bool all = set == NULL || samples_simulated(run);
    for (size_t b = 0; !all && b < set->block_count; b++)
        add_block(&proof, &set->blocks[b], model);
    for (size_t i = 0; all && i < SAMPLE_MODELS && run->seen[i].model; i++) {
        if (strcmp(run->seen[i].model, model) != 0)
            continue;
        proof.runs = run->seen[i].runs;
        proof.forbidden = run->seen[i].forbidden;
    }
    if (all)
        proof.skipped = run->battery_skipped;
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

static bool has_model(const struct sample_set *set, const char *model) {
    for (size_t i = 0; i < set->cell_count; i++)
        if (strcmp(set->cells[i].model, model) == 0)
            return true;
    return false;
}

struct proof_tally proof_tally(const struct samples *run, const char *model) {
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
