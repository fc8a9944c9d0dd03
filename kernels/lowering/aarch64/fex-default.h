/* SPDX-License-Identifier: MIT
 *
 * fex-default: FEX as it ships on a CPU with FEAT_LRCPC, and even with LRCPC2 on the cores of
 * erratum 3877900: LDAPR and STLR for general registers, each with a NOP beside it where a
 * barrier can be patched in. VectorTSOEnabled and MemcpySetTSOEnabled are off by default: vectors
 * and REP MOVS are plain, and so unsound, which FEX does on purpose. ldapr-stlr is the same with
 * vectors in order and without the slots.
 */
#define LOWERING_LOAD(op, bits, value, p)                                                          \
    A64_LOAD(op, bits, "", "ldapr", SLOT_AFTER_##bits, value, A64_BASE(p))
#define LOWERING_STORE(op, bits, value, p)                                                         \
    A64_STORE(op, bits, SLOT_BEFORE_##bits, "stlr", "", value, A64_BASE(p))
#define LOWERING_LOAD_PAIR(op, low, high, p)                                                       \
    A64_LOAD_TWICE(op, "ldapr", SLOT_AFTER, low, high, A64_BASE(p), A64_BASE((p) + 1))
#define LOWERING_STORE_PAIR(op, low, high, p)                                                      \
    A64_STORE_TWICE(op, SLOT_BEFORE, "stlr", low, high, A64_BASE(p), A64_BASE((p) + 1))
#define LOWERING_LOAD_VEC16            PLAIN_LOAD_VEC16
#define LOWERING_STORE_VEC16           PLAIN_STORE_VEC16
#define LOWERING_LOAD_VEC32            PLAIN_LOAD_VEC32
#define LOWERING_STORE_VEC32           PLAIN_STORE_VEC32
#define LOWERING_EXCHANGE              AL_EXCHANGE
#define LOWERING_COMPARE_EXCHANGE      AL_COMPARE_EXCHANGE
#define LOWERING_COMPARE_EXCHANGE_PAIR AL_COMPARE_EXCHANGE_PAIR
#define LOWERING_FETCH_ADD             AL_FETCH_ADD
#define LOWERING_FENCE                 A64_FENCE_SY
#define LOWERING_COPY                  PLAIN_COPY

#define LOWERING_INFO                                                                              \
    .used_by = "FEX as it ships, with FEAT_LRCPC", .coverage = COVERAGE_ALL,                       \
    .needs = FEATURE_LRCPC, .rmw_needs = FEATURE_LSE, .unsound_if = {USES_VECTOR, USES_COPY},      \
    .scheme = "3-rcpc; vectors 13-plain-y", .witness = "MP",                                       \
    .sequence = {                                                                                  \
        .load = "LDAPR; NOP",                                                                      \
        .store = "NOP; STLR",                                                                      \
        .load_byte = "LDAPR",                                                                      \
        .store_byte = "STLR",                                                                      \
        .load_pair = "LDAPR; NOP; LDAPR; NOP",                                                     \
        .store_pair = "NOP; STLR; NOP; STLR",                                                      \
        PLAIN_VEC_SEQUENCE,                                                                        \
        AL_SEQUENCE,                                                                               \
        .fence = "DMB SY",                                                                         \
        PLAIN_COPY_SEQUENCE,                                                                       \
    }
