/* SPDX-License-Identifier: MIT
 *
 * half-barrier: a plain access and one barrier: what FEX patches an ordered access to when it
 * faults on an unaligned address (HalfBarrierTSOEnabled, its default), for good and for all users
 * of the place; and what it makes of vectors with VectorTSOEnabled=1. Older FEX had it
 * everywhere. The store's barrier is stronger than it need be: ISHST would do (dmb-risotto).
 *
 * A CASAL that fails is an acquire load, which older plain stores may still be passed by: unsound
 * for kernels that use CAS.
 */
#define LOWERING_LOAD                  HALF_LOAD
#define LOWERING_STORE                 HALF_STORE
#define LOWERING_LOAD_PAIR             HALF_LOAD_PAIR
#define LOWERING_STORE_PAIR            HALF_STORE_PAIR
#define LOWERING_LOAD_VEC16            HALF_LOAD_VEC16
#define LOWERING_STORE_VEC16           HALF_STORE_VEC16
#define LOWERING_LOAD_VEC32            HALF_LOAD_VEC32
#define LOWERING_STORE_VEC32           HALF_STORE_VEC32
#define LOWERING_EXCHANGE              AL_EXCHANGE
#define LOWERING_COMPARE_EXCHANGE      AL_COMPARE_EXCHANGE
#define LOWERING_COMPARE_EXCHANGE_PAIR AL_COMPARE_EXCHANGE_PAIR
#define LOWERING_FETCH_ADD             AL_FETCH_ADD
#define LOWERING_FENCE                 A64_FENCE
#define LOWERING_COPY                  DMB_COPY

#define LOWERING_INFO                                                                              \
    .used_by = "FEX for accesses it has patched, and for vectors with VectorTSOEnabled",           \
    .coverage = COVERAGE_ALL, .rmw_needs = FEATURE_LSE, .unsound_if = {USES_CAS},                  \
    .scheme = "6a-half", .witness = "SB+cas-fail-priv",                                            \
    .sequence = {                                                                                  \
        .load = "LDR; DMB ISHLD",                                                                  \
        .store = "DMB ISH; STR",                                                                   \
        .load_pair = "LDP; DMB ISHLD",                                                             \
        .store_pair = "DMB ISH; STP",                                                              \
        HALF_VEC_SEQUENCE,                                                                         \
        AL_SEQUENCE,                                                                               \
        .fence = "DMB ISH",                                                                        \
        DMB_COPY_SEQUENCE,                                                                         \
    }
