/* SPDX-License-Identifier: MIT
 *
 * sc-xchg: sequential consistency over TSO, every store an XCHG: what C11 compilers emit for a
 * seq_cst store. A vector store has no exchange form, so an MFENCE follows it.
 */
#define LOWERING_LOADS      MOV
#define LOWERING_STORES     XCHG
#define LOWERING_VEC_LOADS  MOV
#define LOWERING_VEC_STORES MOV, THEN_MFENCE
#define LOWERING_RMW        LOCKED
#define LOWERING_FENCE      BARE, "mfence", "MFENCE"
#define LOWERING_COPIES     REP, THEN_MFENCE
#define LOWERING_INFO       .used_by = "GCC and Clang for C11 seq_cst stores"
