/* SPDX-License-Identifier: MIT
 *
 * box64: box64 as it ships (STRONGMEM=0): plain accesses, unsound, and a full barrier on both
 * sides of every locked instruction. LOCK CMPXCHG is a loop of exclusives even with LSE, but of 1
 * and 2 bytes, where box64 has CASALB and CASALH; here it is the loop at every width. What
 * STRONGMEM=1 to 4 add depends on where a translated block begins and ends, and is no mapping of
 * single accesses.
 */
#define LOWERING_LOADS      PLAIN, "", ""
#define LOWERING_STORES     PLAIN, "", ""
#define LOWERING_VEC_LOADS  PLAIN, "", ""
#define LOWERING_VEC_STORES PLAIN, "", ""
#define LOWERING_RMW        BOX64, ISH_BEFORE, ISH_AFTER
#define LOWERING_FENCE      BARE, "DMB SY"
#define LOWERING_COPIES     PLAIN, "", ""
#define LOWERING_INFO       .used_by = "box64 as it ships (STRONGMEM=0)", .rmw_needs = FEATURE_LSE
