/* SPDX-License-Identifier: MIT
 *
 * forms_x86_64.h: the forms that lowerings use, a line a form:
 *
 *   ROW(bits, identifier, "name", features, instructions)
 *
 * The operands are %[value] and %[memory]; 16 bytes have %[value] in a vector register, or %[low],
 * %[high] and %[above], the memory of the latter, in a ROW of pairs.
 */
#ifndef FORMS_X86_64_H
#define FORMS_X86_64_H

#define FORM_MEMORY(p)             "m"(*(p))

#define X86_LOADS_8                "movzbl %[memory], %k[value]"
#define X86_LOADS_16               "movzwl %[memory], %k[value]"
#define X86_LOADS_32               "movl %[memory], %k[value]"
#define X86_LOADS_64               "movq %[memory], %q[value]"
#define X86_STORES_8               "movb %b[value], %[memory]"
#define X86_STORES_16              "movw %w[value], %[memory]"
#define X86_STORES_32              "movl %k[value], %[memory]"
#define X86_STORES_64              "movq %q[value], %[memory]"
#define X86_SWAPS_8                "xchgb %b[value], %[memory]"
#define X86_SWAPS_16               "xchgw %w[value], %[memory]"
#define X86_SWAPS_32               "xchgl %k[value], %[memory]"
#define X86_SWAPS_64               "xchgq %q[value], %[memory]"
#define MFENCE_AFTER               "\n\tmfence"
#define LFENCE_AFTER               "\n\tlfence"
#define SFENCE_AFTER               "\n\tsfence"

#define PLAIN_LOAD_FORM(ROW, bits) ROW(bits, plain, "mov", 0, X86_LOADS_##bits)
#define LOAD_FORMS(ROW, bits)                                                                      \
    ROW(bits, mov_lfence, "mov+lfence", 0, X86_LOADS_##bits LFENCE_AFTER)                          \
    ROW(bits, mfence_mov, "mfence+mov", 0, "mfence\n\t" X86_LOADS_##bits)

#define PLAIN_VECTOR_LOAD_FORM(ROW, bits)                                                          \
    ROW(bits, plain, "movdqu", 0, "movdqu %[memory], %[value]")
#define VECTOR_LOAD_FORMS(ROW, bits)                                                               \
    ROW(bits, movdqa, "movdqa", 0, "movdqa %[memory], %[value]")                                   \
    ROW(bits, movdqu_lfence, "movdqu+lfence", 0, "movdqu %[memory], %[value]" LFENCE_AFTER)
#define PAIR_LOAD_FORMS(ROW, bits)                                                                 \
    ROW(bits, mov_mov, "mov+mov", 0, "movq %[memory], %[low]\n\tmovq %[above], %[high]")

#define PLAIN_STORE_FORM(ROW, bits) ROW(bits, plain, "mov", 0, X86_STORES_##bits)
#define STORE_FORMS(ROW, bits)                                                                     \
    ROW(bits, xchg, "xchg", 0, X86_SWAPS_##bits)                                                   \
    ROW(bits, mov_mfence, "mov+mfence", 0, X86_STORES_##bits MFENCE_AFTER)                         \
    ROW(bits, mov_lock_add, "mov+lock.add", 0, X86_STORES_##bits X86_LOCK_ADD)                     \
    ROW(bits, mov_sfence, "mov+sfence", 0, X86_STORES_##bits SFENCE_AFTER)

#define PLAIN_VECTOR_STORE_FORM(ROW, bits)                                                         \
    ROW(bits, plain, "movdqu", 0, "movdqu %[value], %[memory]")
#define VECTOR_STORE_FORMS(ROW, bits)                                                              \
    ROW(bits, movdqa, "movdqa", 0, "movdqa %[value], %[memory]")                                   \
    ROW(bits, movdqu_mfence, "movdqu+mfence", 0, "movdqu %[value], %[memory]" MFENCE_AFTER)        \
    ROW(bits, movdqu_lock_add, "movdqu+lock.add", 0, "movdqu %[value], %[memory]" X86_LOCK_ADD)
#define PAIR_STORE_FORMS(ROW, bits)                                                                \
    ROW(bits, mov_mov, "mov+mov", 0, "movq %[low], %[memory]\n\tmovq %[high], %[above]")

#endif
