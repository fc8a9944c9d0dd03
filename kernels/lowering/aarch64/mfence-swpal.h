/* SPDX-License-Identifier: MIT
 *
 * mfence-swpal: ldapr-stlr with MFENCE as a SWPAL on a line of the thread's own: a read-modify-
 * write with acquire and release is a full barrier, if its old value goes to a live register.
 */
#define LOWERING_LOAD(op, bits, value, p)  A64_LOAD(op, bits, "", "ldapr", "", value, A64_BASE(p))
#define LOWERING_STORE(op, bits, value, p) A64_STORE(op, bits, "", "stlr", "", value, A64_BASE(p))
#define LOWERING_LOAD_PAIR(op, low, high, p)                                                       \
    A64_LOAD_TWICE(op, "ldapr", "", low, high, A64_BASE(p), A64_BASE((p) + 1))
#define LOWERING_STORE_PAIR(op, low, high, p)                                                      \
    A64_STORE_TWICE(op, "", "stlr", low, high, A64_BASE(p), A64_BASE((p) + 1))
#define LOWERING_LOAD_VEC16            HALF_LOAD_VEC16
#define LOWERING_STORE_VEC16           HALF_STORE_VEC16
#define LOWERING_LOAD_VEC32            HALF_LOAD_VEC32
#define LOWERING_STORE_VEC32           HALF_STORE_VEC32
#define LOWERING_EXCHANGE              AL_EXCHANGE
#define LOWERING_COMPARE_EXCHANGE      AL_COMPARE_EXCHANGE
#define LOWERING_COMPARE_EXCHANGE_PAIR AL_COMPARE_EXCHANGE_PAIR
#define LOWERING_FETCH_ADD             AL_FETCH_ADD
#define LOWERING_FENCE                 A64_FENCE_SWPAL
#define LOWERING_COPY                  DMB_COPY

#define LOWERING_INFO                                                                              \
    .used_by = "nobody known; an MFENCE without DMB", .coverage = COVERAGE_ALL,                    \
    .needs = FEATURE_LRCPC | FEATURE_LSE, .rmw_needs = FEATURE_LSE,                                \
    .unsound_if = {USES_VECTOR | USES_CAS}, .scheme = "12-rcpc-mf-swpal",                          \
    .witness = "SB+cas-fail-priv", .weight = 1,                                                    \
    .sequence = {                                                                                  \
        .load = "LDAPR",                                                                           \
        .store = "STLR",                                                                           \
        .load_pair = "LDAPR; LDAPR",                                                               \
        .store_pair = "STLR; STLR",                                                                \
        HALF_VEC_SEQUENCE,                                                                         \
        AL_SEQUENCE,                                                                               \
        .fence = "SWPAL",                                                                          \
        DMB_COPY_SEQUENCE,                                                                         \
    }
