/* SPDX-License-Identifier: MIT
 *
 * proof.h: was the CPU in the memory model that it was asked for? A successful prctl is a claim;
 * what the litmus batteries around each block saw is the evidence, and every table carries it.
 * Evidence can disprove TSO and demonstrate weakness; TSO itself it can only fail to disprove.
 */
#ifndef PROOF_H
#define PROOF_H

#include "samples.h"

struct proof {
    uint64_t runs;       /* of litmus tests whose relaxed outcome TSO forbids */
    uint64_t forbidden;  /* how many showed it */
    bool weak;           /* what was claimed */
    const char *skipped; /* why there were no runs, or NULL */
};

/* What the batteries of a set (NULL: of all sets) saw in a memory model. */
struct proof proof_of(const struct samples *run, const struct sample_set *set, const char *model);

/* "unproven", "weak-not-demonstrated", "mode-disproved", or NULL: as claimed. */
const char *proof_flag(const struct proof *proof);

#endif
