/* SPDX-License-Identifier: MIT
 *
 * rt-align: the alignment of an address is tested at run time: LDAPR or STLR if it is aligned,
 * else half barriers. No signal and no patching, but a test on every access. What a proposal for
 * xemu does (XEMU_TSO=1), since an A76 without FEAT_LSE2 traps. There the other path has QEMU's
 * barriers, before the access: a younger LDAPR does not wait for such a load, so here they stand
 * where FEX has them.
 */
#define LOWERING_LOAD                  A64_LOAD_TESTED
#define LOWERING_STORE                 A64_STORE_TESTED
#define LOWERING_LOAD_PAIR             A64_LOAD_PAIR_TESTED
#define LOWERING_STORE_PAIR            A64_STORE_PAIR_TESTED
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
    .used_by = "xemu with XEMU_TSO=1 (a proposal), but for the place of its barriers",             \
    .coverage = COVERAGE_ALL, .needs = FEATURE_LRCPC, .rmw_needs = FEATURE_LSE,                    \
    .unsound_if = {USES_CAS}, .scheme = "6m-fexmix-x", .witness = "SB+cas-fail-priv",              \
    .sequence = {                                                                                  \
        TESTED_SEQUENCE, HALF_VEC_SEQUENCE, AL_SEQUENCE, .fence = "DMB ISH", DMB_COPY_SEQUENCE,    \
    }
