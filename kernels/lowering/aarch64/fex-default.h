/* SPDX-License-Identifier: MIT
 *
 * fex-default: FEX as it ships on a CPU with FEAT_LRCPC, and even with LRCPC2 on the cores of
 * erratum 3877900: LDAPR and STLR for general registers, each with a NOP beside it where a
 * barrier can be patched in. VectorTSOEnabled and MemcpySetTSOEnabled are off by default: vectors
 * and REP MOVS are plain, and so unsound, which FEX does on purpose. ldapr-stlr is the same with
 * vectors in order and without the slots.
 */
#define LOWERING_LOADS      SLOTTED, "LDAPR", A64_BASE
#define LOWERING_STORES     SLOTTED, "STLR", A64_BASE
#define LOWERING_VEC_LOADS  PLAIN, "", ""
#define LOWERING_VEC_STORES PLAIN, "", ""
#define LOWERING_RMW        LSE, "", ""
#define LOWERING_FENCE      BARE, "DMB SY"
#define LOWERING_COPIES     PLAIN, "", ""
#define LOWERING_INFO                                                                              \
    .used_by = "FEX as it ships, with FEAT_LRCPC", .needs = FEATURE_LRCPC, .rmw_needs = FEATURE_LSE
