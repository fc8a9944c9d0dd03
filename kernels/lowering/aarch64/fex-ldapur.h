/* SPDX-License-Identifier: MIT
 *
 * fex-ldapur: FEX as it ships on a CPU with FEAT_LRCPC2 that erratum 3877900 does not touch: fex-
 * default with displacements from -256 to 255 in the instruction.
 */
#define LOWERING_LOADS      SLOTTED, "LDAPUR", A64_NEAR
#define LOWERING_STORES     SLOTTED, "STLUR", A64_NEAR
#define LOWERING_VEC_LOADS  PLAIN, "", ""
#define LOWERING_VEC_STORES PLAIN, "", ""
#define LOWERING_RMW        LSE, "", ""
#define LOWERING_FENCE      BARE, "DMB SY"
#define LOWERING_COPIES     PLAIN, "", ""
#define LOWERING_INFO                                                                              \
    .used_by = "FEX as it ships, with FEAT_LRCPC2", .needs = FEATURE_LRCPC2,                       \
    .rmw_needs = FEATURE_LSE, .erratum = 3877900
