/* SPDX-License-Identifier: MIT
 *
 * native-llsc: native on a CPU without LSE: C11 code for Armv8.0, whose read-modify-writes are
 * exclusives in a loop, LDAXR and STLXR. A compare and exchange that fails is an acquire load, as
 * CASAL is then.
 *
 * Sound as native is, under its condition: with LDAR and STLR around them the loops need no
 * barrier, since a younger LDAR waits for an older STLXR.
 */
#define LOWERING_COVERAGE_SYNC
#define LOWERING_LOADS      ORDERED, "LDAR", A64_BASE
#define LOWERING_STORES     ORDERED, "STLR", A64_BASE
#define LOWERING_VEC_LOADS  PLAIN, "", ISHLD_AFTER
#define LOWERING_VEC_STORES PLAIN, ISH_BEFORE, ""
#define LOWERING_RMW        LLSC, "LDAX", "STLX", "", ""
#define LOWERING_FENCE      BARE, "DMB ISH"
#define LOWERING_COPIES     PLAIN, ISH_BEFORE, ISH_AFTER
#define LOWERING_INFO                                                                              \
    .used_by = "GCC (-mno-outline-atomics) and Clang for C11 on Armv8.0", .weight = 1
