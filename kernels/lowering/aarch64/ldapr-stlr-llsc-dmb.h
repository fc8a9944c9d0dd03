/* SPDX-License-Identifier: MIT
 *
 * ldapr-stlr-llsc-dmb: ldapr-stlr-llsc made sound by a full barrier after the loop. What remains
 * is that of ldapr-stlr: a half-barriered vector store before a compare and exchange.
 */
#define LOWERING_LOADS      ORDERED, "LDAPR", A64_BASE
#define LOWERING_STORES     ORDERED, "STLR", A64_BASE
#define LOWERING_VEC_LOADS  PLAIN, "", ISHLD_AFTER
#define LOWERING_VEC_STORES PLAIN, ISH_BEFORE, ""
#define LOWERING_RMW        LLSC, "LDAX", "STLX", "", ISH_AFTER
#define LOWERING_FENCE      BARE, "DMB ISH"
#define LOWERING_COPIES     PLAIN, ISH_BEFORE, ISH_AFTER
#define LOWERING_INFO                                                                              \
    .used_by = "nobody known; the repair of ldapr-stlr-llsc", .needs = FEATURE_LRCPC, .weight = 1
