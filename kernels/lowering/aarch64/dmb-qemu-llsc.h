/* SPDX-License-Identifier: MIT
 *
 * dmb-qemu-llsc: dmb-qemu on a CPU without LSE: its helpers are what the compiler makes of a
 * seq_cst atomic, exclusives in a loop, and those order no younger plain access. Unsound for
 * every kernel with a read-modify-write.
 */
#define LOWERING_LOAD(op, bits, value, p)                                                          \
    A64_LOAD(op, bits, ISHLD_BEFORE, "ldr", "", value, A64_ANY(p))
#define LOWERING_STORE(op, bits, value, p)                                                         \
    A64_STORE(op, bits, ISH_BEFORE, "str", "", value, A64_ANY(p))
#define LOWERING_LOAD_PAIR(op, low, high, p)  A64_LOAD_PAIR(op, ISHLD_BEFORE, "", low, high, p)
#define LOWERING_STORE_PAIR(op, low, high, p) A64_STORE_PAIR(op, ISH_BEFORE, "", low, high, p)
#define LOWERING_LOAD_VEC16(op, value, p)     A64_LOAD_VEC16(op, ISHLD_BEFORE, "", value, p)
#define LOWERING_STORE_VEC16(op, value, p)    A64_STORE_VEC16(op, ISH_BEFORE, "", value, p)
#define LOWERING_LOAD_VEC32(op, value, p)     A64_LOAD_VEC32(op, ISHLD_BEFORE, "", value, p)
#define LOWERING_STORE_VEC32(op, value, p)    A64_STORE_VEC32(op, ISH_BEFORE, "", value, p)
#define LOWERING_EXCHANGE                     LLSC_EXCHANGE
#define LOWERING_COMPARE_EXCHANGE             LLSC_COMPARE_EXCHANGE
#define LOWERING_COMPARE_EXCHANGE_PAIR        LLSC_COMPARE_EXCHANGE_PAIR
#define LOWERING_FETCH_ADD                    LLSC_FETCH_ADD
#define LOWERING_FENCE                        A64_FENCE
#define LOWERING_COPY                         DMB_COPY

#define LOWERING_INFO                                                                              \
    .used_by = "QEMU TCG on Armv8.0, more than one thread", .coverage = COVERAGE_ALL,              \
    .unsound_if = {USES_EXCHANGE, USES_CAS, USES_ADD}, .scheme = "8-qemu-llsc",                    \
    .witness = "SB+xchgs", .weight = 1,                                                            \
    .sequence = {                                                                                  \
        .load = "DMB ISHLD; LDR",                                                                  \
        .store = "DMB ISH; STR",                                                                   \
        .load_pair = "DMB ISHLD; LDP",                                                             \
        .store_pair = "DMB ISH; STP",                                                              \
        .load_vec16 = "DMB ISHLD; LDR",                                                            \
        .store_vec16 = "DMB ISH; STR",                                                             \
        .load_vec32 = "DMB ISHLD; LDP",                                                            \
        .store_vec32 = "DMB ISH; STP",                                                             \
        LLSC_SEQUENCE,                                                                             \
        .fence = "DMB ISH",                                                                        \
        DMB_COPY_SEQUENCE,                                                                         \
    }
