/* SPDX-License-Identifier: MIT
 *
 * lrcpc3: FEAT_LRCPC3: ordered instructions for pairs and vectors too, so no barrier is left. 16
 * bytes are single-copy atomic with FEAT_LSE2 only, and x86 promises no more for vectors either.
 * No CPU on sale has it, no emulator emits it.
 */
#define LOWERING_LOADS      LRCPC3
#define LOWERING_STORES     LRCPC3
#define LOWERING_VEC_LOADS  LRCPC3
#define LOWERING_VEC_STORES LRCPC3
#define LOWERING_RMW        LSE, "", ""
#define LOWERING_FENCE      BARE, "DMB ISH"
#define LOWERING_COPIES     PLAIN, ISH_BEFORE, ISH_AFTER
#define LOWERING_INFO                                                                              \
    .used_by = "nobody yet", .needs = FEATURE_LRCPC2 | FEATURE_LRCPC3, .rmw_needs = FEATURE_LSE,   \
    .erratum = 3877900, .weight = 1
