/* SPDX-License-Identifier: MIT
 *
 * half-barrier: a plain access and one barrier: what FEX patches an ordered access to when it
 * faults on an unaligned address (HalfBarrierTSOEnabled, its default), for good and for all users
 * of the place; and what it makes of vectors with VectorTSOEnabled=1. Older FEX had it
 * everywhere. A load that FEX patches gets DMB LD, over all the system, where its vectors have
 * DMB ISHLD; it is ISHLD throughout here. The store's barrier is stronger than it need be: ISHST
 * would do (dmb-risotto).
 *
 * A failing CASAL is only an acquire load: it may be satisfied before older plain stores become
 * visible. So the lowering is unsound for kernels that use CAS.
 */
#define LOWERING_LOADS      PLAIN, "", ISHLD_AFTER
#define LOWERING_STORES     PLAIN, ISH_BEFORE, ""
#define LOWERING_VEC_LOADS  PLAIN, "", ISHLD_AFTER
#define LOWERING_VEC_STORES PLAIN, ISH_BEFORE, ""
#define LOWERING_RMW        LSE, "", ""
#define LOWERING_FENCE      BARE, "DMB ISH"
#define LOWERING_COPIES     PLAIN, ISH_BEFORE, ISH_AFTER
#define LOWERING_INFO                                                                              \
    .used_by = "FEX for accesses it has patched, and for vectors with VectorTSOEnabled",           \
    .rmw_needs = FEATURE_LSE
