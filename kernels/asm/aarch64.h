/* SPDX-License-Identifier: MIT
 *
 * asm/aarch64.h: the instruction forms from which aarch64 lowerings are put together.
 *
 * A form takes the stem of an instruction ("ldr", "ldapr") and completes it for the width, and
 * `before` and `after`, further instructions of the same primitive (ISHLD_AFTER). How it may
 * address memory is the instruction's own limit, and part of its cost:
 */
#ifndef ASM_AARCH64_H
#define ASM_AARCH64_H

#define A64_ANY(p)  "m"(*(p))   /* LDR, STR: every form */
#define A64_BASE(p) "Q"(*(p))   /* LDAR, LDAPR, STLR, LSE: [Xn] */
#define A64_PAIR(p) "Ump"(*(p)) /* LDP, STP of two such as *p */
/* LDAPUR, STLUR: [Xn, #simm9]. Ump on 4 bytes means -256 to 252 in steps of 4: GCC 12 has no
 * constraint for the rest, so there a byte or halfword costs an ADD that it need not. */
#define A64_NEAR(p) "Ump"(*(uint32_t *)(void *)(p))

/* LSE, LDAPR, LDAPUR and STLUR. Whether the CPU has them is asked at run time. */
__asm__(".arch armv8.4-a");

#define ISH_BEFORE        "dmb ish\n\t"
#define ISHLD_BEFORE      "dmb ishld\n\t"
#define ISHST_BEFORE      "dmb ishst\n\t"
#define ISH_AFTER         "\n\tdmb ish"
#define ISHLD_AFTER       "\n\tdmb ishld"

#define A64_MOVE_8(stem)  stem "b %w[value], %[memory]"
#define A64_MOVE_16(stem) stem "h %w[value], %[memory]"
#define A64_MOVE_32(stem) stem " %w[value], %[memory]"
#define A64_MOVE_64(stem) stem " %x[value], %[memory]"

#define A64_LOAD(op, bits, before, stem, after, value_, memory_)                                   \
    __asm__ volatile(RECORDED(op, #bits, before A64_MOVE_##bits(stem) after)                       \
                     : [value] "=r"(value_)                                                        \
                     : [memory] memory_                                                            \
                     : "memory")
#define A64_STORE(op, bits, before, stem, after, value_, memory_)                                  \
    __asm__ volatile(RECORDED(op, #bits, before A64_MOVE_##bits(stem) after)                       \
                     : [memory] "=" memory_                                                        \
                     : [value] "rZ"(value_)                                                        \
                     : "memory")

/* One LDP or STP. */
#define A64_LOAD_PAIR(op, before, after, low_, high_, p)                                           \
    __asm__ volatile(RECORDED(op, "", before "ldp %x[low], %x[high], %[memory]" after)             \
                     : [low] "=r"(low_), [high] "=r"(high_)                                        \
                     : [memory] A64_PAIR(p)                                                        \
                     : "memory")
#define A64_STORE_PAIR(op, before, after, low_, high_, p)                                          \
    __asm__ volatile(RECORDED(op, "", before "stp %x[low], %x[high], %[memory]" after)             \
                     : [memory] "=" A64_PAIR(p)                                                    \
                     : [low] "rZ"(low_), [high] "rZ"(high_)                                        \
                     : "memory")
/* Ordered instructions have no pair form below FEAT_LRCPC3: two accesses. */
#define A64_LOAD_TWICE(op, stem, low_, high_, first_, second_)                                     \
    __asm__ volatile(RECORDED(op, "", stem " %x[low], %[first]\n\t" stem " %x[high], %[second]")   \
                     : [low] "=&r"(low_), [high] "=r"(high_)                                       \
                     : [first] first_, [second] second_                                            \
                     : "memory")
#define A64_STORE_TWICE(op, stem, low_, high_, first_, second_)                                    \
    __asm__ volatile(RECORDED(op, "", stem " %x[low], %[first]\n\t" stem " %x[high], %[second]")   \
                     : [first] "=" first_, [second] "=" second_                                    \
                     : [low] "rZ"(low_), [high] "rZ"(high_)                                        \
                     : "memory")

/* 32 bytes in two vector registers. A struct, since GCC keeps a 32-byte vector in memory here. */
struct vec32 {
    vec16 low, high;
};
typedef struct vec32 vec32; /* one name for both architectures */
#define VEC32_TARGET
#define VEC32_NEEDS 0

#define A64_LOAD_VEC16(op, before, after, value_, p)                                               \
    __asm__ volatile(RECORDED(op, "", before "ldr %q[value], %[memory]" after)                     \
                     : [value] "=w"(value_)                                                        \
                     : [memory] A64_ANY(p)                                                         \
                     : "memory")
#define A64_STORE_VEC16(op, before, after, value_, p)                                              \
    __asm__ volatile(RECORDED(op, "", before "str %q[value], %[memory]" after)                     \
                     : [memory] "=" A64_ANY(p)                                                     \
                     : [value] "w"(value_)                                                         \
                     : "memory")
#define A64_LOAD_VEC32(op, before, after, value, p)                                                \
    __asm__ volatile(RECORDED(op, "", before "ldp %q[first], %q[second], %[memory]" after)         \
                     : [first] "=w"((value).low), [second] "=w"((value).high)                      \
                     : [memory] A64_PAIR((const vec16 *)(p))                                       \
                     : "memory")
#define A64_STORE_VEC32(op, before, after, value, p)                                               \
    __asm__ volatile(RECORDED(op, "", before "stp %q[first], %q[second], %[memory]" after)         \
                     : [memory] "=" A64_PAIR((vec16 *)(p))                                         \
                     : [first] "w"((value).low), [second] "w"((value).high)                        \
                     : "memory")

/* Read-modify-writes: LSE with acquire and release. The WZR trap: SWPAL or LDADDAL into WZR (an
 * assembler may call the latter STADDL) is no acquire, and so no full barrier, which every locked
 * x86 instruction is. Here the old value is always an output, hence a live register. */
#define A64_RMW_8(stem)  stem "b %w[first], %w[second], %[memory]"
#define A64_RMW_16(stem) stem "h %w[first], %w[second], %[memory]"
#define A64_RMW_32(stem) stem " %w[first], %w[second], %[memory]"
#define A64_RMW_64(stem) stem " %x[first], %x[second], %[memory]"

#define A64_FETCH(op, bits, before, stem, after, old, value, p)                                    \
    __asm__ volatile(RECORDED(op, #bits, before A64_RMW_##bits(stem) after)                        \
                     : [second] "=r"(old), [memory] "+" A64_BASE(p)                                \
                     : [first] "r"(value)                                                          \
                     : "memory")
#define A64_EXCHANGE(op, bits, before, after, old, value, p)                                       \
    A64_FETCH(op, bits, before, "swpal", after, old, value, p)
#define A64_FETCH_ADD(op, bits, before, after, old, value, p)                                      \
    A64_FETCH(op, bits, before, "ldaddal", after, old, value, p)
#define A64_COMPARE_EXCHANGE(op, bits, before, after, want, value, p)                              \
    __asm__ volatile(RECORDED(op, #bits, before A64_RMW_##bits("casal") after)                     \
                     : [first] "+r"(want), [memory] "+" A64_BASE(p)                                \
                     : [second] "r"(value)                                                         \
                     : "memory")
#define A64_FENCE(op) __asm__ volatile(RECORDED(op, "", "dmb ish") : : : "memory")

/* Bare read-modify-writes: what all lowerings but dmb-full have. */
#define AL_EXCHANGE(op, bits, old, value, p)  A64_EXCHANGE(op, bits, "", "", old, value, p)
#define AL_FETCH_ADD(op, bits, old, value, p) A64_FETCH_ADD(op, bits, "", "", old, value, p)
#define AL_COMPARE_EXCHANGE(op, bits, want, value, p)                                              \
    A64_COMPARE_EXCHANGE(op, bits, "", "", want, value, p)

/* FEX's half barriers with VectorTSO: what lowerings by ordered instructions do with vectors,
 * for which those have no form below FEAT_LRCPC3. */
#define HALF_LOAD_VEC16(op, value, p)  A64_LOAD_VEC16(op, "", ISHLD_AFTER, value, p)
#define HALF_STORE_VEC16(op, value, p) A64_STORE_VEC16(op, ISH_BEFORE, "", value, p)
#define HALF_LOAD_VEC32(op, value, p)  A64_LOAD_VEC32(op, "", ISHLD_AFTER, value, p)
#define HALF_STORE_VEC32(op, value, p) A64_STORE_VEC32(op, ISH_BEFORE, "", value, p)

/* Plain accesses: private ones under every lowering, data ones under COVERAGE_SYNC. */
#define PLAIN_LOAD(op, bits, value, p)     A64_LOAD(op, bits, "", "ldr", "", value, A64_ANY(p))
#define PLAIN_STORE(op, bits, value, p)    A64_STORE(op, bits, "", "str", "", value, A64_ANY(p))
#define PLAIN_LOAD_PAIR(op, low, high, p)  A64_LOAD_PAIR(op, "", "", low, high, p)
#define PLAIN_STORE_PAIR(op, low, high, p) A64_STORE_PAIR(op, "", "", low, high, p)
#define PLAIN_LOAD_VEC16(op, value, p)     A64_LOAD_VEC16(op, "", "", value, p)
#define PLAIN_STORE_VEC16(op, value, p)    A64_STORE_VEC16(op, "", "", value, p)
#define PLAIN_LOAD_VEC32(op, value, p)     A64_LOAD_VEC32(op, "", "", value, p)
#define PLAIN_STORE_VEC32(op, value, p)    A64_STORE_VEC32(op, "", "", value, p)
#define PLAIN_SEQUENCE                                                                             \
    {                                                                                              \
        .load = "LDR", .store = "STR", .load_pair = "LDP", .store_pair = "STP",                    \
        .load_vec16 = "LDR", .store_vec16 = "STR", .load_vec32 = "LDP", .store_vec32 = "STP",      \
    }

static inline void cpu_relax(void) {
    __asm__ volatile("yield");
}

#endif
