/* SPDX-License-Identifier: MIT
 *
 * plain: nothing is ordered but read-modify-writes and fences. Right on a CPU in TSO mode
 * (Rosetta 2; FEX where prctl grants the mode): the baseline. In weak mode it is what FEX does
 * with TSOEnabled=0 and box64 with STRONGMEM=0: unsound (MP, LB, S and 57 more litmus tests),
 * and the lower bound of every software lowering's cost.
 */
#define LOWERING_LOAD                  PLAIN_LOAD
#define LOWERING_STORE                 PLAIN_STORE
#define LOWERING_LOAD_PAIR             PLAIN_LOAD_PAIR
#define LOWERING_STORE_PAIR            PLAIN_STORE_PAIR
#define LOWERING_LOAD_VEC16            PLAIN_LOAD_VEC16
#define LOWERING_STORE_VEC16           PLAIN_STORE_VEC16
#define LOWERING_LOAD_VEC32            PLAIN_LOAD_VEC32
#define LOWERING_STORE_VEC32           PLAIN_STORE_VEC32
#define LOWERING_EXCHANGE              AL_EXCHANGE
#define LOWERING_COMPARE_EXCHANGE      AL_COMPARE_EXCHANGE
#define LOWERING_COMPARE_EXCHANGE_PAIR AL_COMPARE_EXCHANGE_PAIR
#define LOWERING_FETCH_ADD             AL_FETCH_ADD
#define LOWERING_FENCE                 A64_FENCE
#define LOWERING_COPY                  PLAIN_COPY

#define LOWERING_INFO                                                                              \
    .used_by = "Rosetta 2 and FEX under hardware TSO; FEX TSOEnabled=0; box64 STRONGMEM=0",        \
    .coverage = COVERAGE_ALL, .rmw_needs = FEATURE_LSE, .unsound_if = {USES_ALWAYS},               \
    .scheme = "1-plain", .witness = "MP",                                                          \
    .sequence = {                                                                                  \
        .load = "LDR",                                                                             \
        .store = "STR",                                                                            \
        .load_pair = "LDP",                                                                        \
        .store_pair = "STP",                                                                       \
        .load_vec16 = "LDR",                                                                       \
        .store_vec16 = "STR",                                                                      \
        .load_vec32 = "LDP",                                                                       \
        .store_vec32 = "STP",                                                                      \
        AL_SEQUENCE,                                                                               \
        .fence = "DMB ISH",                                                                        \
        PLAIN_COPY_SEQUENCE,                                                                       \
    }
