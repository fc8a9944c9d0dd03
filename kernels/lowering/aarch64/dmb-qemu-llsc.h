/* SPDX-License-Identifier: MIT
 *
 * dmb-qemu-llsc: dmb-qemu on a CPU without LSE: its helpers are what the compiler makes of a
 * seq_cst atomic, exclusives in a loop, and those order no younger plain access. Unsound for
 * every kernel with a read-modify-write.
 */
#define LOWERING_LOADS      PLAIN, ISHLD_BEFORE, ""
#define LOWERING_STORES     PLAIN, ISH_BEFORE, ""
#define LOWERING_VEC_LOADS  PLAIN, ISHLD_BEFORE, ""
#define LOWERING_VEC_STORES PLAIN, ISH_BEFORE, ""
#define LOWERING_RMW        LLSC, "LDAX", "STLX", "", ""
#define LOWERING_FENCE      BARE, "DMB ISH"
#define LOWERING_COPIES     PLAIN, ISH_BEFORE, ISH_AFTER
#define LOWERING_INFO       .used_by = "QEMU TCG on Armv8.0, more than one thread", .weight = 1
