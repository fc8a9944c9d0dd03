/* SPDX-License-Identifier: MIT
 *
 * linux-llsc: the Linux kernel's primitives on a CPU without LSE: smp_load_acquire() is LDAR,
 * smp_store_release() STLR, smp_mb() DMB ISH, and xchg(), cmpxchg() and atomic_fetch_add() are a
 * prefetch to write, LDXR and STLXR in a loop, and DMB ISH. With LSE they are SWPAL, CASAL and
 * LDADDAL, and Linux is native; but for four NOPs after SWPAL, in the place of the loop. smp_rmb()
 * and smp_wmb() have no primitive here: they are dmb.ishld and dmb.ishst of fence_forms.
 *
 * Sound under native's condition, but for a compare and exchange that fails, in which Linux
 * promises no order.
 */
#define LOWERING_COVERAGE_SYNC
#define LOWERING_LOADS      ORDERED, "LDAR", A64_BASE
#define LOWERING_STORES     ORDERED, "STLR", A64_BASE
#define LOWERING_VEC_LOADS  PLAIN, "", ISHLD_AFTER
#define LOWERING_VEC_STORES PLAIN, ISH_BEFORE, ""
#define LOWERING_RMW        LINUX
#define LOWERING_FENCE      BARE, "DMB ISH"
#define LOWERING_COPIES     PLAIN, ISH_BEFORE, ISH_AFTER
#define LOWERING_INFO       .used_by = "Linux on Armv8.0: smp_load_acquire(), cmpxchg(), ...", .weight = 1
