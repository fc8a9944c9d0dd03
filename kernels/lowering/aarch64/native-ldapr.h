/* SPDX-License-Identifier: MIT
 *
 * native-ldapr: as native, but acquire loads are LDAPR: what GCC from 13 on and Clang emit where
 * FEAT_LRCPC may be used (-march=armv8.3-a, +rcpc). LDAR, which they keep for seq_cst loads, waits
 * for older STLRs; LDAPR does not.
 *
 * Sound as native is, under its condition: all races are between sync accesses. Those are in the
 * order of scheme 3-rcpc, which keeps x86-TSO, and accesses without a race see what their
 * synchronisation lets them see. Where a kernel needs a store before a load, it has a fence, as
 * under TSO.
 */
#define LOWERING_COVERAGE_SYNC
#define LOWERING_LOAD(op, bits, value, p)  A64_LOAD(op, bits, "", "ldapr", "", value, A64_BASE(p))
#define LOWERING_STORE(op, bits, value, p) A64_STORE(op, bits, "", "stlr", "", value, A64_BASE(p))
#define LOWERING_LOAD_PAIR(op, low, high, p)                                                       \
    A64_LOAD_TWICE(op, "ldapr", "", low, high, A64_BASE(p), A64_BASE((p) + 1))
#define LOWERING_STORE_PAIR(op, low, high, p)                                                      \
    A64_STORE_TWICE(op, "", "stlr", low, high, A64_BASE(p), A64_BASE((p) + 1))
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
    .used_by = "GCC >= 13 and Clang with +rcpc for C11 acquire and release",                       \
    .coverage = COVERAGE_SYNC, .needs = FEATURE_LRCPC,                                             \
    .rmw_needs = FEATURE_LSE, /* without data races: see native */                                 \
        .scheme = "3-rcpc for sync accesses; 13-plain-x if data races",                            \
    .witness = "2+2W, by a data race only", .data = PLAIN_SEQUENCE,                                \
    .sequence = {                                                                                  \
        .load = "LDAPR",                                                                           \
        .store = "STLR",                                                                           \
        .load_pair = "LDAPR; LDAPR",                                                               \
        .store_pair = "STLR; STLR",                                                                \
        .load_vec16 = "LDR; DMB ISHLD",                                                            \
        .store_vec16 = "DMB ISH; STR",                                                             \
        .load_vec32 = "LDP; DMB ISHLD",                                                            \
        .store_vec32 = "DMB ISH; STP",                                                             \
        AL_SEQUENCE,                                                                               \
        .fence = "DMB ISH",                                                                        \
        DMB_COPY_SEQUENCE,                                                                         \
    }
