/* SPDX-License-Identifier: MIT
 *
 * asm/aarch64_words.h: the families LRCPC3 and LRCPC3_LANES. Binutils 2.40 and GCC 12 cannot
 * assemble FEAT_LRCPC3: here are the words of the architecture, with the register numbers put in by
 * the assembler. The audit takes them apart again.
 */
#ifndef ASM_AARCH64_WORDS_H
#define ASM_AARCH64_WORDS_H

#ifndef LOWERING_WORDS_ONLY
/* x0 and q0 are 0, and so on: what an operand is printed as becomes its number. */
__asm__(".irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, "
        "23, 24, 25, 26, 27, 28, 29, 30, 31\n\t"
        ".equ .Lnumber_x\\n, \\n\n\t"
        ".equ .Lnumber_q\\n, \\n\n\t"
        ".endr\n\t"
        ".equ .Lnumber_xzr, 31\n\t"
        ".equ .Lnumber_sp, 31");
#endif

#define A64_WORD(word, target, base)                                                               \
    ".inst " #word " | .Lnumber_%" target " | .Lnumber_%x[" base "] << 5"
#define A64_PAIR_WORD(word)           A64_WORD(word, "x[low]", "at") " | .Lnumber_%x[high] << 16"

#define LDIAPP                        A64_PAIR_WORD(0xd9401800)
#define STILP                         A64_PAIR_WORD(0xd9001800)
#define LDAPUR_Q                      0x1dc00800
#define STLUR_Q                       0x1d800800
#define LDAPUR_Q_16                   0x1dc10800 /* [Xn, #16] */
#define STLUR_Q_16                    0x1d810800
#define LDAP1_LANE_0                  0x0d418400
#define LDAP1_LANE_1                  0x4d418400
#define STL1_LANE_0                   0x0d018400
#define STL1_LANE_1                   0x4d018400
#define A64_WORD_(word, target, base) A64_WORD(word, target, base)

/* Pairs are one access. */
#define LRCPC3_LOAD(op, bits, value, p)  A64_LOAD(op, bits, "", "LDAPUR", "", value, A64_NEAR(p))
#define LRCPC3_STORE(op, bits, value, p) A64_STORE(op, bits, "", "STLUR", "", value, A64_NEAR(p))
#define LRCPC3_LOAD_PAIR(op, low_, high_, p)                                                       \
    __asm__ volatile(RECORDED(op, "", LDIAPP)                                                      \
                     : [low] "=r"(low_), [high] "=r"(high_)                                        \
                     : [at] "r"(p)                                                                 \
                     : "memory")
#define LRCPC3_STORE_PAIR(op, low_, high_, p)                                                      \
    __asm__ volatile(RECORDED(op, "", STILP)                                                       \
                     :                                                                             \
                     : [low] "rZ"(low_), [high] "rZ"(high_), [at] "r"(p)                           \
                     : "memory")
#define LRCPC3_LOAD_VEC16(op, value_, p)                                                           \
    __asm__ volatile(RECORDED(op, "", A64_WORD_(LDAPUR_Q, "q[value]", "at"))                       \
                     : [value] "=w"(value_)                                                        \
                     : [at] "r"(p)                                                                 \
                     : "memory")
#define LRCPC3_STORE_VEC16(op, value_, p)                                                          \
    __asm__ volatile(RECORDED(op, "", A64_WORD_(STLUR_Q, "q[value]", "at"))                        \
                     :                                                                             \
                     : [value] "w"(value_), [at] "r"(p)                                            \
                     : "memory")
#define LRCPC3_LOAD_VEC32(op, value, p)                                                            \
    __asm__ volatile(RECORDED(op, "",                                                              \
                              A64_WORD_(LDAPUR_Q, "q[first]",                                      \
                                        "at") "\n\t" A64_WORD_(LDAPUR_Q_16, "q[second]", "at"))    \
                     : [first] "=&w"((value).low), [second] "=w"((value).high)                     \
                     : [at] "r"(p)                                                                 \
                     : "memory")
#define LRCPC3_STORE_VEC32(op, value, p)                                                           \
    __asm__ volatile(RECORDED(op, "",                                                              \
                              A64_WORD_(STLUR_Q, "q[first]",                                       \
                                        "at") "\n\t" A64_WORD_(STLUR_Q_16, "q[second]", "at"))     \
                     :                                                                             \
                     : [first] "w"((value).low), [second] "w"((value).high), [at] "r"(p)           \
                     : "memory")
#define LRCPC3_LOAD_SEQUENCE()      .load = "LDAPUR", .load_pair = "LDIAPP"
#define LRCPC3_STORE_SEQUENCE()     .store = "STLUR", .store_pair = "STILP"
#define LRCPC3_VEC_LOAD_SEQUENCE()  .load_vec16 = "LDAPUR", .load_vec32 = "LDAPUR; LDAPUR"
#define LRCPC3_VEC_STORE_SEQUENCE() .store_vec16 = "STLUR", .store_vec32 = "STLUR; STLUR"

/* Lane by lane: single-copy atomic in each half on every CPU that has them. */
#define LRCPC3_LANES_LOAD_VEC16(op, value_, p)                                                     \
    __asm__ volatile(RECORDED(op, "",                                                              \
                              A64_WORD_(LDAP1_LANE_0, "q[value]",                                  \
                                        "at") "\n\t" A64_WORD_(LDAP1_LANE_1, "q[value]", "above")) \
                     : [value] "=&w"(value_)                                                       \
                     : [at] "r"(p), [above] "r"((const uint8_t *)(p) + 8)                          \
                     : "memory")
#define LRCPC3_LANES_STORE_VEC16(op, value_, p)                                                    \
    __asm__ volatile(RECORDED(op, "",                                                              \
                              A64_WORD_(STL1_LANE_0, "q[value]",                                   \
                                        "at") "\n\t" A64_WORD_(STL1_LANE_1, "q[value]", "above"))  \
                     :                                                                             \
                     : [value] "w"(value_), [at] "r"(p), [above] "r"((uint8_t *)(p) + 8)           \
                     : "memory")
#define LRCPC3_LANES_LOAD_VEC32  LRCPC3_LOAD_VEC32
#define LRCPC3_LANES_STORE_VEC32 LRCPC3_STORE_VEC32
#define LRCPC3_LANES_VEC_LOAD_SEQUENCE()                                                           \
    .load_vec16 = "LDAP1[0]; LDAP1[1]", .load_vec32 = "LDAPUR; LDAPUR"
#define LRCPC3_LANES_VEC_STORE_SEQUENCE()                                                          \
    .store_vec16 = "STL1[0]; STL1[1]", .store_vec32 = "STLUR; STLUR"

#endif
