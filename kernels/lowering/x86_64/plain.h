/* SPDX-License-Identifier: MIT
 *
 * plain: every access as an x86 program has it. On x86 this is TSO: the baseline.
 */
#define LOWERING_LOADS      MOV
#define LOWERING_STORES     MOV, THEN_NOTHING
#define LOWERING_VEC_LOADS  MOV
#define LOWERING_VEC_STORES MOV, THEN_NOTHING
#define LOWERING_RMW        LOCKED
#define LOWERING_FENCE      BARE, "mfence", "MFENCE"
#define LOWERING_COPIES     REP, THEN_NOTHING
#define LOWERING_INFO       .used_by = "every x86-64 program"
