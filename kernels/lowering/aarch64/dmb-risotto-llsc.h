/* SPDX-License-Identifier: MIT
 *
 * dmb-risotto-llsc: Risotto's other read-modify-write (ASPLOS 2023): unordered exclusives between
 * two full barriers. Verified by them, and sound and exactly TSO by herd7.
 */
#define LOWERING_LOAD(op, bits, value, p)                                                          \
    A64_LOAD(op, bits, "", "ldr", ISHLD_AFTER, value, A64_ANY(p))
#define LOWERING_STORE(op, bits, value, p)                                                         \
    A64_STORE(op, bits, ISHST_BEFORE, "str", "", value, A64_ANY(p))
#define LOWERING_LOAD_PAIR(op, low, high, p)  A64_LOAD_PAIR(op, "", ISHLD_AFTER, low, high, p)
#define LOWERING_STORE_PAIR(op, low, high, p) A64_STORE_PAIR(op, ISHST_BEFORE, "", low, high, p)
#define LOWERING_LOAD_VEC16(op, value, p)     A64_LOAD_VEC16(op, "", ISHLD_AFTER, value, p)
#define LOWERING_STORE_VEC16(op, value, p)    A64_STORE_VEC16(op, ISHST_BEFORE, "", value, p)
#define LOWERING_LOAD_VEC32(op, value, p)     A64_LOAD_VEC32(op, "", ISHLD_AFTER, value, p)
#define LOWERING_STORE_VEC32(op, value, p)    A64_STORE_VEC32(op, ISHST_BEFORE, "", value, p)
#define LOWERING_EXCHANGE                     DMB_LLSC_DMB_EXCHANGE
#define LOWERING_COMPARE_EXCHANGE             DMB_LLSC_DMB_COMPARE_EXCHANGE
#define LOWERING_COMPARE_EXCHANGE_PAIR        DMB_LLSC_DMB_COMPARE_EXCHANGE_PAIR
#define LOWERING_FETCH_ADD                    DMB_LLSC_DMB_FETCH_ADD
#define LOWERING_FENCE                        A64_FENCE
#define LOWERING_COPY                         DMB_COPY

#define LOWERING_INFO                                                                              \
    .used_by = "Risotto where it cannot use CASAL", .coverage = COVERAGE_ALL,                      \
    .scheme = "7-risotto-dmbff", .weight = 1,                                                      \
    .sequence = {                                                                                  \
        .load = "LDR; DMB ISHLD",                                                                  \
        .store = "DMB ISHST; STR",                                                                 \
        .load_pair = "LDP; DMB ISHLD",                                                             \
        .store_pair = "DMB ISHST; STP",                                                            \
        .load_vec16 = "LDR; DMB ISHLD",                                                            \
        .store_vec16 = "DMB ISHST; STR",                                                           \
        .load_vec32 = "LDP; DMB ISHLD",                                                            \
        .store_vec32 = "DMB ISHST; STP",                                                           \
        DMB_LLSC_DMB_SEQUENCE,                                                                     \
        .fence = "DMB ISH",                                                                        \
        DMB_COPY_SEQUENCE,                                                                         \
    }
