/* SPDX-License-Identifier: MIT
 *
 * sc-xchg: sequential consistency over TSO, every store an XCHG: what C11 compilers emit for a
 * seq_cst store. A vector store has no exchange form, so an MFENCE follows it.
 */
#define LOWERING_LOAD                      PLAIN_LOAD
#define LOWERING_STORE                     X86_STORE_XCHG
#define LOWERING_LOAD_PAIR                 PLAIN_LOAD_PAIR
#define LOWERING_STORE_PAIR                X86_STORE_PAIR_XCHG
#define LOWERING_LOAD_VEC16                PLAIN_LOAD_VEC16
#define LOWERING_STORE_VEC16(op, value, p) X86_STORE_VEC16(op, "\n\tmfence", value, p)
#define LOWERING_LOAD_VEC32                PLAIN_LOAD_VEC32
#define LOWERING_STORE_VEC32(op, value, p) X86_STORE_VEC32(op, "\n\tmfence", value, p)
#define LOWERING_LOAD_VEC64                PLAIN_LOAD_VEC64
#define LOWERING_STORE_VEC64(op, value, p) X86_STORE_VEC64(op, "\n\tmfence", value, p)
#define LOWERING_EXCHANGE                  X86_EXCHANGE
#define LOWERING_COMPARE_EXCHANGE          X86_COMPARE_EXCHANGE
#define LOWERING_COMPARE_EXCHANGE_PAIR     X86_COMPARE_EXCHANGE_PAIR
#define LOWERING_FETCH_ADD                 X86_FETCH_ADD
#define LOWERING_FENCE(op)                 X86_FENCE(op, "mfence")
#define LOWERING_COPY(op, to, from, bytes) X86_COPY(op, "\n\tmfence", to, from, bytes)

#define LOWERING_INFO                                                                              \
    .used_by = "GCC and Clang for C11 seq_cst stores", .coverage = COVERAGE_ALL,                   \
    .sequence = {                                                                                  \
        .load = "MOV",                                                                             \
        .store = "XCHG",                                                                           \
        .load_pair = "MOV; MOV",                                                                   \
        .store_pair = "XCHG; XCHG",                                                                \
        .load_vec16 = "MOVDQU",                                                                    \
        .store_vec16 = "MOVDQU; MFENCE",                                                           \
        .load_vec32 = "VMOVDQU",                                                                   \
        .store_vec32 = "VMOVDQU; MFENCE",                                                          \
        .exchange = "XCHG",                                                                        \
        .compare_exchange = "LOCK CMPXCHG",                                                        \
        .compare_exchange_pair = "LOCK CMPXCHG16B",                                                \
        .fetch_add = "LOCK XADD",                                                                  \
        .fence = "MFENCE",                                                                         \
        .copy = "REP MOVSB; MFENCE",                                                               \
    }
