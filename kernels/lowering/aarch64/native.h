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
#define LOWERING_LOADS      ORDERED, "LDAR", A64_BASE
#define LOWERING_STORES     ORDERED, "STLR", A64_BASE
#define LOWERING_VEC_LOADS  PLAIN, "", ISHLD_AFTER
#define LOWERING_VEC_STORES PLAIN, ISH_BEFORE, ""
#define LOWERING_RMW        LSE, "", ""
#define LOWERING_FENCE      BARE, "DMB ISH"
#define LOWERING_COPIES     PLAIN, ISH_BEFORE, ISH_AFTER
#define LOWERING_INFO                                                                              \
    .used_by = "GCC and Clang for C11 acquire, release and seq_cst; Linux with LSE",               \
    .rmw_needs = FEATURE_LSE
