/* SPDX-License-Identifier: MIT
 *
 * mfence-ldar: ldapr-stlr with MFENCE as an LDAR of a line of the thread's own: a younger LDAR
 * waits for every older STLR, and whatever follows waits for the LDAR. It orders no plain store,
 * so a half-barriered vector store before it is not fenced.
 */
#define LOWERING_LOADS      ORDERED, "LDAPR", A64_BASE
#define LOWERING_STORES     ORDERED, "STLR", A64_BASE
#define LOWERING_VEC_LOADS  PLAIN, "", ISHLD_AFTER
#define LOWERING_VEC_STORES PLAIN, ISH_BEFORE, ""
#define LOWERING_RMW        LSE, "", ""
#define LOWERING_FENCE      OWN_LINE, "LDAR", " %[value], %[memory]"
#define LOWERING_COPIES     PLAIN, ISH_BEFORE, ISH_AFTER
#define LOWERING_INFO                                                                              \
    .used_by = "nobody known; a cheaper MFENCE where all stores are STLR", .needs = FEATURE_LRCPC, \
    .rmw_needs = FEATURE_LSE, .weight = 1
