/* SPDX-License-Identifier: MIT
 *
 * dmb-full: a full barrier on both sides of every access: what must be right when nothing is
 * known, and the upper bound of cost. Early FEX fixed unaligned accesses like this; box64 still
 * puts it around every locked instruction. Sequentially consistent, so stronger than TSO.
 */
#define LOWERING_LOAD(op, bits, value, p)                                                          \
    A64_LOAD(op, bits, ISH_BEFORE, "ldr", ISH_AFTER, value, A64_ANY(p))
#define LOWERING_STORE(op, bits, value, p)                                                         \
    A64_STORE(op, bits, ISH_BEFORE, "str", ISH_AFTER, value, A64_ANY(p))
#define LOWERING_LOAD_PAIR(op, low, high, p) A64_LOAD_PAIR(op, ISH_BEFORE, ISH_AFTER, low, high, p)
#define LOWERING_STORE_PAIR(op, low, high, p)                                                      \
    A64_STORE_PAIR(op, ISH_BEFORE, ISH_AFTER, low, high, p)
#define LOWERING_LOAD_VEC16(op, value, p)  A64_LOAD_VEC16(op, ISH_BEFORE, ISH_AFTER, value, p)
#define LOWERING_STORE_VEC16(op, value, p) A64_STORE_VEC16(op, ISH_BEFORE, ISH_AFTER, value, p)
#define LOWERING_LOAD_VEC32(op, value, p)  A64_LOAD_VEC32(op, ISH_BEFORE, ISH_AFTER, value, p)
#define LOWERING_STORE_VEC32(op, value, p) A64_STORE_VEC32(op, ISH_BEFORE, ISH_AFTER, value, p)
#define LOWERING_EXCHANGE                  DMB_AL_DMB_EXCHANGE
#define LOWERING_COMPARE_EXCHANGE          DMB_AL_DMB_COMPARE_EXCHANGE
#define LOWERING_COMPARE_EXCHANGE_PAIR     DMB_AL_DMB_COMPARE_EXCHANGE_PAIR
#define LOWERING_FETCH_ADD                 DMB_AL_DMB_FETCH_ADD
#define LOWERING_FENCE                     A64_FENCE
#define LOWERING_COPY                      DMB_COPY

#define LOWERING_INFO                                                                              \
    .used_by = "box64 for locked instructions; early FEX for unaligned accesses",                  \
    .coverage = COVERAGE_ALL, .rmw_needs = FEATURE_LSE, .scheme = "6b-full-both",                  \
    .sequence = {                                                                                  \
        .load = "DMB ISH; LDR; DMB ISH",                                                           \
        .store = "DMB ISH; STR; DMB ISH",                                                          \
        .load_pair = "DMB ISH; LDP; DMB ISH",                                                      \
        .store_pair = "DMB ISH; STP; DMB ISH",                                                     \
        .load_vec16 = "DMB ISH; LDR; DMB ISH",                                                     \
        .store_vec16 = "DMB ISH; STR; DMB ISH",                                                    \
        .load_vec32 = "DMB ISH; LDP; DMB ISH",                                                     \
        .store_vec32 = "DMB ISH; STP; DMB ISH",                                                    \
        DMB_AL_DMB_SEQUENCE,                                                                       \
        .fence = "DMB ISH",                                                                        \
        DMB_COPY_SEQUENCE,                                                                         \
    }
