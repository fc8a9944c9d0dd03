/* SPDX-License-Identifier: MIT
 *
 * mfence-ldar: ldapr-stlr with MFENCE as an LDAR of a line of the thread's own: a younger LDAR
 * waits for every older STLR, and whatever follows waits for the LDAR. It orders no plain store,
 * so a half-barriered vector store before it is not fenced.
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
#define LOWERING_FENCE                 A64_FENCE_LDAR
#define LOWERING_COPY                  DMB_COPY

#define LOWERING_INFO                                                                              \
    .used_by = "nobody known; a cheaper MFENCE where all stores are STLR",                         \
    .coverage = COVERAGE_ALL, .needs = FEATURE_LRCPC, .rmw_needs = FEATURE_LSE,                    \
    .unsound_if = {USES_VECTOR | USES_CAS, USES_VECTOR | USES_FENCE}, .scheme = "12-rcpc-mf-ldar", \
    .witness = "SB+mfences", .weight = 1,                                                          \
    .sequence = {                                                                                  \
        .load = "LDAPR",                                                                           \
        .store = "STLR",                                                                           \
        .load_pair = "LDAPR; LDAPR",                                                               \
        .store_pair = "STLR; STLR",                                                                \
        HALF_VEC_SEQUENCE,                                                                         \
        AL_SEQUENCE,                                                                               \
        .fence = "LDAR",                                                                           \
        DMB_COPY_SEQUENCE,                                                                         \
    }
