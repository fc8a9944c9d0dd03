/* SPDX-License-Identifier: MIT
 *
 * ishld-stlr: a plain load with a load barrier after it, and STLR: for cores whose LDAPR or LDAR
 * is slow, and for Armv8.0, where it is exactly TSO while LDAR is more. Vectors by half barriers;
 * a vector store and then a CASAL that fails is the hole, as in ldapr-stlr.
 */
#define LOWERING_LOAD                      HALF_LOAD
#define LOWERING_STORE(op, bits, value, p) A64_STORE(op, bits, "", "stlr", "", value, A64_BASE(p))
#define LOWERING_LOAD_PAIR                 HALF_LOAD_PAIR
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
#define LOWERING_FENCE                 A64_FENCE
#define LOWERING_COPY                  DMB_COPY

#define LOWERING_INFO                                                                              \
    .used_by = "nobody known; of interest below FEAT_LRCPC", .coverage = COVERAGE_ALL,             \
    .rmw_needs = FEATURE_LSE, .unsound_if = {USES_VECTOR | USES_CAS},                              \
    .scheme = "11-ldrld-stlr; vectors 6m-fexmix-x", .witness = "SB+cas-fail-priv", .weight = 1,    \
    .sequence = {                                                                                  \
        .load = "LDR; DMB ISHLD",                                                                  \
        .store = "STLR",                                                                           \
        .load_pair = "LDP; DMB ISHLD",                                                             \
        .store_pair = "STLR; STLR",                                                                \
        HALF_VEC_SEQUENCE,                                                                         \
        AL_SEQUENCE,                                                                               \
        .fence = "DMB ISH",                                                                        \
        DMB_COPY_SEQUENCE,                                                                         \
    }
