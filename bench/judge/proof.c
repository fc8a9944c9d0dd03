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

const char *proof_flag(const struct proof *proof) {
    if (proof->runs == 0)
        return "unproven";
    if (proof->weak)
        return proof->forbidden ? NULL : "weak-not-demonstrated";
    return proof->forbidden ? "mode-disproved" : NULL;
}
