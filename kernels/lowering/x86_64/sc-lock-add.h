/* SPDX-License-Identifier: MIT
 *
 * sc-lock-add: sequential consistency over TSO, a LOCK ADD of 0 to the stack after every store:
 * what HotSpot emits for a volatile store, and Linux for smp_mb(), since it is cheaper than MFENCE
 * on most cores.
 */
#define LOWERING_LOADS      MOV
#define LOWERING_STORES     MOV, THEN_LOCK_ADD
#define LOWERING_VEC_LOADS  MOV
#define LOWERING_VEC_STORES MOV, THEN_LOCK_ADD
#define LOWERING_RMW        LOCKED
#define LOWERING_FENCE      BARE, LOCK_ADD, "LOCK ADD"
#define LOWERING_COPIES     REP, THEN_LOCK_ADD
#define LOWERING_INFO       .used_by = "HotSpot for volatile stores, Linux for smp_mb()"
