/* SPDX-License-Identifier: MIT
 *
 * sc-mfence: sequential consistency over TSO, an MFENCE after every store.
 */
#define LOWERING_LOADS      MOV
#define LOWERING_STORES     MOV, THEN_MFENCE
#define LOWERING_VEC_LOADS  MOV
#define LOWERING_VEC_STORES MOV, THEN_MFENCE
#define LOWERING_RMW        LOCKED
#define LOWERING_FENCE      BARE, "mfence", "MFENCE"
#define LOWERING_COPIES     REP, THEN_MFENCE
#define LOWERING_INFO       .used_by = "older GCC (before 11) for C11 seq_cst stores"
