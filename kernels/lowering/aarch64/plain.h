/* SPDX-License-Identifier: MIT
 *
 * plain: nothing is ordered but read-modify-writes and fences. Right on a CPU in TSO mode
 * (Rosetta 2; FEX where prctl grants the mode): the baseline. In weak mode it is what FEX does
 * with TSOEnabled=0 and box64 with STRONGMEM=0: unsound (MP, LB, S and 57 more litmus tests),
 * and the lower bound of every software lowering's cost.
 */
#define LOWERING_LOADS      PLAIN, "", ""
#define LOWERING_STORES     PLAIN, "", ""
#define LOWERING_VEC_LOADS  PLAIN, "", ""
#define LOWERING_VEC_STORES PLAIN, "", ""
#define LOWERING_RMW        LSE, "", ""
#define LOWERING_FENCE      BARE, "DMB ISH"
#define LOWERING_COPIES     PLAIN, "", ""
#define LOWERING_INFO                                                                              \
    .used_by = "Rosetta 2 and FEX under hardware TSO; FEX TSOEnabled=0; box64 STRONGMEM=0",        \
    .rmw_needs = FEATURE_LSE
