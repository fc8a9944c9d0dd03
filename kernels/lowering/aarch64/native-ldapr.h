/* SPDX-License-Identifier: MIT
 *
 * native-ldapr: as native, but acquire loads are LDAPR: what GCC from 13 on and Clang emit where
 * FEAT_LRCPC may be used (-march=armv8.3-a, +rcpc). LDAR, which they keep for seq_cst loads, waits
 * for older STLRs; LDAPR does not.
 *
 * Sound as native is, under its condition: all races are between sync accesses. Those are in the
 * order of scheme 3-rcpc, which keeps x86-TSO, and accesses without a race see what their
 * synchronisation lets them see. Where a kernel needs a store before a load, it has a fence, as
 * under TSO.
 */
#define LOWERING_COVERAGE_SYNC
#define LOWERING_LOADS      ORDERED, "LDAPR", A64_BASE
#define LOWERING_STORES     ORDERED, "STLR", A64_BASE
#define LOWERING_VEC_LOADS  PLAIN, "", ISHLD_AFTER
#define LOWERING_VEC_STORES PLAIN, ISH_BEFORE, ""
#define LOWERING_RMW        LSE, "", ""
#define LOWERING_FENCE      BARE, "DMB ISH"
#define LOWERING_COPIES     PLAIN, ISH_BEFORE, ISH_AFTER
#define LOWERING_INFO                                                                              \
    .used_by = "GCC >= 13 and Clang with +rcpc for C11 acquire and release",                       \
    .needs = FEATURE_LRCPC, .rmw_needs = FEATURE_LSE
