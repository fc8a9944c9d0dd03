/* SPDX-License-Identifier: MIT
 *
 * memmodel.h: which memory models this CPU can be put into, and the switch.
 *
 * The switch is a prctl of Asahi's kernel that never went upstream. What it returns is a claim;
 * the proof is the litmus battery.
 */
#ifndef MEMMODEL_H
#define MEMMODEL_H

#include <stdbool.h>
#include <stdint.h>

#include "samples/vocabulary.h"

struct memmodel_support {
    bool can_weak, can_tso; /* both: it can be switched */
    bool fixed;             /* TSO always; the other two are then false */
    char reason[160];       /* whose word that is, or why there is no switch */
};

/* Whether the CPU can be in a model. */
bool memmodel_can(const struct memmodel_support *support, enum memmodel model);

/* Asks this machine. Leaves the calling thread in the default model. */
void memmodel_probe(struct memmodel_support *support);

/* What memmodel_probe() does on arm64, for a core with this MIDR; tests call it anywhere. */
void memmodel_probe_arm64(uint32_t midr, struct memmodel_support *support);

/* Puts the calling thread into a model that memmodel_can() allows, and reads it back. Threads
 * and processes made later inherit it; exec resets it. 0 or a negative errno. */
int memmodel_set(enum memmodel model);

/* The model that the calling thread is in; false where the kernel does not tell. */
bool memmodel_now(enum memmodel *model);

/* What memmodel_set() does on arm64; tests call it anywhere. */
int memmodel_set_arm64(enum memmodel model);

#endif
