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

#define A64_ANY(p)  "m"(*(p))     /* LDR, STR: every form */
#define A64_BASE(p) "Q"(*(p))     /* LDAR, LDAPR, STLR, LSE: [Xn] */
#define A64_PAIR(p) A64_UMP(*(p)) /* LDP, STP of two such as *p */
/* LDAPUR, STLUR: [Xn, #simm9]. Ump on 4 bytes means -256 to 252 in steps of 4: GCC 12 has no
 * constraint for the rest, so there a byte or halfword costs an ADD that it need not. */
#define A64_NEAR(p) A64_UMP(*(uint32_t *)(void *)(p))
/* Clang has no Ump: it brings every address into a register, whatever the constraint.
 *
 * LSE, LDAPR, LDAPUR, STLUR and CPYF are known to the assembler; whether the CPU has them is asked
 * at run time. GCC's reads a file as one text, Clang's each statement by itself. */
#if defined(__clang__)
#define A64_UMP    "Q"
#define ASM_TARGET ".arch armv8.4-a+mops\n\t"
#else
#define A64_UMP    "Ump"
#define ASM_TARGET ""
__asm__(".arch armv8.4-a+mops");
#endif

#define ISH_BEFORE   "dmb ish\n\t"
#define ISHLD_BEFORE "dmb ishld\n\t"
#define ISHST_BEFORE "dmb ishst\n\t"
#define ISH_AFTER    "\n\tdmb ish"
#define ISHLD_AFTER  "\n\tdmb ishld"
/* FEX leaves room beside an ordered access for the barrier it may have to patch in; not beside
 * a byte, which is never unaligned. */
#define SLOT_BEFORE       "nop\n\t"
#define SLOT_AFTER        "\n\tnop"
#define SLOT_BEFORE_8     ""
#define SLOT_BEFORE_16    SLOT_BEFORE
#define SLOT_BEFORE_32    SLOT_BEFORE
#define SLOT_BEFORE_64    SLOT_BEFORE
#define SLOT_AFTER_8      ""
#define SLOT_AFTER_16     SLOT_AFTER
#define SLOT_AFTER_32     SLOT_AFTER
#define SLOT_AFTER_64     SLOT_AFTER

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
#define A64_LOAD_TWICE(op, stem, after, low_, high_, first_, second_)                              \
    __asm__ volatile(                                                                              \
        RECORDED(op, "", stem " %x[low], %[first]" after "\n\t" stem " %x[high], %[second]" after) \
        : [low] "=&r"(low_), [high] "=r"(high_)                                                    \
        : [first] first_, [second] second_                                                         \
        : "memory")
#define A64_STORE_TWICE(op, before, stem, low_, high_, first_, second_)                            \
    __asm__ volatile(                                                                              \
        RECORDED(op, "", before stem " %x[low], %[first]\n\t" before stem " %x[high], %[second]")  \
        : [first] "=" first_, [second] "=" second_                                                 \
        : [low] "rZ"(low_), [high] "rZ"(high_)                                                     \
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
                     : [memory] A64_PAIR((const vec16_place *)(p))                                 \
                     : "memory")
#define A64_STORE_VEC32(op, before, after, value, p)                                               \
    __asm__ volatile(RECORDED(op, "", before "stp %q[first], %q[second], %[memory]" after)         \
                     : [memory] "=" A64_PAIR((vec16_place *)(p))                                   \
                     : [first] "w"((value).low), [second] "w"((value).high)                        \
                     : "memory")

/* FEX's half barriers: what lowerings by ordered instructions do with vectors (VectorTSO), for
 * which those have no form below FEAT_LRCPC3, and what unaligned accesses are patched to. */
#define HALF_LOAD(op, bits, value, p)     A64_LOAD(op, bits, "", "ldr", ISHLD_AFTER, value, A64_ANY(p))
#define HALF_STORE(op, bits, value, p)    A64_STORE(op, bits, ISH_BEFORE, "str", "", value, A64_ANY(p))
#define HALF_LOAD_PAIR(op, low, high, p)  A64_LOAD_PAIR(op, "", ISHLD_AFTER, low, high, p)
#define HALF_STORE_PAIR(op, low, high, p) A64_STORE_PAIR(op, ISH_BEFORE, "", low, high, p)
#define HALF_LOAD_VEC16(op, value, p)     A64_LOAD_VEC16(op, "", ISHLD_AFTER, value, p)
#define HALF_STORE_VEC16(op, value, p)    A64_STORE_VEC16(op, ISH_BEFORE, "", value, p)
#define HALF_LOAD_VEC32(op, value, p)     A64_LOAD_VEC32(op, "", ISHLD_AFTER, value, p)
#define HALF_STORE_VEC32(op, value, p)    A64_STORE_VEC32(op, ISH_BEFORE, "", value, p)
#define HALF_VEC_SEQUENCE                                                                          \
    .load_vec16 = "LDR; DMB ISHLD", .store_vec16 = "DMB ISH; STR", .load_vec32 = "LDP; DMB ISHLD", \
    .store_vec32 = "DMB ISH; STP"

/* FEAT_MOPS. Its accesses are in no order with each other, which x86 allows the stores of a fast
 * REP MOVS too, nor with others: for that the barriers. No flags are kept, as FEX must. */
#define COPY_WORD  "mops"
#define COPY_NEEDS FEATURE_MOPS
#define A64_COPY(op, before, after, to, from, bytes)                                               \
    do {                                                                                           \
        uint8_t *to_ = (to);                                                                       \
        const uint8_t *from_ = (from);                                                             \
        uint64_t bytes_ = (bytes);                                                                 \
        __asm__ volatile(RECORDED(op, "",                                                          \
                                  before "cpyfp [%[t]]!, [%[f]]!, %[b]!\n\t"                       \
                                         "cpyfm [%[t]]!, [%[f]]!, %[b]!\n\t"                       \
                                         "cpyfe [%[t]]!, [%[f]]!, %[b]!" after)                    \
                         : [t] "+&r"(to_), [f] "+&r"(from_), [b] "+&r"(bytes_)                     \
                         :                                                                         \
                         : "memory", "cc");                                                        \
    } while (0)
#define DMB_COPY(op, to, from, bytes) A64_COPY(op, ISH_BEFORE, ISH_AFTER, to, from, bytes)
#define DMB_COPY_SEQUENCE             .copy = "DMB ISH; CPYFP; CPYFM; CPYFE; DMB ISH"

/* Plain accesses: private ones under every lowering, data ones under COVERAGE_SYNC. */
#define PLAIN_LOAD(op, bits, value, p)     A64_LOAD(op, bits, "", "ldr", "", value, A64_ANY(p))
#define PLAIN_STORE(op, bits, value, p)    A64_STORE(op, bits, "", "str", "", value, A64_ANY(p))
#define PLAIN_LOAD_PAIR(op, low, high, p)  A64_LOAD_PAIR(op, "", "", low, high, p)
#define PLAIN_STORE_PAIR(op, low, high, p) A64_STORE_PAIR(op, "", "", low, high, p)
#define PLAIN_LOAD_VEC16(op, value, p)     A64_LOAD_VEC16(op, "", "", value, p)
#define PLAIN_STORE_VEC16(op, value, p)    A64_STORE_VEC16(op, "", "", value, p)
#define PLAIN_LOAD_VEC32(op, value, p)     A64_LOAD_VEC32(op, "", "", value, p)
#define PLAIN_STORE_VEC32(op, value, p)    A64_STORE_VEC32(op, "", "", value, p)
#define PLAIN_COPY(op, to, from, bytes)    A64_COPY(op, "", "", to, from, bytes)
#define PLAIN_VEC_SEQUENCE                                                                         \
    .load_vec16 = "LDR", .store_vec16 = "STR", .load_vec32 = "LDP", .store_vec32 = "STP"
#define PLAIN_COPY_SEQUENCE .copy = "CPYFP; CPYFM; CPYFE"
#define PLAIN_SEQUENCE                                                                             \
    {                                                                                              \
        .load = "LDR", .store = "STR", .load_pair = "LDP", .store_pair = "STP",                    \
        PLAIN_VEC_SEQUENCE, PLAIN_COPY_SEQUENCE,                                                   \
    }

#include "aarch64_rmw.h"
#include "aarch64_tested.h"
#include "aarch64_words.h"

static inline void cpu_relax(void) {
    __asm__ volatile("yield");
}

#endif
