/* SPDX-License-Identifier: MIT */
#include "proof.h"

#include <string.h>

struct proof proof_of(const struct samples *run, const struct sample_set *set, const char *model) {
    struct proof proof = {.weak = strcmp(model, "weak") == 0};
    /* The model of a simulated core is a parameter: one battery speaks for all sets. */
    if (samples_simulated(run))
        set = NULL;
    for (size_t i = 0; i < run->set_count; i++) {
        const struct sample_set *each = &run->sets[i];
        if (set && each != set)
            continue;
        for (size_t b = 0; b < each->block_count; b++) {
            const struct sample_block *block = &each->blocks[b];
            if (block->battery_skipped)
                proof.skipped = block->battery_skipped;
            for (size_t l = 0; l < block->litmus_count; l++) {
                if (!block->litmus[l].forbidden || strcmp(block->litmus[l].model, model) != 0)
                    continue;
                proof.runs += block->litmus[l].runs;
                proof.forbidden += block->litmus[l].relaxed;
            }
        }
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
