/* SPDX-License-Identifier: MIT
 *
 * asm/x86_64.h: the families of instructions from which x86_64 lowerings choose (lowering.h).
 *
 * The parameters of MOV's stores and REP's copies are further instructions after them, for the
 * assembler and as the promise has them (THEN_MFENCE). Narrow loads are MOVZX, as compilers emit
 * them: a MOV into a part of a register would add a dependence on the rest of it.
 */
#ifndef ASM_X86_64_H
#define ASM_X86_64_H

#define ASM_TARGET   ""

#define THEN_NOTHING "", ""
#define THEN_MFENCE  "; mfence", "; MFENCE"
/* Below the stack's end, where nothing is waited for. */
#define LOCK_ADD      "lock addl $0, -4(%%rsp)"
#define THEN_LOCK_ADD "; " LOCK_ADD, "; LOCK ADD"

#define VEC32_TARGET  __attribute__((target("avx")))
#define VEC32_NEEDS   FEATURE_AVX
#ifndef LOWERING_WORDS_ONLY
typedef uint8_t vec32 __attribute__((vector_size(32)));
typedef vec32 vec32_place __attribute__((aligned(1), may_alias));
/* Without it no copy loop reaches the C library's. arm64 has nothing wider than vec32. */
#define VEC64_TARGET __attribute__((target("avx512f,avx512bw,avx512vl")))
typedef uint8_t vec64 __attribute__((vector_size(64)));
typedef vec64 vec64_place __attribute__((aligned(1), may_alias));
#endif

#define X86_LOAD_8     "movzbl %1, %k0"
#define X86_LOAD_16    "movzwl %1, %k0"
#define X86_LOAD_32    "movl %1, %k0"
#define X86_LOAD_64    "movq %1, %q0"
#define X86_STORE_8    "movb %b1, %0"
#define X86_STORE_16   "movw %w1, %0"
#define X86_STORE_32   "movl %k1, %0"
#define X86_STORE_64   "movq %q1, %0"
#define X86_XCHG_8     "xchgb %b0, %1"
#define X86_XCHG_16    "xchgw %w0, %1"
#define X86_XCHG_32    "xchgl %k0, %1"
#define X86_XCHG_64    "xchgq %q0, %1"
#define X86_CMPXCHG_8  "lock cmpxchgb %b2, %1"
#define X86_CMPXCHG_16 "lock cmpxchgw %w2, %1"
#define X86_CMPXCHG_32 "lock cmpxchgl %k2, %1"
#define X86_CMPXCHG_64 "lock cmpxchgq %q2, %1"
#define X86_XADD_8     "lock xaddb %b0, %1"
#define X86_XADD_16    "lock xaddw %w0, %1"
#define X86_XADD_32    "lock xaddl %k0, %1"
#define X86_XADD_64    "lock xaddq %q0, %1"

/* MOV with other instructions around it. */
#define X86_LOAD(op, bits, before, after, value, p)                                                \
    __asm__ volatile(RECORDED(op, #bits, before X86_LOAD_##bits after)                             \
                     : "=r"(value)                                                                 \
                     : "m"(*(p))                                                                   \
                     : "memory")
#define X86_STORE(op, bits, before, after, value, p)                                               \
    __asm__ volatile(RECORDED(op, #bits, before X86_STORE_##bits after)                            \
                     : "=m"(*(p))                                                                  \
                     : "q"(value)                                                                  \
                     : "memory")
/* 16 bytes in two registers: x86 has no pair instruction, so two accesses. */
#define X86_LOAD_PAIR(op, before, after, low, high, p)                                             \
    __asm__ volatile(                                                                              \
        RECORDED(op, "", before "movq %2, %0" after "\n\t" before "movq %3, %1" after)             \
        : "=&r"(low), "=r"(high)                                                                   \
        : "m"((p)[0]), "m"((p)[1])                                                                 \
        : "memory")
#define X86_STORE_PAIR(op, before, after, low, high, p)                                            \
    __asm__ volatile(                                                                              \
        RECORDED(op, "", before "movq %2, %0" after "\n\t" before "movq %3, %1" after)             \
        : "=m"((p)[0]), "=m"((p)[1])                                                               \
        : "r"(low), "r"(high)                                                                      \
        : "memory")
#define X86_LOAD_VECTOR(op, before, instruction, after, constraint, value, place)                  \
    __asm__ volatile(RECORDED(op, "", before instruction " %1, %0" after)                          \
                     : constraint(value)                                                           \
                     : "m"(place)                                                                  \
                     : "memory")
#define X86_STORE_VECTOR(op, before, instruction, after, constraint, value, place)                 \
    __asm__ volatile(RECORDED(op, "", before instruction " %1, %0" after)                          \
                     : "=m"(place)                                                                 \
                     : constraint(value)                                                           \
                     : "memory")
#define X86_LOAD_VEC16(op, before, after, value, p)                                                \
    X86_LOAD_VECTOR(op, before, "movdqu", after, "=x", value, *(p))
#define X86_STORE_VEC16(op, before, after, value, p)                                               \
    X86_STORE_VECTOR(op, before, "movdqu", after, "x", value, *(p))
#define X86_LOAD_VEC32(op, before, after, value, p)                                                \
    X86_LOAD_VECTOR(op, before, "vmovdqu", after, "=x", value, *(const vec32_place *)(p))
#define X86_STORE_VEC32(op, before, after, value, p)                                               \
    X86_STORE_VECTOR(op, before, "vmovdqu", after, "x", value, *(vec32_place *)(p))
#define X86_LOAD_VEC64(op, before, after, value, p)                                                \
    X86_LOAD_VECTOR(op, before, "vmovdqu64", after, "=v", value, *(const vec64_place *)(p))
#define X86_STORE_VEC64(op, before, after, value, p)                                               \
    X86_STORE_VECTOR(op, before, "vmovdqu64", after, "v", value, *(vec64_place *)(p))

#define MOV_LOAD(op, bits, value, p)                  X86_LOAD(op, bits, "", "", value, p)
#define MOV_LOAD_PAIR(op, low, high, p)               X86_LOAD_PAIR(op, "", "", low, high, p)
#define MOV_LOAD_VEC16(op, value, p)                  X86_LOAD_VEC16(op, "", "", value, p)
#define MOV_LOAD_VEC32(op, value, p)                  X86_LOAD_VEC32(op, "", "", value, p)
#define MOV_LOAD_VEC64(op, value, p)                  X86_LOAD_VEC64(op, "", "", value, p)
#define MOV_STORE(after, name, op, bits, value, p)    X86_STORE(op, bits, "", after, value, p)
#define MOV_STORE_PAIR(after, name, op, low, high, p) X86_STORE_PAIR(op, "", after, low, high, p)
#define MOV_STORE_VEC16(after, name, op, value, p)    X86_STORE_VEC16(op, "", after, value, p)
#define MOV_STORE_VEC32(after, name, op, value, p)    X86_STORE_VEC32(op, "", after, value, p)
#define MOV_STORE_VEC64(after, name, op, value, p)    X86_STORE_VEC64(op, "", after, value, p)

#define MOV_LOAD_SEQUENCE()                           .load = "MOV", .load_pair = "MOV; MOV"
#define MOV_STORE_SEQUENCE(after, name)               .store = "MOV" name, .store_pair = "MOV" name "; MOV" name
#define MOV_VEC_LOAD_SEQUENCE()                       .load_vec16 = "MOVDQU", .load_vec32 = "VMOVDQU"
#define MOV_VEC_STORE_SEQUENCE(after, name)                                                        \
    .store_vec16 = "MOVDQU" name, .store_vec32 = "VMOVDQU" name

/* XCHG: a store that is a fence too. */
#define XCHG_STORE(op, bits, value, p)                                                             \
    do {                                                                                           \
        __typeof__(*(p)) discarded_ = (value);                                                     \
        __asm__ volatile(RECORDED(op, #bits, X86_XCHG_##bits)                                      \
                         : "+q"(discarded_), "+m"(*(p))                                            \
                         :                                                                         \
                         : "memory");                                                              \
    } while (0)
#define XCHG_STORE_PAIR(op, low, high, p)                                                          \
    do {                                                                                           \
        uint64_t low_ = (low), high_ = (high);                                                     \
        __asm__ volatile(RECORDED(op, "", "xchgq %0, %2\n\txchgq %1, %3")                          \
                         : "+&r"(low_), "+r"(high_), "+m"((p)[0]), "+m"((p)[1])                    \
                         :                                                                         \
                         : "memory");                                                              \
    } while (0)
#define XCHG_STORE_SEQUENCE() .store = "XCHG", .store_pair = "XCHG; XCHG"

/* LOCKED: read-modify-writes. */
#define LOCKED_EXCHANGE(op, bits, old, value, p)                                                   \
    do {                                                                                           \
        (old) = (value);                                                                           \
        __asm__ volatile(RECORDED(op, #bits, X86_XCHG_##bits)                                      \
                         : "+q"(old), "+m"(*(p))                                                   \
                         :                                                                         \
                         : "memory");                                                              \
    } while (0)
#define LOCKED_COMPARE_EXCHANGE(op, bits, want, value, p)                                          \
    __asm__ volatile(RECORDED(op, #bits, X86_CMPXCHG_##bits)                                       \
                     : "+a"(want), "+m"(*(p))                                                      \
                     : "q"(value)                                                                  \
                     : "memory", "cc")
#define LOCKED_FETCH_ADD(op, bits, old, value, p)                                                  \
    do {                                                                                           \
        (old) = (value);                                                                           \
        __asm__ volatile(RECORDED(op, #bits, X86_XADD_##bits)                                      \
                         : "+q"(old), "+m"(*(p))                                                   \
                         :                                                                         \
                         : "memory", "cc");                                                        \
    } while (0)
/* 16 bytes, which must be aligned. */
#define LOCKED_COMPARE_EXCHANGE_PAIR(op, want, value, p)                                           \
    __asm__ volatile(RECORDED(op, "", "lock cmpxchg16b %[memory]")                                 \
                     : "+a"((want).low), "+d"((want).high), [memory] "+m"(*(struct pair *)(p))     \
                     : "b"((value).low), "c"((value).high)                                         \
                     : "memory", "cc")
#define LOCKED_RMW_SEQUENCE()                                                                      \
    .exchange = "XCHG", .compare_exchange = "LOCK CMPXCHG",                                        \
    .compare_exchange_pair = "LOCK CMPXCHG16B", .fetch_add = "LOCK XADD"

/* BARE, instruction, name: a fence. */
#define BARE_FENCE(instruction, name, op)                                                          \
    __asm__ volatile(RECORDED(op, "", instruction) : : : "memory", "cc")
#define BARE_FENCE_SEQUENCE(instruction, name) .fence = name

/* Fast strings: its stores may be in any order among themselves. */
#define COPY_WORD                                  "rep"
#define COPY_NEEDS                                 0
#define REP_COPY(after, name, op, to, from, bytes) X86_COPY(op, "", after, to, from, bytes)
#define X86_COPY(op, before, after, to, from, bytes)                                               \
    do {                                                                                           \
        uint8_t *to_ = (to);                                                                       \
        const uint8_t *from_ = (from);                                                             \
        uint64_t bytes_ = (bytes);                                                                 \
        __asm__ volatile(RECORDED(op, "", before "rep movsb" after)                                \
                         : "+D"(to_), "+S"(from_), "+c"(bytes_)                                    \
                         :                                                                         \
                         : "memory");                                                              \
    } while (0)
#define REP_COPY_SEQUENCE(after, name) .copy = "REP MOVSB" name

/* Private accesses under every lowering, data accesses under LOWERING_COVERAGE_SYNC. */
#define PLAIN_LOADS      MOV
#define PLAIN_STORES     MOV, THEN_NOTHING
#define PLAIN_VEC_LOADS  MOV
#define PLAIN_VEC_STORES MOV, THEN_NOTHING
#define PLAIN_COPIES     REP, THEN_NOTHING

#ifndef LOWERING_WORDS_ONLY
static inline void cpu_relax(void) {
    __asm__ volatile("pause");
}
#endif

/* The hints of spin.h, and SPIN_DO_<identifier>(bits, p, seen). */
#define SPIN_USUAL                    "pause"
#define SPIN_DO_usual(bits, p, seen)  SPIN_RECORDED("pause")
#define SPIN_PLAIN_HINTS(ROW, ...)    ROW(none, 0, __VA_ARGS__)
#define SPIN_WATCHING_HINTS(ROW, ...) /* none */

#endif
