/* SPDX-License-Identifier: MIT
 *
 * ldapur-stlur: ldapr-stlr with displacements from -256 to 255 in the instruction: what FEX
 * emits with FEAT_LRCPC2. The ordering is that of LDAPR and STLR, by which herd7 models it.
 * Vectors by half barriers, as FEX with VectorTSOEnabled=1.
 *
 * A half-barriered vector store, then a CAS that fails, then a load: the load may pass the
 * store, since a failing CASAL is an acquire load and nothing more. Hence unsound for kernels
 * that use both.
 */
#define LOWERING_LOADS      ORDERED, "LDAPUR", A64_NEAR
#define LOWERING_STORES     ORDERED, "STLUR", A64_NEAR
#define LOWERING_VEC_LOADS  PLAIN, "", ISHLD_AFTER
#define LOWERING_VEC_STORES PLAIN, ISH_BEFORE, ""
#define LOWERING_RMW        LSE, "", ""
#define LOWERING_FENCE      BARE, "DMB ISH"
#define LOWERING_COPIES     PLAIN, ISH_BEFORE, ISH_AFTER
#define LOWERING_INFO                                                                              \
    .used_by = "FEX with FEAT_LRCPC2 (TSOEnabled, VectorTSOEnabled)", .needs = FEATURE_LRCPC2,     \
    .erratum = 3877900, .rmw_needs = FEATURE_LSE
