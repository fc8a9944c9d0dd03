/* SPDX-License-Identifier: MIT
 *
 * fex-ldapur: FEX as it ships on a CPU with FEAT_LRCPC2 that erratum 3877900 does not touch: fex-
 * default with displacements from -256 to 255 in the instruction.
 */
#define LOWERING_LOAD(op, bits, value, p)                                                          \
    A64_LOAD(op, bits, "", "ldapur", SLOT_AFTER_##bits, value, A64_NEAR(p))
#define LOWERING_STORE(op, bits, value, p)                                                         \
    A64_STORE(op, bits, SLOT_BEFORE_##bits, "stlur", "", value, A64_NEAR(p))
#define LOWERING_LOAD_PAIR(op, low, high, p)                                                       \
    A64_LOAD_TWICE(op, "ldapur", SLOT_AFTER, low, high, A64_NEAR(p), A64_NEAR((p) + 1))
#define LOWERING_STORE_PAIR(op, low, high, p)                                                      \
    A64_STORE_TWICE(op, SLOT_BEFORE, "stlur", low, high, A64_NEAR(p), A64_NEAR((p) + 1))
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
    .used_by = "FEX as it ships, with FEAT_LRCPC2", .coverage = COVERAGE_ALL,                      \
    .needs = FEATURE_LRCPC2, .rmw_needs = FEATURE_LSE, .unsound_if = {USES_VECTOR, USES_COPY},     \
    .scheme = "3-rcpc; vectors 13-plain-y", .witness = "MP", .erratum = 3877900,                   \
    .sequence = {                                                                                  \
        .load = "LDAPUR; NOP",                                                                     \
        .store = "NOP; STLUR",                                                                     \
        .load_byte = "LDAPUR",                                                                     \
        .store_byte = "STLUR",                                                                     \
        .load_pair = "LDAPUR; NOP; LDAPUR; NOP",                                                   \
        .store_pair = "NOP; STLUR; NOP; STLUR",                                                    \
        PLAIN_VEC_SEQUENCE,                                                                        \
        AL_SEQUENCE,                                                                               \
        .fence = "DMB SY",                                                                         \
        PLAIN_COPY_SEQUENCE,                                                                       \
    }
