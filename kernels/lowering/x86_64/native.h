/* SPDX-License-Identifier: MIT
 *
 * native: C11 code for x86, ordered only where the algorithm synchronises. An acquire load and a
 * release store are a MOV here, so a kernel without a fence is the same code as `plain` and its
 * ratio must stay inside the placement floor: a check of the method. The fence is the LOCK OR on
 * the stack that compilers prefer to MFENCE.
 */
#define LOWERING_COVERAGE_SYNC
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
#define LOWERING_FENCE(op)             X86_FENCE(op, "lock orq $0, (%%rsp)")
#define LOWERING_COPY                  PLAIN_COPY

#define LOWERING_INFO                                                                              \
    .used_by = "GCC and Clang for C11 acquire, release and seq_cst fences",                        \
    .coverage = COVERAGE_SYNC, .data = PLAIN_SEQUENCE,                                             \
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
        .fence = "LOCK OR",                                                                        \
        .copy = "REP MOVSB",                                                                       \
    }
