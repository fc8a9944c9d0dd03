/* SPDX-License-Identifier: MIT
 *
 * ldar-stlr: ordered instructions, RCsc: what FEX emits on Armv8.0 to 8.2 and what compilers
 * make of C11 seq_cst. Stronger than TSO: STLR; LDAR stay in order, so every load waits for
 * older stores to drain. Vectors by half barriers, as FEX with VectorTSOEnabled=1.
 *
 * A half-barriered vector store, then a CAS that fails, then a load: the load may pass the
 * store, since a failing CASAL is an acquire load and nothing more. Hence unsound for kernels
 * that use both.
 */
#define LOWERING_LOAD(op, bits, value, p)  A64_LOAD(op, bits, "", "ldar", "", value, A64_BASE(p))
#define LOWERING_STORE(op, bits, value, p) A64_STORE(op, bits, "", "stlr", "", value, A64_BASE(p))
#define LOWERING_LOAD_PAIR(op, low, high, p)                                                       \
    A64_LOAD_TWICE(op, "ldar", "", low, high, A64_BASE(p), A64_BASE((p) + 1))
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
    .used_by = "FEX before FEAT_LRCPC (TSOEnabled, VectorTSOEnabled); C11 seq_cst",                \
    .coverage = COVERAGE_ALL, .rmw_needs = FEATURE_LSE, .unsound_if = {USES_VECTOR | USES_CAS},    \
    .scheme = "2-rcsc; vectors 6m-fexmix-x", .witness = "SB+cas-fail-priv",                        \
    .sequence = {                                                                                  \
        .load = "LDAR",                                                                            \
        .store = "STLR",                                                                           \
        .load_pair = "LDAR; LDAR",                                                                 \
        .store_pair = "STLR; STLR",                                                                \
        .load_vec16 = "LDR; DMB ISHLD",                                                            \
        .store_vec16 = "DMB ISH; STR",                                                             \
        .load_vec32 = "LDP; DMB ISHLD",                                                            \
        .store_vec32 = "DMB ISH; STP",                                                             \
        AL_SEQUENCE,                                                                               \
        .fence = "DMB ISH",                                                                        \
        DMB_COPY_SEQUENCE,                                                                         \
    }
