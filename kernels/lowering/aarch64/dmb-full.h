/* SPDX-License-Identifier: MIT
 *
 * dmb-full: a full barrier on both sides of every access: what must be right when nothing is
 * known, and the upper bound of cost. Early FEX fixed unaligned accesses like this; box64 still
 * puts it around every locked instruction. Sequentially consistent, so stronger than TSO.
 */
#define LOWERING_LOADS      PLAIN, ISH_BEFORE, ISH_AFTER
#define LOWERING_STORES     PLAIN, ISH_BEFORE, ISH_AFTER
#define LOWERING_VEC_LOADS  PLAIN, ISH_BEFORE, ISH_AFTER
#define LOWERING_VEC_STORES PLAIN, ISH_BEFORE, ISH_AFTER
#define LOWERING_RMW        LSE, ISH_BEFORE, ISH_AFTER
#define LOWERING_FENCE      BARE, "DMB ISH"
#define LOWERING_COPIES     PLAIN, ISH_BEFORE, ISH_AFTER
#define LOWERING_INFO                                                                              \
    .used_by = "box64 for locked instructions; early FEX for unaligned accesses",                  \
    .rmw_needs = FEATURE_LSE
