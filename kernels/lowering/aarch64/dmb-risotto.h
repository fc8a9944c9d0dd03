/* SPDX-License-Identifier: MIT
 *
 * dmb-risotto: Risotto's verified mapping (ASPLOS 2023): the cheapest barriers that make TSO,
 * the load's after it, the store's before it. Arancini has the same, Lasagne the same accesses.
 * Risotto proves a bare CASAL under an amended Armv8 model; in Arm's own model a failing CASAL is
 * only an acquire load, which may pass older stores: unsound for kernels that use CAS.
 */
#define LOWERING_LOADS      PLAIN, "", ISHLD_AFTER
#define LOWERING_STORES     PLAIN, ISHST_BEFORE, ""
#define LOWERING_VEC_LOADS  PLAIN, "", ISHLD_AFTER
#define LOWERING_VEC_STORES PLAIN, ISHST_BEFORE, ""
#define LOWERING_RMW        LSE, "", ""
#define LOWERING_FENCE      BARE, "DMB ISH"
#define LOWERING_COPIES     PLAIN, ISH_BEFORE, ISH_AFTER
#define LOWERING_INFO       .used_by = "Risotto, Arancini", .rmw_needs = FEATURE_LSE
