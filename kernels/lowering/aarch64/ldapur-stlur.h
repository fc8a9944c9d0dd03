/* SPDX-License-Identifier: MIT
 *
 * ldapur-stlur: ldapr-stlr with displacements from -256 to 255 in the instruction: what FEX
 * emits with FEAT_LRCPC2. The ordering is that of LDAPR and STLR, by which herd7 models it.
 * Vectors by half barriers, as FEX with VectorTSOEnabled=1.
 *
 * A half-barriered vector store, then a CAS that fails, then a load: the load may pass the
 * store, since a failing CASAL is an acquire load and nothing more. Hence unsound for kernels
 * that use both.
 */
#define LOWERING_LOAD(op, bits, value, p)  A64_LOAD(op, bits, "", "ldapur", "", value, A64_NEAR(p))
#define LOWERING_STORE(op, bits, value, p) A64_STORE(op, bits, "", "stlur", "", value, A64_NEAR(p))
#define LOWERING_LOAD_PAIR(op, low, high, p)                                                       \
    A64_LOAD_TWICE(op, "ldapur", "", low, high, A64_NEAR(p), A64_NEAR((p) + 1))
#define LOWERING_STORE_PAIR(op, low, high, p)                                                      \
    A64_STORE_TWICE(op, "", "stlur", low, high, A64_NEAR(p), A64_NEAR((p) + 1))
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
    .used_by = "FEX with FEAT_LRCPC2 (TSOEnabled, VectorTSOEnabled)", .coverage = COVERAGE_ALL,    \
    .needs = FEATURE_LRCPC2, .erratum = 3877900, .rmw_needs = FEATURE_LSE,                         \
    .unsound_if = {USES_VECTOR | USES_CAS}, .scheme = "3-rcpc; vectors 6m-fexmix-x",               \
    .witness = "SB+cas-fail-priv",                                                                 \
    .sequence = {                                                                                  \
        .load = "LDAPUR",                                                                          \
        .store = "STLUR",                                                                          \
        .load_pair = "LDAPUR; LDAPUR",                                                             \
        .store_pair = "STLUR; STLUR",                                                              \
        .load_vec16 = "LDR; DMB ISHLD",                                                            \
        .store_vec16 = "DMB ISH; STR",                                                             \
        .load_vec32 = "LDP; DMB ISHLD",                                                            \
        .store_vec32 = "DMB ISH; STP",                                                             \
        AL_SEQUENCE,                                                                               \
        .fence = "DMB ISH",                                                                        \
        DMB_COPY_SEQUENCE,                                                                         \
    }
