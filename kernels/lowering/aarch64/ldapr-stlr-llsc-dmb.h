/* SPDX-License-Identifier: MIT
 *
 * ldapr-stlr-llsc-dmb: ldapr-stlr-llsc made sound by a full barrier after the loop. What remains
 * is that of ldapr-stlr: a half-barriered vector store before a compare and exchange.
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
#define LOWERING_EXCHANGE              LLSC_DMB_EXCHANGE
#define LOWERING_COMPARE_EXCHANGE      LLSC_DMB_COMPARE_EXCHANGE
#define LOWERING_COMPARE_EXCHANGE_PAIR LLSC_DMB_COMPARE_EXCHANGE_PAIR
#define LOWERING_FETCH_ADD             LLSC_DMB_FETCH_ADD
#define LOWERING_FENCE                 A64_FENCE
#define LOWERING_COPY                  DMB_COPY

#define LOWERING_INFO                                                                              \
    .used_by = "nobody known; the repair of ldapr-stlr-llsc", .coverage = COVERAGE_ALL,            \
    .needs = FEATURE_LRCPC, .unsound_if = {USES_VECTOR | USES_CAS},                                \
    .scheme = "3-rcpc-llsc+dmb; vectors 6m-fexmix-ALdmb-x", .witness = "SB+cas-fail-read",         \
    .weight = 1,                                                                                   \
    .sequence = {                                                                                  \
        .load = "LDAPR",                                                                           \
        .store = "STLR",                                                                           \
        .load_pair = "LDAPR; LDAPR",                                                               \
        .store_pair = "STLR; STLR",                                                                \
        HALF_VEC_SEQUENCE,                                                                         \
        LLSC_DMB_SEQUENCE,                                                                         \
        .fence = "DMB ISH",                                                                        \
        DMB_COPY_SEQUENCE,                                                                         \
    }
