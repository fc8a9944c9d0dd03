/* SPDX-License-Identifier: MIT
 *
 * native: C11 code for arm64, ordered only where the algorithm synchronises: LDAR and STLR,
 * which GCC emits for acquire and release as for seq_cst, and LSE with AL. Data is plain: the
 * portable rewrite.
 *
 * Sound under one condition: the program has no data race, all its races are between sync
 * accesses. Then it has sequentially consistent executions only (C11's guarantee for this
 * mapping), and TSO allows those all. The kernels here are such programs, so it is marked sound
 * for each; but for ms_queue, treiber_stack and chase_lev, which read an element that another
 * thread may be replacing, and use what they read only if a compare-exchange after it succeeds:
 * its release keeps the read before it, and its success says that nobody had replaced it. As a
 * translator's lowering, which cannot know what is data, it is unsound: scheme 13-plain-x, 2+2W and
 * 14 more tests.
 */
#define LOWERING_COVERAGE_SYNC
#define LOWERING_LOAD(op, bits, value, p)  A64_LOAD(op, bits, "", "ldar", "", value, A64_BASE(p))
#define LOWERING_STORE(op, bits, value, p) A64_STORE(op, bits, "", "stlr", "", value, A64_BASE(p))
#define LOWERING_LOAD_PAIR(op, low, high, p)                                                       \
    A64_LOAD_TWICE(op, "ldar", "", low, high, A64_BASE(p), A64_BASE((p) + 1))
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
    .used_by = "GCC and Clang for C11 acquire, release and seq_cst", .coverage = COVERAGE_SYNC,    \
    .rmw_needs = FEATURE_LSE, /* without data races: see above */                                  \
        .scheme = "2-rcsc for sync accesses; 13-plain-x if data races",                            \
    .witness = "2+2W, by a data race only", .data = PLAIN_SEQUENCE,                                \
    .sequence = {                                                                                  \
        .load = "LDAR",                                                                            \
        .store = "STLR",                                                                           \
        .load_pair = "LDAR; LDAR",                                                                 \
        .store_pair = "STLR; STLR",                                                                \
        .load_vec16 = "LDR; DMB ISHLD",                                                            \
        .store_vec16 = "DMB ISH; STR",                                                             \
        .load_vec32 = "LDP; DMB ISHLD",                                                            \
        .store_vec32 = "DMB ISH; STP",                                                             \
        AL_SEQUENCE,                                                                               \
        .fence = "DMB ISH",                                                                        \
        DMB_COPY_SEQUENCE,                                                                         \
    }
