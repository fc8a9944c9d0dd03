/* SPDX-License-Identifier: MIT
 *
 * native: C11 code for x86, ordered only where the algorithm synchronises. An acquire load and a
 * release store are a MOV here, so a kernel without a fence is the same code as `plain` and its
 * ratio must stay inside the placement floor: a check of the method. The fence is the LOCK OR on
 * the stack that compilers prefer to MFENCE.
 */
#define LOWERING_COVERAGE_SYNC
#define LOWERING_LOADS      MOV
#define LOWERING_STORES     MOV, THEN_NOTHING
#define LOWERING_VEC_LOADS  MOV
#define LOWERING_VEC_STORES MOV, THEN_NOTHING
#define LOWERING_RMW        LOCKED
#define LOWERING_FENCE      BARE, "lock orq $0, (%%rsp)", "LOCK OR"
#define LOWERING_COPIES     REP, THEN_NOTHING
#define LOWERING_INFO       .used_by = "GCC and Clang for C11 acquire, release and seq_cst fences"
