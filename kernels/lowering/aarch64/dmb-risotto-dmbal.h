/* SPDX-License-Identifier: MIT
 *
 * dmb-risotto-dmbal: dmb-risotto with a full barrier before the read-modify-write, which makes a
 * CASAL that fails as good as a locked instruction: sound, exactly TSO.
 */
#define LOWERING_LOADS      PLAIN, "", ISHLD_AFTER
#define LOWERING_STORES     PLAIN, ISHST_BEFORE, ""
#define LOWERING_VEC_LOADS  PLAIN, "", ISHLD_AFTER
#define LOWERING_VEC_STORES PLAIN, ISHST_BEFORE, ""
#define LOWERING_RMW        LSE, ISH_BEFORE, ""
#define LOWERING_FENCE      BARE, "DMB ISH"
#define LOWERING_COPIES     PLAIN, ISH_BEFORE, ISH_AFTER
#define LOWERING_INFO                                                                              \
    .used_by = "nobody known; the repair of dmb-risotto", .rmw_needs = FEATURE_LSE, .weight = 1
