/* SPDX-License-Identifier: MIT
 *
 * proof.h: was the CPU in the memory model that it was asked for? A successful prctl is a claim;
 * what the litmus batteries around each block saw is the evidence, and every table carries it.
 * Evidence can disprove TSO and demonstrate weakness; TSO itself it can only fail to disprove.
 */
#ifndef PROOF_H
#define PROOF_H

#include "samples/samples.h"

/* Two words that are not the same: a mode is disproved by an outcome that contradicts it, unproven
 * while nothing contradicts it and too little was run to say more. */
enum proof_state { PROOF_PROVEN, PROOF_DISPROVED, PROOF_UNPROVEN };

/* Fewer runs than these prove nothing. */
enum { PROOF_RUNS = 100 };

struct proof {
    uint64_t runs;       /* of litmus tests whose relaxed outcome TSO forbids */
    uint64_t forbidden;  /* how many showed it */
    bool weak;           /* what was claimed */
    const char *skipped; /* why there were no runs, or NULL */
};

/* What the batteries of a set (NULL: of all sets) saw in a memory model. */
struct proof proof_of(const struct samples *run, const struct sample_set *set, enum memmodel model);

enum proof_state proof_state(const struct proof *proof);

/* The state as a flag of a row: "mode-disproved", "unproven", and of an unproven weak mode that had
 * runs enough "weak-not-demonstrated"; NULL: proven. */
const char *proof_flag(const struct proof *proof);

/* Of the sets that were measured in a memory model: how many are in each state, and how many of the
 * unproven have too few runs (first_few is one of them, or NULL). */
struct proof_tally {
    size_t sets[PROOF_UNPROVEN + 1], all, few;
    const struct sample_set *first_few;
};
struct proof_tally proof_tally(const struct samples *run, enum memmodel model);

#endif
