/* SPDX-License-Identifier: MIT
 *
 * lrcpc3-lanes: lrcpc3 with 16-byte vectors lane by lane (LDAP1, STL1): what MOVLPS and MOVHPS
 * would become, and the only form that keeps the 8-byte atomicity of x86's vector accesses
 * without FEAT_LSE2.
 */
#define LOWERING_LOADS      LRCPC3
#define LOWERING_STORES     LRCPC3
#define LOWERING_VEC_LOADS  LRCPC3_LANES
#define LOWERING_VEC_STORES LRCPC3_LANES
#define LOWERING_RMW        LSE, "", ""
#define LOWERING_FENCE      BARE, "DMB ISH"
#define LOWERING_COPIES     PLAIN, ISH_BEFORE, ISH_AFTER
#define LOWERING_INFO                                                                              \
    .used_by = "nobody yet", .needs = FEATURE_LRCPC2 | FEATURE_LRCPC3, .rmw_needs = FEATURE_LSE,   \
    .erratum = 3877900, .weight = 1
