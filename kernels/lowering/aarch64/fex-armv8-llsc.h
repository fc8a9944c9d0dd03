/* SPDX-License-Identifier: MIT
 *
 * fex-armv8-llsc: FEX as it ships on a CPU without LSE and LRCPC (Cortex-A53, A72): LDAR, STLR,
 * and exclusives in a loop. With these neighbours the loop needs no barrier: a younger LDAR waits
 * for an older STLXR. Vectors are plain, as in fex-default. Where a comparison fails, FEX has a
 * CLREX; here the next LDAXR takes the monitor over, which no other access can tell. The policy of
 * this name is the same; fex-armv8 there is with LSE.
 */
#define LOWERING_LOADS      SLOTTED, "LDAR", A64_BASE
#define LOWERING_STORES     SLOTTED, "STLR", A64_BASE
#define LOWERING_VEC_LOADS  PLAIN, "", ""
#define LOWERING_VEC_STORES PLAIN, "", ""
#define LOWERING_RMW        LLSC, "LDAX", "STLX", "", ""
#define LOWERING_FENCE      BARE, "DMB SY"
#define LOWERING_COPIES     PLAIN, "", ""
#define LOWERING_INFO       .used_by = "FEX as it ships, on Armv8.0", .weight = 1
