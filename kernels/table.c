/* SPDX-License-Identifier: MIT
 *
 * table.c: the kernels and litmus tests of one lowering. Compiled once for each lowering header.
 */
#include "access.h"

#define KERNEL(name) extern const struct kernel KERNEL_SYMBOL(name);
#include "kernels.def"
#undef KERNEL

static const struct kernel *const kernels[] = {
#define KERNEL(name) &KERNEL_SYMBOL(name),
#include "kernels.def"
#undef KERNEL
    NULL,
};

#define LITMUS_SYMBOL CONCAT(litmus_bodies__, LOWERING_ID)
extern litmus_body *const LITMUS_SYMBOL[][LITMUS_THREADS];

extern const struct lowering LOWERING_SYMBOL;
const struct lowering LOWERING_SYMBOL = {
    .name = LOWERING_NAME,
    .kernels = kernels,
    .litmus = LITMUS_SYMBOL,
    LOWERING_WORDS,
#ifdef LOWERING_COVERAGE_SYNC
    .coverage = COVERAGE_SYNC,
#endif
};
