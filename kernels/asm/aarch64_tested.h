/* SPDX-License-Identifier: MIT
 *
 * asm/aarch64_tested.h: the family TESTED: accesses that test at run time whether their address is
 * aligned. A byte always is.
 */
#ifndef ASM_AARCH64_TESTED_H
#define ASM_AARCH64_TESTED_H

#define A64_IF_ALIGNED(mask) "tst %x[at], #" #mask "\n\tb.ne 773f\n\t"
#define A64_ELSE             "\n\tb 774f\n773:\n\t"
#define A64_END              "\n774:"

#define A64_LOAD_TESTED_(suffix, mask, value)                                                      \
    A64_IF_ALIGNED(mask)                                                                           \
    "ldapr" suffix value ", [%x[at]]" A64_ELSE "ldr" suffix value ", [%x[at]]" ISHLD_AFTER A64_END
#define A64_LOAD_TESTED_8  "ldaprb %w[value], [%x[at]]"
#define A64_LOAD_TESTED_16 A64_LOAD_TESTED_("h", 1, " %w[value]")
#define A64_LOAD_TESTED_32 A64_LOAD_TESTED_("", 3, " %w[value]")
#define A64_LOAD_TESTED_64 A64_LOAD_TESTED_("", 7, " %x[value]")
#define TESTED_LOAD(op, bits, value_, p)                                                           \
    __asm__ volatile(RECORDED(op, #bits, A64_LOAD_TESTED_##bits)                                   \
                     : [value] "=r"(value_)                                                        \
                     : [at] "r"(p)                                                                 \
                     : "memory", "cc")

#define A64_STORE_TESTED_(suffix, mask, value)                                                     \
    A64_IF_ALIGNED(mask)                                                                           \
    "stlr" suffix value ", [%x[at]]" A64_ELSE ISH_BEFORE "str" suffix value ", [%x[at]]" A64_END
#define A64_STORE_TESTED_8  "stlrb %w[value], [%x[at]]"
#define A64_STORE_TESTED_16 A64_STORE_TESTED_("h", 1, " %w[value]")
#define A64_STORE_TESTED_32 A64_STORE_TESTED_("", 3, " %w[value]")
#define A64_STORE_TESTED_64 A64_STORE_TESTED_("", 7, " %x[value]")
#define TESTED_STORE(op, bits, value_, p)                                                          \
    __asm__ volatile(RECORDED(op, #bits, A64_STORE_TESTED_##bits)                                  \
                     :                                                                             \
                     : [value] "rZ"(value_), [at] "r"(p)                                           \
                     : "memory", "cc")

/* Two registers: one test, and LDAPR has no pair form. */
#define TESTED_LOAD_PAIR(op, low_, high_, p)                                                       \
    __asm__ volatile(                                                                              \
        RECORDED(op, "",                                                                           \
                 A64_IF_ALIGNED(7) "ldapr %x[low], [%x[at]]\n\t"                                   \
                                   "ldapr %x[high], [%x[above]]" A64_ELSE                          \
                                   "ldp %x[low], %x[high], [%x[at]]" ISHLD_AFTER A64_END)          \
        : [low] "=&r"(low_), [high] "=r"(high_)                                                    \
        : [at] "r"(p), [above] "r"((p) + 1)                                                        \
        : "memory", "cc")
#define TESTED_STORE_PAIR(op, low_, high_, p)                                                      \
    __asm__ volatile(RECORDED(op, "",                                                              \
                              A64_IF_ALIGNED(7) "stlr %x[low], [%x[at]]\n\t"                       \
                                                "stlr %x[high], [%x[above]]" A64_ELSE ISH_BEFORE   \
                                                "stp %x[low], %x[high], [%x[at]]" A64_END)         \
                     :                                                                             \
                     : [low] "rZ"(low_), [high] "rZ"(high_), [at] "r"(p), [above] "r"((p) + 1)     \
                     : "memory", "cc")

#define TESTED_LOAD_SEQUENCE()                                                                     \
    .load_byte = "LDAPR", .load = "TST; B.NE; LDAPR; B; LDR; DMB ISHLD",                           \
    .load_pair = "TST; B.NE; LDAPR; LDAPR; B; LDP; DMB ISHLD"
#define TESTED_STORE_SEQUENCE()                                                                    \
    .store_byte = "STLR", .store = "TST; B.NE; STLR; B; DMB ISH; STR",                             \
    .store_pair = "TST; B.NE; STLR; STLR; B; DMB ISH; STP"

#endif
