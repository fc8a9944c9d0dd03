/* SPDX-License-Identifier: MIT
 *
 * ishld-stlr: a plain load with a load barrier after it, and STLR: for cores whose LDAPR or LDAR
 * is slow, and for Armv8.0, where it is exactly TSO while LDAR is more. Vectors by half barriers;
 * a vector store and then a CASAL that fails is the hole, as in ldapr-stlr.
 */
#define LOWERING_LOADS      PLAIN, "", ISHLD_AFTER
#define LOWERING_STORES     ORDERED, "STLR", A64_BASE
#define LOWERING_VEC_LOADS  PLAIN, "", ISHLD_AFTER
#define LOWERING_VEC_STORES PLAIN, ISH_BEFORE, ""
#define LOWERING_RMW        LSE, "", ""
#define LOWERING_FENCE      BARE, "DMB ISH"
#define LOWERING_COPIES     PLAIN, ISH_BEFORE, ISH_AFTER
#define LOWERING_INFO                                                                              \
    .used_by = "nobody known; of interest below FEAT_LRCPC", .rmw_needs = FEATURE_LSE, .weight = 1
