/* SPDX-License-Identifier: MIT
 *
 * ldapr-stlr: ordered instructions, RCpc: a load may pass older stores, as on x86: exactly TSO.
 * What FEX emits with FEAT_LRCPC, and even with LRCPC2 on the cores of erratum 3877900
 * (bench/machine/errata.c), where LDAPUR has the ordering of LDAR. Addresses are a bare register,
 * so a displacement costs an ADD. Vectors by half barriers, as FEX with VectorTSOEnabled=1.
 *
 * A half-barriered vector store, then a CAS that fails, then a load: the load may pass the
 * store, since a failing CASAL is an acquire load and nothing more. Hence unsound for kernels
 * that use both.
 */
#define LOWERING_LOADS      ORDERED, "LDAPR", A64_BASE
#define LOWERING_STORES     ORDERED, "STLR", A64_BASE
#define LOWERING_VEC_LOADS  PLAIN, "", ISHLD_AFTER
#define LOWERING_VEC_STORES PLAIN, ISH_BEFORE, ""
#define LOWERING_RMW        LSE, "", ""
#define LOWERING_FENCE      BARE, "DMB ISH"
#define LOWERING_COPIES     PLAIN, ISH_BEFORE, ISH_AFTER
#define LOWERING_INFO                                                                              \
    .used_by = "FEX with FEAT_LRCPC (TSOEnabled, VectorTSOEnabled)", .needs = FEATURE_LRCPC,       \
    .rmw_needs = FEATURE_LSE
