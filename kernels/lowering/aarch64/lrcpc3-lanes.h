/* SPDX-License-Identifier: MIT
 *
 * lrcpc3-lanes: lrcpc3 with 16-byte vectors lane by lane (LDAP1, STL1): what MOVLPS and MOVHPS
 * would become, and the only form that keeps the 8-byte atomicity of x86's vector accesses
 * without FEAT_LSE2.
 */
#define LOWERING_LOAD(op, bits, value, p)  A64_LOAD(op, bits, "", "ldapur", "", value, A64_NEAR(p))
#define LOWERING_STORE(op, bits, value, p) A64_STORE(op, bits, "", "stlur", "", value, A64_NEAR(p))
#define LOWERING_LOAD_PAIR                 A64_LDIAPP
#define LOWERING_STORE_PAIR                A64_STILP
#define LOWERING_LOAD_VEC16                A64_LDAP1_VEC16
#define LOWERING_STORE_VEC16               A64_STL1_VEC16
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
        .load_vec16 = "LDAP1[0]; LDAP1[1]",                                                        \
        .store_vec16 = "STL1[0]; STL1[1]",                                                         \
        .load_vec32 = "LDAPUR; LDAPUR",                                                            \
        .store_vec32 = "STLUR; STLUR",                                                             \
        AL_SEQUENCE,                                                                               \
        .fence = "DMB ISH",                                                                        \
        DMB_COPY_SEQUENCE,                                                                         \
    }
