/* SPDX-License-Identifier: MIT
 *
 * ldapr-ishst: LDAPR for loads, a store barrier and a plain store for stores: for cores on which
 * STLR costs more than DMB ISHST, and of use where stores are unaligned. The read-modify-write
 * has a full barrier before it, since plain stores may stand before a CASAL that fails. Exactly
 * TSO.
 */
#define LOWERING_LOADS      ORDERED, "LDAPR", A64_BASE
#define LOWERING_STORES     PLAIN, ISHST_BEFORE, ""
#define LOWERING_VEC_LOADS  PLAIN, "", ISHLD_AFTER
#define LOWERING_VEC_STORES PLAIN, ISHST_BEFORE, ""
#define LOWERING_RMW        LSE, ISH_BEFORE, ""
#define LOWERING_FENCE      BARE, "DMB ISH"
#define LOWERING_COPIES     PLAIN, ISH_BEFORE, ISH_AFTER
#define LOWERING_INFO                                                                              \
    .used_by = "nobody known; the cheapest sound one without STLR", .needs = FEATURE_LRCPC,        \
    .rmw_needs = FEATURE_LSE, .weight = 1
