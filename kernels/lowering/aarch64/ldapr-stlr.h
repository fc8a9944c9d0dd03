/* SPDX-License-Identifier: MIT
 *
 * ldapr-stlr: ordered instructions, RCpc: a load may pass older stores, as on x86: exactly TSO.
 * What FEX emits with FEAT_LRCPC, and even with LRCPC2 on Neoverse V2 and V3, Cortex-X3, X4 and
 * X925, where an erratum gives LDAPUR the ordering of LDAR. Addresses are a bare register, so a
 * displacement costs an ADD. Vectors by half barriers, as FEX with VectorTSOEnabled=1.
 *
 * A half-barriered vector store, then a CAS that fails, then a load: the load may pass the
 * store, since a failing CASAL is an acquire load and nothing more. Hence unsound for kernels
 * that use both.
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
#define LOWERING_FENCE                 A64_FENCE
#define LOWERING_COPY                  DMB_COPY

#define LOWERING_INFO                                                                              \
    .used_by = "FEX with FEAT_LRCPC (TSOEnabled, VectorTSOEnabled)", .coverage = COVERAGE_ALL,     \
    .needs = FEATURE_LRCPC, .rmw_needs = FEATURE_LSE, .unsound_if = {USES_VECTOR | USES_CAS},      \
    .scheme = "3-rcpc; vectors 6m-fexmix-x", .witness = "SB+cas-fail-priv",                        \
    .sequence = {                                                                                  \
        .load = "LDAPR",                                                                           \
        .store = "STLR",                                                                           \
        .load_pair = "LDAPR; LDAPR",                                                               \
        .store_pair = "STLR; STLR",                                                                \
        .load_vec16 = "LDR; DMB ISHLD",                                                            \
        .store_vec16 = "DMB ISH; STR",                                                             \
        .load_vec32 = "LDP; DMB ISHLD",                                                            \
        .store_vec32 = "DMB ISH; STP",                                                             \
        AL_SEQUENCE,                                                                               \
        .fence = "DMB ISH",                                                                        \
        DMB_COPY_SEQUENCE,                                                                         \
    }
