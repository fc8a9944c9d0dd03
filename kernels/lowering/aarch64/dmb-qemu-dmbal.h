/* SPDX-License-Identifier: MIT
 *
 * dmb-qemu-dmbal: dmb-qemu with a full barrier before the read-modify-write: sound. The barrier
 * before each store also holds back younger loads (litmus test amd3), so a little more than TSO.
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
#define LOWERING_EXCHANGE                     DMB_AL_EXCHANGE
#define LOWERING_COMPARE_EXCHANGE             DMB_AL_COMPARE_EXCHANGE
#define LOWERING_COMPARE_EXCHANGE_PAIR        DMB_AL_COMPARE_EXCHANGE_PAIR
#define LOWERING_FETCH_ADD                    DMB_AL_FETCH_ADD
#define LOWERING_FENCE                        A64_FENCE
#define LOWERING_COPY                         DMB_COPY

#define LOWERING_INFO                                                                              \
    .used_by = "nobody known; the repair of dmb-qemu", .coverage = COVERAGE_ALL,                   \
    .rmw_needs = FEATURE_LSE, .scheme = "8-qemu-dmbAL", .weight = 1,                               \
    .sequence = {                                                                                  \
        .load = "DMB ISHLD; LDR",                                                                  \
        .store = "DMB ISH; STR",                                                                   \
        .load_pair = "DMB ISHLD; LDP",                                                             \
        .store_pair = "DMB ISH; STP",                                                              \
        .load_vec16 = "DMB ISHLD; LDR",                                                            \
        .store_vec16 = "DMB ISH; STR",                                                             \
        .load_vec32 = "DMB ISHLD; LDP",                                                            \
        .store_vec32 = "DMB ISH; STP",                                                             \
        DMB_AL_SEQUENCE,                                                                           \
        .fence = "DMB ISH",                                                                        \
        DMB_COPY_SEQUENCE,                                                                         \
    }
