/* SPDX-License-Identifier: MIT
 *
 * dmb-risotto: Risotto's verified mapping (ASPLOS 2023): the cheapest barriers that make TSO,
 * the load's after it, the store's before it. Arancini has the same, Lasagne the same accesses.
 * Risotto proves a bare CASAL under an amended Armv8 model; in Arm's own model a CASAL that fails
 * is an acquire load, so older stores may still be passed: unsound for kernels that use CAS.
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
#define LOWERING_EXCHANGE                     AL_EXCHANGE
#define LOWERING_COMPARE_EXCHANGE             AL_COMPARE_EXCHANGE
#define LOWERING_COMPARE_EXCHANGE_PAIR        AL_COMPARE_EXCHANGE_PAIR
#define LOWERING_FETCH_ADD                    AL_FETCH_ADD
#define LOWERING_FENCE                        A64_FENCE
#define LOWERING_COPY                         DMB_COPY

#define LOWERING_INFO                                                                              \
    .used_by = "Risotto, Arancini", .coverage = COVERAGE_ALL, .rmw_needs = FEATURE_LSE,            \
    .unsound_if = {USES_CAS}, .scheme = "7-risotto-casal", .witness = "SB+cas-fail-read",          \
    .sequence = {                                                                                  \
        .load = "LDR; DMB ISHLD",                                                                  \
        .store = "DMB ISHST; STR",                                                                 \
        .load_pair = "LDP; DMB ISHLD",                                                             \
        .store_pair = "DMB ISHST; STP",                                                            \
        .load_vec16 = "LDR; DMB ISHLD",                                                            \
        .store_vec16 = "DMB ISHST; STR",                                                           \
        .load_vec32 = "LDP; DMB ISHLD",                                                            \
        .store_vec32 = "DMB ISHST; STP",                                                           \
        AL_SEQUENCE,                                                                               \
        .fence = "DMB ISH",                                                                        \
        DMB_COPY_SEQUENCE,                                                                         \
    }
