/* SPDX-License-Identifier: MIT
 *
 * branch-after-load: the order of fence-before-store, load before store, without a barrier: after
 * every load a branch on its value, to the next instruction either way. By control dependence no
 * younger store is done before the load; younger loads may be, since there is no ISB, and stores
 * are in no order with stores. "BAL" of Dolan, Sivaramakrishnan and Madhavapeddy, PLDI 2018. No
 * branch can ask a vector register or a copy: there a DMB ISHLD stands behind the load.
 *
 * As a translator's lowering unsound for every program: MP, 2+2W; LB it forbids.
 */
#define LOWERING_LOADS      BRANCHED
#define LOWERING_STORES     PLAIN, "", ""
#define LOWERING_VEC_LOADS  PLAIN, "", ISHLD_AFTER
#define LOWERING_VEC_STORES PLAIN, "", ""
#define LOWERING_RMW        LSE, "", ISH_AFTER
#define LOWERING_FENCE      BARE, "DMB ISH"
#define LOWERING_COPIES     PLAIN, "", ISHLD_AFTER
#define LOWERING_INFO                                                                              \
    .used_by = "nobody; proposed for OCaml (ocaml#13393, #13423)", .rmw_needs = FEATURE_LSE,       \
    .weight = 1
