/* SPDX-License-Identifier: MIT
 *
 * dmb-qemu: QEMU's TCG with an x86 guest: both barriers stand before the access, and the store's
 * must be a full one, since no weaker barrier orders an older load and an older store with it.
 * The read-modify-write is the compiler's seq_cst atomic, nothing around it: a CAS that fails
 * does not hold back younger accesses from what stands before it. TCG moves a guest's 16 bytes by
 * LDP and STP of two general registers (its i128); here they are one LDR or STR of a vector
 * register, as under all lowerings, with the same barriers.
 */
#define LOWERING_LOADS      PLAIN, ISHLD_BEFORE, ""
#define LOWERING_STORES     PLAIN, ISH_BEFORE, ""
#define LOWERING_VEC_LOADS  PLAIN, ISHLD_BEFORE, ""
#define LOWERING_VEC_STORES PLAIN, ISH_BEFORE, ""
#define LOWERING_RMW        LSE, "", ""
#define LOWERING_FENCE      BARE, "DMB ISH"
#define LOWERING_COPIES     PLAIN, ISH_BEFORE, ISH_AFTER
#define LOWERING_INFO       .used_by = "QEMU TCG, more than one thread", .rmw_needs = FEATURE_LSE
