/* SPDX-License-Identifier: MIT
 *
 * plain: every access as an x86 program has it. On x86 this is TSO: the baseline.
 */
#define LOWERING_LOAD                  PLAIN_LOAD
#define LOWERING_STORE                 PLAIN_STORE
#define LOWERING_LOAD_PAIR             PLAIN_LOAD_PAIR
#define LOWERING_STORE_PAIR            PLAIN_STORE_PAIR
#define LOWERING_LOAD_VEC16            PLAIN_LOAD_VEC16
#define LOWERING_STORE_VEC16           PLAIN_STORE_VEC16
#define LOWERING_LOAD_VEC32            PLAIN_LOAD_VEC32
#define LOWERING_STORE_VEC32           PLAIN_STORE_VEC32
#define LOWERING_LOAD_VEC64            PLAIN_LOAD_VEC64
#define LOWERING_STORE_VEC64           PLAIN_STORE_VEC64
#define LOWERING_EXCHANGE              X86_EXCHANGE
#define LOWERING_COMPARE_EXCHANGE      X86_COMPARE_EXCHANGE
#define LOWERING_COMPARE_EXCHANGE_PAIR X86_COMPARE_EXCHANGE_PAIR
#define LOWERING_FETCH_ADD             X86_FETCH_ADD
#define LOWERING_FENCE(op)             X86_FENCE(op, "mfence")
#define LOWERING_COPY                  PLAIN_COPY

#define LOWERING_INFO                                                                              \
    .used_by = "every x86-64 program", .coverage = COVERAGE_ALL,                                   \
    .sequence = {                                                                                  \
        .load = "MOV",                                                                             \
        .store = "MOV",                                                                            \
        .load_pair = "MOV; MOV",                                                                   \
        .store_pair = "MOV; MOV",                                                                  \
        .load_vec16 = "MOVDQU",                                                                    \
        .store_vec16 = "MOVDQU",                                                                   \
        .load_vec32 = "VMOVDQU",                                                                   \
        .store_vec32 = "VMOVDQU",                                                                  \
        .exchange = "XCHG",                                                                        \
        .compare_exchange = "LOCK CMPXCHG",                                                        \
        .compare_exchange_pair = "LOCK CMPXCHG16B",                                                \
        .fetch_add = "LOCK XADD",                                                                  \
        .fence = "MFENCE",                                                                         \
        .copy = "REP MOVSB",                                                                       \
    }
