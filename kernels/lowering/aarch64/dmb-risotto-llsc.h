/* SPDX-License-Identifier: MIT
 *
 * dmb-risotto-llsc: Risotto's other read-modify-write (ASPLOS 2023): unordered exclusives between
 * two full barriers. Verified by them, and sound and exactly TSO by herd7.
 */
#define LOWERING_LOADS      PLAIN, "", ISHLD_AFTER
#define LOWERING_STORES     PLAIN, ISHST_BEFORE, ""
#define LOWERING_VEC_LOADS  PLAIN, "", ISHLD_AFTER
#define LOWERING_VEC_STORES PLAIN, ISHST_BEFORE, ""
#define LOWERING_RMW        LLSC, "LDX", "STX", ISH_BEFORE, ISH_AFTER
#define LOWERING_FENCE      BARE, "DMB ISH"
#define LOWERING_COPIES     PLAIN, ISH_BEFORE, ISH_AFTER
#define LOWERING_INFO       .used_by = "Risotto where it cannot use CASAL", .weight = 1
