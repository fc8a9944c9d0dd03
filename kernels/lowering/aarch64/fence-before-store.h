/* SPDX-License-Identifier: MIT
 *
 * fence-before-store: what a language needs whose racy programs must not read what is stored only
 * later: load before store, and no other order. A DMB ISHLD stands before every store, so that it
 * waits for all older loads. Loads are in no order with loads, stores in none with stores. "FBS" of
 * Dolan, Sivaramakrishnan and Madhavapeddy, PLDI 2018: OCaml 5's assignments on arm64. Its
 * atomics are LSE with acquire and release and a DMB ISH behind it, as OCaml's runtime has them;
 * its atomic load, DMB ISHLD and LDAR, is an access like others here.
 *
 * As a translator's lowering unsound for every program: MP, 2+2W; LB it forbids.
 */
#define LOWERING_LOADS      PLAIN, "", ""
#define LOWERING_STORES     PLAIN, ISHLD_BEFORE, ""
#define LOWERING_VEC_LOADS  PLAIN, "", ""
#define LOWERING_VEC_STORES PLAIN, ISHLD_BEFORE, ""
#define LOWERING_RMW        LSE, "", ISH_AFTER
#define LOWERING_FENCE      BARE, "DMB ISH"
#define LOWERING_COPIES     PLAIN, ISHLD_BEFORE, ""
#define LOWERING_INFO                                                                              \
    .used_by = "OCaml 5 for assignments of integers, until 2026-07 (macOS: 2025-06)",              \
    .rmw_needs = FEATURE_LSE, .weight = 1
