/* SPDX-License-Identifier: MIT
 *
 * dmb-lasagne: Lasagne's verified mapping (PLDI 2022, a static translator over LLVM): the
 * accesses of dmb-risotto, the read-modify-write between full barriers. Lasagne then merges and
 * removes fences; here each access has its own.
 */
#define LOWERING_LOADS      PLAIN, "", ISHLD_AFTER
#define LOWERING_STORES     PLAIN, ISHST_BEFORE, ""
#define LOWERING_VEC_LOADS  PLAIN, "", ISHLD_AFTER
#define LOWERING_VEC_STORES PLAIN, ISHST_BEFORE, ""
#define LOWERING_RMW        LSE, ISH_BEFORE, ISH_AFTER
#define LOWERING_FENCE      BARE, "DMB ISH"
#define LOWERING_COPIES     PLAIN, ISH_BEFORE, ISH_AFTER
#define LOWERING_INFO                                                                              \
    .used_by = "Lasagne before its fence elimination", .rmw_needs = FEATURE_LSE, .weight = 1
