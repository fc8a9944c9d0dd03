/* SPDX-License-Identifier: MIT
 *
 * mfence-swpal: ldapr-stlr with MFENCE as a SWPAL on a line of the thread's own: a read-modify-
 * write with acquire and release is a full barrier, if its old value goes to a live register.
 */
#define LOWERING_LOADS      ORDERED, "LDAPR", A64_BASE
#define LOWERING_STORES     ORDERED, "STLR", A64_BASE
#define LOWERING_VEC_LOADS  PLAIN, "", ISHLD_AFTER
#define LOWERING_VEC_STORES PLAIN, ISH_BEFORE, ""
#define LOWERING_RMW        LSE, "", ""
#define LOWERING_FENCE      OWN_LINE, "SWPAL", " %[value], %[value], %[memory]"
#define LOWERING_COPIES     PLAIN, ISH_BEFORE, ISH_AFTER
#define LOWERING_INFO                                                                              \
    .used_by = "nobody known; an MFENCE without DMB", .needs = FEATURE_LRCPC | FEATURE_LSE,        \
    .rmw_needs = FEATURE_LSE, .weight = 1
