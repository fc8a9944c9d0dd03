/* SPDX-License-Identifier: MIT
 *
 * fex-armv8-llsc: FEX as it ships on a CPU without LSE and LRCPC (Cortex-A53, A72): LDAR, STLR,
 * and exclusives in a loop. With these neighbours the loop needs no barrier: a younger LDAR waits
 * for an older STLXR. Vectors are plain, as in fex-default. Where a comparison fails, FEX has a
 * CLREX; here the next LDAXR takes the monitor over, which no other access can tell. The policy of
 * this name is the same; fex-armv8 there is with LSE.
 */
#define LOWERING_LOAD(op, bits, value, p)                                                          \
    A64_LOAD(op, bits, "", "ldar", SLOT_AFTER_##bits, value, A64_BASE(p))
#define LOWERING_STORE(op, bits, value, p)                                                         \
    A64_STORE(op, bits, SLOT_BEFORE_##bits, "stlr", "", value, A64_BASE(p))
#define LOWERING_LOAD_PAIR(op, low, high, p)                                                       \
    A64_LOAD_TWICE(op, "ldar", SLOT_AFTER, low, high, A64_BASE(p), A64_BASE((p) + 1))
#define LOWERING_STORE_PAIR(op, low, high, p)                                                      \
    A64_STORE_TWICE(op, SLOT_BEFORE, "stlr", low, high, A64_BASE(p), A64_BASE((p) + 1))
#define LOWERING_LOAD_VEC16            PLAIN_LOAD_VEC16
#define LOWERING_STORE_VEC16           PLAIN_STORE_VEC16
#define LOWERING_LOAD_VEC32            PLAIN_LOAD_VEC32
#define LOWERING_STORE_VEC32           PLAIN_STORE_VEC32
#define LOWERING_EXCHANGE              LLSC_EXCHANGE
#define LOWERING_COMPARE_EXCHANGE      LLSC_COMPARE_EXCHANGE
#define LOWERING_COMPARE_EXCHANGE_PAIR LLSC_COMPARE_EXCHANGE_PAIR
#define LOWERING_FETCH_ADD             LLSC_FETCH_ADD
#define LOWERING_FENCE                 A64_FENCE_SY
#define LOWERING_COPY                  PLAIN_COPY

#define LOWERING_INFO                                                                              \
    .used_by = "FEX as it ships, on Armv8.0", .coverage = COVERAGE_ALL,                            \
    .unsound_if = {USES_VECTOR, USES_COPY}, .scheme = "2-rcsc-llsc; vectors 13-plain-y",           \
    .witness = "MP", .weight = 1,                                                                  \
    .sequence = {                                                                                  \
        .load = "LDAR; NOP",                                                                       \
        .store = "NOP; STLR",                                                                      \
        .load_byte = "LDAR",                                                                       \
        .store_byte = "STLR",                                                                      \
        .load_pair = "LDAR; NOP; LDAR; NOP",                                                       \
        .store_pair = "NOP; STLR; NOP; STLR",                                                      \
        PLAIN_VEC_SEQUENCE,                                                                        \
        LLSC_SEQUENCE,                                                                             \
        .fence = "DMB SY",                                                                         \
        PLAIN_COPY_SEQUENCE,                                                                       \
    }
