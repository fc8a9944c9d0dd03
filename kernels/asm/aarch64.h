/* SPDX-License-Identifier: MIT
 *
 * asm/aarch64.h: the families of instructions from which aarch64 lowerings choose (lowering.h).
 *
 * A family's first parameters are what a lowering says after its name: the instruction, as a stem
 * ("LDAPR") that is completed for the width, or further instructions `before` and `after` it
 * (ISHLD_AFTER). How an instruction may address memory is its own limit, and part of its cost:
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
 * LSE, LDAPR, LDAPUR, STLUR, CPYF and SB are known to the assembler; whether the CPU has them is
 * asked at run time. GCC's reads a file as one text, Clang's each statement by itself. */
#if defined(__clang__)
#define A64_UMP    "Q"
#define ASM_TARGET ".arch armv8.4-a+mops+sb\n\t"
#elif !defined(LOWERING_WORDS_ONLY)
#define A64_UMP    "Ump"
#define ASM_TARGET ""
__asm__(".arch armv8.4-a+mops+sb");
#endif

/* Upper case, and "; " between instructions, so that one text is the assembler's and the promise's
 * (struct sequence). */
#define ISH_BEFORE        "DMB ISH; "
#define ISHLD_BEFORE      "DMB ISHLD; "
#define ISHST_BEFORE      "DMB ISHST; "
#define ISH_AFTER         "; DMB ISH"
#define ISHLD_AFTER       "; DMB ISHLD"

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

/* Ordered instructions have no pair form below FEAT_LRCPC3: two accesses. */
#define A64_LOAD_TWICE(op, before, stem, after, low_, high_, first_, second_)                      \
    __asm__ volatile(RECORDED(op, "",                                                              \
                              before stem " %x[low], %[first]" after "\n\t" before stem            \
                                          " %x[high], %[second]" after)                            \
                     : [low] "=&r"(low_), [high] "=r"(high_)                                       \
                     : [first] first_, [second] second_                                            \
                     : "memory")
#define A64_STORE_TWICE(op, before, stem, after, low_, high_, first_, second_)                     \
    __asm__ volatile(RECORDED(op, "",                                                              \
                              before stem " %x[low], %[first]" after "\n\t" before stem            \
                                          " %x[high], %[second]" after)                            \
                     : [first] "=" first_, [second] "=" second_                                    \
                     : [low] "rZ"(low_), [high] "rZ"(high_)                                        \
                     : "memory")

/* ORDERED, stem, address: an ordered instruction and nothing else. */
#define ORDERED_LOAD(stem, address, op, bits, value, p)                                            \
    A64_LOAD(op, bits, "", stem, "", value, address(p))
#define ORDERED_LOAD_PAIR(stem, address, op, low, high, p)                                         \
    A64_LOAD_TWICE(op, "", stem, "", low, high, address(p), address((p) + 1))
#define ORDERED_LOAD_SEQUENCE(stem, address) .load = stem, .load_pair = stem "; " stem
#define ORDERED_STORE(stem, address, op, bits, value, p)                                           \
    A64_STORE(op, bits, "", stem, "", value, address(p))
#define ORDERED_STORE_PAIR(stem, address, op, low, high, p)                                        \
    A64_STORE_TWICE(op, "", stem, "", low, high, address(p), address((p) + 1))
#define ORDERED_STORE_SEQUENCE(stem, address) .store = stem, .store_pair = stem "; " stem

/* SLOTTED, stem, address: FEX leaves room beside an ordered access for the barrier it may have to
 * patch in; not beside a byte, which is never unaligned. */
#define SLOTTED_LOAD(stem, address, op, bits, value, p)                                            \
    A64_LOAD(op, bits, "", stem, SLOT_AFTER_##bits, value, address(p))
#define SLOTTED_LOAD_PAIR(stem, address, op, low, high, p)                                         \
    A64_LOAD_TWICE(op, "", stem, SLOT_AFTER_64, low, high, address(p), address((p) + 1))
#define SLOTTED_LOAD_SEQUENCE(stem, address)                                                       \
    .load_byte = stem SLOT_AFTER_8, .load = stem SLOT_AFTER_64,                                    \
    .load_pair = stem SLOT_AFTER_64 "; " stem SLOT_AFTER_64
#define SLOTTED_STORE(stem, address, op, bits, value, p)                                           \
    A64_STORE(op, bits, SLOT_BEFORE_##bits, stem, "", value, address(p))
#define SLOTTED_STORE_PAIR(stem, address, op, low, high, p)                                        \
    A64_STORE_TWICE(op, SLOT_BEFORE_64, stem, "", low, high, address(p), address((p) + 1))
#define SLOTTED_STORE_SEQUENCE(stem, address)                                                      \
    .store_byte = SLOT_BEFORE_8 stem, .store = SLOT_BEFORE_64 stem,                                \
    .store_pair = SLOT_BEFORE_64 stem "; " SLOT_BEFORE_64 stem
#define SLOT_BEFORE_8  ""
#define SLOT_BEFORE_16 "NOP; "
#define SLOT_BEFORE_32 "NOP; "
#define SLOT_BEFORE_64 "NOP; "
#define SLOT_AFTER_8   ""
#define SLOT_AFTER_16  "; NOP"
#define SLOT_AFTER_32  "; NOP"
#define SLOT_AFTER_64  "; NOP"

/* PLAIN, before, after: LDR, STR and their pairs with other instructions around them. */
#define PLAIN_LOAD(before, after, op, bits, value, p)                                              \
    A64_LOAD(op, bits, before, "LDR", after, value, A64_ANY(p))
#define PLAIN_LOAD_PAIR(before, after, op, low_, high_, p)                                         \
    __asm__ volatile(RECORDED(op, "", before "LDP %x[low], %x[high], %[memory]" after)             \
                     : [low] "=r"(low_), [high] "=r"(high_)                                        \
                     : [memory] A64_PAIR(p)                                                        \
                     : "memory")
#define PLAIN_LOAD_SEQUENCE(before, after)                                                         \
    .load = before "LDR" after, .load_pair = before "LDP" after
#define PLAIN_STORE(before, after, op, bits, value, p)                                             \
    A64_STORE(op, bits, before, "STR", after, value, A64_ANY(p))
#define PLAIN_STORE_PAIR(before, after, op, low_, high_, p)                                        \
    __asm__ volatile(RECORDED(op, "", before "STP %x[low], %x[high], %[memory]" after)             \
                     : [memory] "=" A64_PAIR(p)                                                    \
                     : [low] "rZ"(low_), [high] "rZ"(high_)                                        \
                     : "memory")
#define PLAIN_STORE_SEQUENCE(before, after)                                                        \
    .store = before "STR" after, .store_pair = before "STP" after

/* BRANCHED: a plain load, and a branch on what it has read that goes to the next instruction either
 * way: stores after it wait for the load, by control dependence, and loads do not. */
#define A64_BRANCH(operand) "; CBNZ %x[" operand "], 773f\n773:"
#define BRANCHED_LOAD(op, bits, value, p)                                                          \
    A64_LOAD(op, bits, "", "LDR", A64_BRANCH("value"), value, A64_ANY(p))
#define BRANCHED_LOAD_PAIR(op, low_, high_, p)                                                     \
    __asm__ volatile(RECORDED(op, "",                                                              \
                              "LDR %x[low], %[first]" A64_BRANCH(                                  \
                                  "low") "\n\t"                                                    \
                                         "LDR %x[high], %[second]" A64_BRANCH("high"))             \
                     : [low] "=&r"(low_), [high] "=r"(high_)                                       \
                     : [first] A64_ANY(p), [second] A64_ANY((p) + 1)                               \
                     : "memory")
#define BRANCHED_LOAD_SEQUENCE() .load = "LDR; CBNZ", .load_pair = "LDR; CBNZ; LDR; CBNZ"

#ifndef LOWERING_WORDS_ONLY
/* 32 bytes in two vector registers. A struct, since GCC keeps a 32-byte vector in memory here. */
struct vec32 {
    vec16 low, high;
};
typedef struct vec32 vec32; /* one name for both architectures */
#endif
#define VEC32_TARGET
#define VEC32_NEEDS 0

#define PLAIN_LOAD_VEC16(before, after, op, value_, p)                                             \
    __asm__ volatile(RECORDED(op, "", before "LDR %q[value], %[memory]" after)                     \
                     : [value] "=w"(value_)                                                        \
                     : [memory] A64_ANY(p)                                                         \
                     : "memory")
#define PLAIN_LOAD_VEC32(before, after, op, value, p)                                              \
    __asm__ volatile(RECORDED(op, "", before "LDP %q[first], %q[second], %[memory]" after)         \
                     : [first] "=w"((value).low), [second] "=w"((value).high)                      \
                     : [memory] A64_PAIR((const vec16_place *)(p))                                 \
                     : "memory")
#define PLAIN_VEC_LOAD_SEQUENCE(before, after)                                                     \
    .load_vec16 = before "LDR" after, .load_vec32 = before "LDP" after
#define PLAIN_STORE_VEC16(before, after, op, value_, p)                                            \
    __asm__ volatile(RECORDED(op, "", before "STR %q[value], %[memory]" after)                     \
                     : [memory] "=" A64_ANY(p)                                                     \
                     : [value] "w"(value_)                                                         \
                     : "memory")
#define PLAIN_STORE_VEC32(before, after, op, value, p)                                             \
    __asm__ volatile(RECORDED(op, "", before "STP %q[first], %q[second], %[memory]" after)         \
                     : [memory] "=" A64_PAIR((vec16_place *)(p))                                   \
                     : [first] "w"((value).low), [second] "w"((value).high)                        \
                     : "memory")
#define PLAIN_VEC_STORE_SEQUENCE(before, after)                                                    \
    .store_vec16 = before "STR" after, .store_vec32 = before "STP" after

/* FEAT_MOPS. Its accesses are in no order with each other, which x86 allows the stores of a fast
 * REP MOVS too, nor with others: for that the barriers. No flags are kept, as FEX must. */
#define COPY_WORD  "mops"
#define COPY_NEEDS FEATURE_MOPS
#define PLAIN_COPY(before, after, op, to, from, bytes)                                             \
    do {                                                                                           \
        uint8_t *to_ = (to);                                                                       \
        const uint8_t *from_ = (from);                                                             \
        uint64_t bytes_ = (bytes);                                                                 \
        __asm__ volatile(RECORDED(op, "",                                                          \
                                  before "CPYFP [%[t]]!, [%[f]]!, %[b]!\n\t"                       \
                                         "CPYFM [%[t]]!, [%[f]]!, %[b]!\n\t"                       \
                                         "CPYFE [%[t]]!, [%[f]]!, %[b]!" after)                    \
                         : [t] "+&r"(to_), [f] "+&r"(from_), [b] "+&r"(bytes_)                     \
                         :                                                                         \
                         : "memory", "cc");                                                        \
    } while (0)
#define PLAIN_COPY_SEQUENCE(before, after) .copy = before "CPYFP; CPYFM; CPYFE" after

/* Private accesses under every lowering, data accesses under LOWERING_COVERAGE_SYNC. */
#define PLAIN_LOADS      PLAIN, "", ""
#define PLAIN_STORES     PLAIN, "", ""
#define PLAIN_VEC_LOADS  PLAIN, "", ""
#define PLAIN_VEC_STORES PLAIN, "", ""
#define PLAIN_COPIES     PLAIN, "", ""

#include "aarch64_rmw.h"
#include "aarch64_tested.h"
#include "aarch64_words.h"

#ifndef LOWERING_WORDS_ONLY
static inline void cpu_relax(void) {
    __asm__ volatile("yield");
}
#endif

/* The hints of spin.h, and SPIN_DO_<identifier>(bits, p, seen). */
#define SPIN_USUAL                   "yield"
#define SPIN_DO_usual(bits, p, seen) SPIN_RECORDED("yield")
#define SPIN_PLAIN_HINTS(ROW, ...)                                                                 \
    ROW(none, 0, __VA_ARGS__) ROW(isb, 0, __VA_ARGS__) ROW(sb, FEATURE_SB, __VA_ARGS__)
#define SPIN_DO_isb(bits, p, seen) SPIN_RECORDED("isb")
#define SPIN_DO_sb(bits, p, seen)  SPIN_RECORDED("sb")
/* WFE sleeps until an event comes. One comes when another CPU takes the line that this one's
 * exclusive monitor watches, so the word is loaded once more, by LDXR, and WFE is passed by if it
 * has changed. An event from before is used up first by a SEVL and a WFE (as __cmpwait() of Linux).
 */
#define SPIN_WATCHING_HINTS(ROW, ...) ROW(wfe, 0, __VA_ARGS__)
#define SPIN_DO_wfe(bits, p, seen_)                                                                \
    do {                                                                                           \
        uint64_t now_;                                                                             \
        __asm__ volatile(RECORDED_FORM("sevl+wfe+ldxr+eor+cbnz+wfe", #bits, SPIN_WATCH_##bits)     \
                         : [now] "=&r"(now_)                                                       \
                         : [word] "Q"(*(p)), [seen] "r"(seen_)                                     \
                         : "memory");                                                              \
    } while (0)
#define SPIN_WATCH_32 SPIN_WATCH_("w")
#define SPIN_WATCH_64 SPIN_WATCH_("x")
#define SPIN_WATCH_(width)                                                                         \
    "sevl\n\twfe\n\tldxr %" width "[now], %[word]\n\t"                                             \
    "eor %" width "[now], %" width "[now], %" width "[seen]\n\t"                                   \
    "cbnz %" width "[now], 773f\n\twfe\n773:"

#endif
