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

/* The promise, from where access.h has the instructions. */
#define PROMISED(KIND)                                                                             \
    IN_FAMILY(LOAD_SEQUENCE, KIND##_LOADS), IN_FAMILY(STORE_SEQUENCE, KIND##_STORES),              \
        IN_FAMILY(VEC_LOAD_SEQUENCE, KIND##_VEC_LOADS),                                            \
        IN_FAMILY(VEC_STORE_SEQUENCE, KIND##_VEC_STORES), IN_FAMILY(COPY_SEQUENCE, KIND##_COPIES)

extern const struct lowering LOWERING_SYMBOL;
const struct lowering LOWERING_SYMBOL = {
    .name = LOWERING_NAME,
    .kernels = kernels,
    .litmus = LITMUS_SYMBOL,
    .sequence = {PROMISED(LOWERING), IN_FAMILY(RMW_SEQUENCE, LOWERING_RMW),
                 IN_FAMILY(FENCE_SEQUENCE, LOWERING_FENCE)},
#ifdef LOWERING_COVERAGE_SYNC
    .coverage = COVERAGE_SYNC,
    .data = {PROMISED(PLAIN)},
#else
    .coverage = COVERAGE_ALL,
#endif
    LOWERING_INFO,
};
