/* SPDX-License-Identifier: MIT
 *
 * dmb-qemu: QEMU's TCG with an x86 guest: both barriers stand before the access, and the store's
 * must be a full one, since no weaker barrier orders an older load and an older store with it.
 * The read-modify-write is the compiler's seq_cst atomic, nothing around it: a CAS that fails
 * does not hold back younger accesses from what stands before it. TCG moves a guest's 16 bytes by
 * LDP and STP of two general registers (its i128); here they are one LDR or STR of a vector
 * register, as under all lowerings, with the same barriers.
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
#define LOWERING_EXCHANGE                     AL_EXCHANGE
#define LOWERING_COMPARE_EXCHANGE             AL_COMPARE_EXCHANGE
#define LOWERING_COMPARE_EXCHANGE_PAIR        AL_COMPARE_EXCHANGE_PAIR
#define LOWERING_FETCH_ADD                    AL_FETCH_ADD
#define LOWERING_FENCE                        A64_FENCE
#define LOWERING_COPY                         DMB_COPY

#define LOWERING_INFO                                                                              \
    .used_by = "QEMU TCG, more than one thread", .coverage = COVERAGE_ALL,                         \
    .rmw_needs = FEATURE_LSE, .unsound_if = {USES_CAS}, .scheme = "8-qemu",                        \
    .witness = "MP+rd-casfail-data",                                                               \
    .sequence = {                                                                                  \
        .load = "DMB ISHLD; LDR",                                                                  \
        .store = "DMB ISH; STR",                                                                   \
        .load_pair = "DMB ISHLD; LDP",                                                             \
        .store_pair = "DMB ISH; STP",                                                              \
        .load_vec16 = "DMB ISHLD; LDR",                                                            \
        .store_vec16 = "DMB ISH; STR",                                                             \
        .load_vec32 = "DMB ISHLD; LDP",                                                            \
        .store_vec32 = "DMB ISH; STP",                                                             \
        AL_SEQUENCE,                                                                               \
        .fence = "DMB ISH",                                                                        \
        DMB_COPY_SEQUENCE,                                                                         \
    }
