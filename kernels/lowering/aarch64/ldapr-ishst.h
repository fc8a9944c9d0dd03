/* SPDX-License-Identifier: MIT
 *
 * ldapr-ishst: LDAPR for loads, a store barrier and a plain store for stores: for cores on which
 * STLR costs more than DMB ISHST, and of use where stores are unaligned. The read-modify-write
 * has a full barrier before it, since plain stores may stand before a CASAL that fails. Exactly
 * TSO.
 */
#define LOWERING_LOAD(op, bits, value, p) A64_LOAD(op, bits, "", "ldapr", "", value, A64_BASE(p))
#define LOWERING_STORE(op, bits, value, p)                                                         \
    A64_STORE(op, bits, ISHST_BEFORE, "str", "", value, A64_ANY(p))
#define LOWERING_LOAD_PAIR(op, low, high, p)                                                       \
    A64_LOAD_TWICE(op, "ldapr", "", low, high, A64_BASE(p), A64_BASE((p) + 1))
#define LOWERING_STORE_PAIR(op, low, high, p) A64_STORE_PAIR(op, ISHST_BEFORE, "", low, high, p)
#define LOWERING_LOAD_VEC16                   HALF_LOAD_VEC16
#define LOWERING_STORE_VEC16(op, value, p)    A64_STORE_VEC16(op, ISHST_BEFORE, "", value, p)
#define LOWERING_LOAD_VEC32                   HALF_LOAD_VEC32
#define LOWERING_STORE_VEC32(op, value, p)    A64_STORE_VEC32(op, ISHST_BEFORE, "", value, p)
#define LOWERING_EXCHANGE                     DMB_AL_EXCHANGE
#define LOWERING_COMPARE_EXCHANGE             DMB_AL_COMPARE_EXCHANGE
#define LOWERING_COMPARE_EXCHANGE_PAIR        DMB_AL_COMPARE_EXCHANGE_PAIR
#define LOWERING_FETCH_ADD                    DMB_AL_FETCH_ADD
#define LOWERING_FENCE                        A64_FENCE
#define LOWERING_COPY                         DMB_COPY

#define LOWERING_INFO                                                                              \
    .used_by = "nobody known; the cheapest sound one without STLR", .coverage = COVERAGE_ALL,      \
    .needs = FEATURE_LRCPC, .rmw_needs = FEATURE_LSE, .scheme = "11-ldapr-st-dmbAL", .weight = 1,  \
    .sequence = {                                                                                  \
        .load = "LDAPR",                                                                           \
        .store = "DMB ISHST; STR",                                                                 \
        .load_pair = "LDAPR; LDAPR",                                                               \
        .store_pair = "DMB ISHST; STP",                                                            \
        .load_vec16 = "LDR; DMB ISHLD",                                                            \
        .store_vec16 = "DMB ISHST; STR",                                                           \
        .load_vec32 = "LDP; DMB ISHLD",                                                            \
        .store_vec32 = "DMB ISHST; STP",                                                           \
        DMB_AL_SEQUENCE,                                                                           \
        .fence = "DMB ISH",                                                                        \
        DMB_COPY_SEQUENCE,                                                                         \
    }
