/* SPDX-License-Identifier: MIT
 *
 * ldapr-stlr-llsc: ldapr-stlr with exclusives in a loop as the read-modify-write, which looks as
 * good as LSE and is not: only LSE with acquire and release orders what follows it, and a younger
 * LDAPR may pass an older STLXR. Unsound for every kernel with a read-modify-write.
 */
#define LOWERING_LOADS      ORDERED, "LDAPR", A64_BASE
#define LOWERING_STORES     ORDERED, "STLR", A64_BASE
#define LOWERING_VEC_LOADS  PLAIN, "", ISHLD_AFTER
#define LOWERING_VEC_STORES PLAIN, ISH_BEFORE, ""
#define LOWERING_RMW        LLSC, "LDAX", "STLX", "", ""
#define LOWERING_FENCE      BARE, "DMB ISH"
#define LOWERING_COPIES     PLAIN, ISH_BEFORE, ISH_AFTER
#define LOWERING_INFO                                                                              \
    .used_by = "nobody known; what FEAT_LRCPC without LSE would come to", .needs = FEATURE_LRCPC,  \
    .weight = 1
