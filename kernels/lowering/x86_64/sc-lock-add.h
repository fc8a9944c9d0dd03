/* SPDX-License-Identifier: MIT
 *
 * sc-lock-add: sequential consistency over TSO, a LOCK ADD of 0 to the stack after every store:
 * what HotSpot emits for a volatile store, and Linux for smp_mb(), since it is cheaper than MFENCE
 * on most cores.
 */
#define LOWERING_LOAD                         PLAIN_LOAD
#define LOWERING_STORE(op, bits, value, p)    X86_STORE(op, bits, X86_LOCK_ADD, value, p)
#define LOWERING_LOAD_PAIR                    PLAIN_LOAD_PAIR
#define LOWERING_STORE_PAIR(op, low, high, p) X86_STORE_PAIR(op, X86_LOCK_ADD, low, high, p)
#define LOWERING_LOAD_VEC16                   PLAIN_LOAD_VEC16
#define LOWERING_STORE_VEC16(op, value, p)    X86_STORE_VEC16(op, X86_LOCK_ADD, value, p)
#define LOWERING_LOAD_VEC32                   PLAIN_LOAD_VEC32
#define LOWERING_STORE_VEC32(op, value, p)    X86_STORE_VEC32(op, X86_LOCK_ADD, value, p)
#define LOWERING_LOAD_VEC64                   PLAIN_LOAD_VEC64
#define LOWERING_STORE_VEC64(op, value, p)    X86_STORE_VEC64(op, X86_LOCK_ADD, value, p)
#define LOWERING_EXCHANGE                     X86_EXCHANGE
#define LOWERING_COMPARE_EXCHANGE             X86_COMPARE_EXCHANGE
#define LOWERING_COMPARE_EXCHANGE_PAIR        X86_COMPARE_EXCHANGE_PAIR
#define LOWERING_FETCH_ADD                    X86_FETCH_ADD
#define LOWERING_FENCE(op)                    X86_FENCE(op, "lock addl $0, -4(%%rsp)")
#define LOWERING_COPY(op, to, from, bytes)    X86_COPY(op, X86_LOCK_ADD, to, from, bytes)

#define LOWERING_INFO                                                                              \
    .used_by = "HotSpot for volatile stores, Linux for smp_mb()", .coverage = COVERAGE_ALL,        \
    .sequence = {                                                                                  \
        .load = "MOV",                                                                             \
        .store = "MOV; LOCK ADD",                                                                  \
        .load_pair = "MOV; MOV",                                                                   \
        .store_pair = "MOV; LOCK ADD; MOV; LOCK ADD",                                              \
        .load_vec16 = "MOVDQU",                                                                    \
        .store_vec16 = "MOVDQU; LOCK ADD",                                                         \
        .load_vec32 = "VMOVDQU",                                                                   \
        .store_vec32 = "VMOVDQU; LOCK ADD",                                                        \
        .exchange = "XCHG",                                                                        \
        .compare_exchange = "LOCK CMPXCHG",                                                        \
        .compare_exchange_pair = "LOCK CMPXCHG16B",                                                \
        .fetch_add = "LOCK XADD",                                                                  \
        .fence = "LOCK ADD",                                                                       \
        .copy = "REP MOVSB; LOCK ADD",                                                             \
    }
