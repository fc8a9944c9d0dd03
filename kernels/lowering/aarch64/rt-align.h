/* SPDX-License-Identifier: MIT
 *
 * rt-align: the alignment of an address is tested at run time: LDAPR or STLR if it is aligned,
 * else half barriers. No signal and no patching, but a test on every access. What a proposal for
 * xemu does (XEMU_TSO=1), since an A76 without FEAT_LSE2 traps. There the other path has QEMU's
 * barriers, before the access: a younger LDAPR does not wait for such a load, so here they stand
 * where FEX has them.
 */
#define LOWERING_LOADS      TESTED
#define LOWERING_STORES     TESTED
#define LOWERING_VEC_LOADS  PLAIN, "", ISHLD_AFTER
#define LOWERING_VEC_STORES PLAIN, ISH_BEFORE, ""
#define LOWERING_RMW        LSE, "", ""
#define LOWERING_FENCE      BARE, "DMB ISH"
#define LOWERING_COPIES     PLAIN, ISH_BEFORE, ISH_AFTER
#define LOWERING_INFO                                                                              \
    .used_by = "xemu with XEMU_TSO=1 (a proposal), but for the place of its barriers",             \
    .needs = FEATURE_LRCPC, .rmw_needs = FEATURE_LSE
