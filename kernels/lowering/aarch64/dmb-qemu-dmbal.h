/* SPDX-License-Identifier: MIT
 *
 * dmb-qemu-dmbal: dmb-qemu with a full barrier before the read-modify-write: sound. The barrier
 * before each store also holds back younger loads (litmus test amd3), so a little more than TSO.
 */
#define LOWERING_LOADS      PLAIN, ISHLD_BEFORE, ""
#define LOWERING_STORES     PLAIN, ISH_BEFORE, ""
#define LOWERING_VEC_LOADS  PLAIN, ISHLD_BEFORE, ""
#define LOWERING_VEC_STORES PLAIN, ISH_BEFORE, ""
#define LOWERING_RMW        LSE, ISH_BEFORE, ""
#define LOWERING_FENCE      BARE, "DMB ISH"
#define LOWERING_COPIES     PLAIN, ISH_BEFORE, ISH_AFTER
#define LOWERING_INFO                                                                              \
    .used_by = "nobody known; the repair of dmb-qemu", .rmw_needs = FEATURE_LSE, .weight = 1
