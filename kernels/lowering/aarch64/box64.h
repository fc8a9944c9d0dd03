/* SPDX-License-Identifier: MIT
 *
 * box64: box64 as it ships (STRONGMEM=0): plain accesses, unsound, and a full barrier on both
 * sides of every locked instruction. LOCK CMPXCHG is a loop of exclusives even with LSE, but for
 * bytes, where box64 has CASALB; here it is the loop at every width. What STRONGMEM=1 to 4 add
 * depends on where a translated block begins and ends, and is no mapping of single accesses.
 */
#define LOWERING_LOAD                  PLAIN_LOAD
#define LOWERING_STORE                 PLAIN_STORE
#define LOWERING_LOAD_PAIR             PLAIN_LOAD_PAIR
#define LOWERING_STORE_PAIR            PLAIN_STORE_PAIR
#define LOWERING_LOAD_VEC16            PLAIN_LOAD_VEC16
#define LOWERING_STORE_VEC16           PLAIN_STORE_VEC16
#define LOWERING_LOAD_VEC32            PLAIN_LOAD_VEC32
#define LOWERING_STORE_VEC32           PLAIN_STORE_VEC32
#define LOWERING_EXCHANGE              DMB_AL_DMB_EXCHANGE
#define LOWERING_COMPARE_EXCHANGE      DMB_LLSCAL_DMB_COMPARE_EXCHANGE
#define LOWERING_COMPARE_EXCHANGE_PAIR DMB_AL_DMB_COMPARE_EXCHANGE_PAIR
#define LOWERING_FETCH_ADD             DMB_AL_DMB_FETCH_ADD
#define LOWERING_FENCE                 A64_FENCE_SY
#define LOWERING_COPY                  PLAIN_COPY

#define LOWERING_INFO                                                                              \
    .used_by = "box64 as it ships (STRONGMEM=0)", .coverage = COVERAGE_ALL,                        \
    .rmw_needs = FEATURE_LSE, .unsound_if = {USES_ALWAYS}, .scheme = "10-box64-sm0",               \
    .witness = "MP",                                                                               \
    .sequence = {                                                                                  \
        .load = "LDR",                                                                             \
        .store = "STR",                                                                            \
        .load_pair = "LDP",                                                                        \
        .store_pair = "STP",                                                                       \
        PLAIN_VEC_SEQUENCE,                                                                        \
        .exchange = "DMB ISH; SWPAL; DMB ISH",                                                     \
        .compare_exchange = "DMB ISH; LDAXR; CMP; B.NE; STLXR; CBNZ; DMB ISH",                     \
        .compare_exchange_pair = "DMB ISH; CASPAL; DMB ISH",                                       \
        .fetch_add = "DMB ISH; LDADDAL; DMB ISH",                                                  \
        .fence = "DMB SY",                                                                         \
        PLAIN_COPY_SEQUENCE,                                                                       \
    }
