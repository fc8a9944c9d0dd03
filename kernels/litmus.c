/* SPDX-License-Identifier: MIT
 *
 * litmus.c: the litmus tests as code. Compiled once for each lowering.
 *
 * Registers are stored after the last access, so between two accesses of a test nothing stands
 * but what the lowering makes of them. The table is in litmus_bodies, which table.c exports.
 */
#include "litmus.h"
#include "access.h"

#define LITMUS_SYMBOL                    CONCAT(litmus_bodies__, LOWERING_ID)

#define W(variable, value)               data_store64(variable, value);
#define R(slot, variable)                r[slot] = data_load64(variable);
#define XCHG(slot, variable, value)      r[slot] = sync_exchange64(variable, value);
#define CAS(slot, variable, want, value) r[slot] = sync_compare_exchange64(variable, want, value);
#define FENCE()                          sync_fence();

#define THREAD(id, thread, ops)                                                                    \
    static void litmus_##id##_##thread(uint64_t *const at[LITMUS_VARIABLES],                       \
                                       uint64_t seen[LITMUS_REGISTERS]) {                          \
        uint64_t *x = at[0], *y = at[1], *z = at[2], *w = at[3], r[LITMUS_REGISTERS] = {0, 0};     \
        (void)x, (void)y, (void)z, (void)w;                                                        \
        ops;                                                                                       \
        seen[0] = r[0];                                                                            \
        seen[1] = r[1];                                                                            \
    }
#define LITMUS(id, name, rule, threads, outcome) threads
#include "litmus.def"
#undef LITMUS
#undef THREAD

extern litmus_body *const LITMUS_SYMBOL[][LITMUS_THREADS];
litmus_body *const LITMUS_SYMBOL[][LITMUS_THREADS] = {
#define THREAD(id, thread, ops)                  [thread] = litmus_##id##_##thread,
#define LITMUS(id, name, rule, threads, outcome) {threads},
#include "litmus.def"
#undef LITMUS
#undef THREAD
};
