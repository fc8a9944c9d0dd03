/* SPDX-License-Identifier: MIT
 *
 * ldar-stlr: ordered instructions, RCsc: what FEX emits on Armv8.0 to 8.2 and what compilers
 * make of C11 seq_cst. Stronger than TSO: STLR; LDAR stay in order, so every load waits for
 * older stores to drain. Vectors by half barriers, as FEX with VectorTSOEnabled=1.
 *
 * A half-barriered vector store, then a CAS that fails, then a load: the load may pass the
 * store, since a failing CASAL is an acquire load and nothing more. Hence unsound for kernels
 * that use both.
 */
#define LOWERING_LOADS      ORDERED, "LDAR", A64_BASE
#define LOWERING_STORES     ORDERED, "STLR", A64_BASE
#define LOWERING_VEC_LOADS  PLAIN, "", ISHLD_AFTER
#define LOWERING_VEC_STORES PLAIN, ISH_BEFORE, ""
#define LOWERING_RMW        LSE, "", ""
#define LOWERING_FENCE      BARE, "DMB ISH"
#define LOWERING_COPIES     PLAIN, ISH_BEFORE, ISH_AFTER
#define LOWERING_INFO                                                                              \
    .used_by = "FEX before FEAT_LRCPC (TSOEnabled, VectorTSOEnabled); C11 seq_cst",                \
    .rmw_needs = FEATURE_LSE
