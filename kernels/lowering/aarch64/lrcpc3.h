/* SPDX-License-Identifier: MIT
 *
 * lrcpc3: FEAT_LRCPC3: ordered instructions for pairs and vectors too, so no barrier is left. 16
 * bytes are single-copy atomic with FEAT_LSE2 only, and x86 promises no more for vectors either.
 * No CPU on sale has it, no emulator emits it.
 */
#define LOWERING_LOAD(op, bits, value, p)  A64_LOAD(op, bits, "", "ldapur", "", value, A64_NEAR(p))
#define LOWERING_STORE(op, bits, value, p) A64_STORE(op, bits, "", "stlur", "", value, A64_NEAR(p))
#define LOWERING_LOAD_PAIR                 A64_LDIAPP
#define LOWERING_STORE_PAIR                A64_STILP
#define LOWERING_LOAD_VEC16                A64_LDAPUR_VEC16
#define LOWERING_STORE_VEC16               A64_STLUR_VEC16
#define LOWERING_LOAD_VEC32                A64_LDAPUR_VEC32
#define LOWERING_STORE_VEC32               A64_STLUR_VEC32
#define LOWERING_EXCHANGE                  AL_EXCHANGE
#define LOWERING_COMPARE_EXCHANGE          AL_COMPARE_EXCHANGE
#define LOWERING_COMPARE_EXCHANGE_PAIR     AL_COMPARE_EXCHANGE_PAIR
#define LOWERING_FETCH_ADD                 AL_FETCH_ADD
#define LOWERING_FENCE                     A64_FENCE
#define LOWERING_COPY                      DMB_COPY

#define LOWERING_INFO                                                                              \
    .used_by = "nobody yet", .coverage = COVERAGE_ALL, .needs = FEATURE_LRCPC2 | FEATURE_LRCPC3,   \
    .rmw_needs = FEATURE_LSE, .scheme = "3-rcpc", .erratum = 3877900, .weight = 1,                 \
    .sequence = {                                                                                  \
        .load = "LDAPUR",                                                                          \
        .store = "STLUR",                                                                          \
        .load_pair = "LDIAPP",                                                                     \
        .store_pair = "STILP",                                                                     \
        .load_vec16 = "LDAPUR",                                                                    \
        .store_vec16 = "STLUR",                                                                    \
        .load_vec32 = "LDAPUR; LDAPUR",                                                            \
        .store_vec32 = "STLUR; STLUR",                                                             \
        AL_SEQUENCE,                                                                               \
        .fence = "DMB ISH",                                                                        \
        DMB_COPY_SEQUENCE,                                                                         \
    }
