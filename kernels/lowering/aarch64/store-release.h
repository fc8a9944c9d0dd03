/* SPDX-License-Identifier: MIT
 *
 * store-release: the other way to load before store: STLR, which waits for all older accesses, so
 * that stores are in order, too. Loads are plain: in no order with loads. What OCaml emits for
 * assignments now; its atomics are as in fence-before-store. A vector store has a DMB ISH before
 * it, since no release has its width.
 *
 * As a translator's lowering unsound for every program: MP, where the reader's loads pass each
 * other.
 */
#define LOWERING_LOADS      PLAIN, "", ""
#define LOWERING_STORES     ORDERED, "STLR", A64_BASE
#define LOWERING_VEC_LOADS  PLAIN, "", ""
#define LOWERING_VEC_STORES PLAIN, ISH_BEFORE, ""
#define LOWERING_RMW        LSE, "", ISH_AFTER
#define LOWERING_FENCE      BARE, "DMB ISH"
#define LOWERING_COPIES     PLAIN, ISH_BEFORE, ""
#define LOWERING_INFO                                                                              \
    .used_by = "OCaml for assignments of integers since 2026-07 (macOS: 2025-06)",                 \
    .rmw_needs = FEATURE_LSE, .weight = 1
