/* SPDX-License-Identifier: MIT
 *
 * forms_x86_64.h: the forms that lowerings use, a line a form:
 *
 *   ROW(bits, identifier, "name", features, instructions)
 *
 * The operands are %[value] and %[memory]; 16 bytes have %[value] in a vector register, or %[low],
 * %[high] and %[above], the memory of the latter, in a ROW of pairs; %[at] is the address.
 *
 * Forms AT_ONCE make of 16 aligned bytes one access on every CPU, while MOVAPS and MOVDQA do so
 * only on those with AVX: CMPXCHG16B, which compares with %[low] and %[high] in RAX and RDX and
 * writes
 * %[n] and %[m] in RBX and RCX, all of them 0 in a load.
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
    ROW(bits, movaps, "movaps", 0, "movaps %[memory], %[value]")                                   \
    ROW(bits, vmovdqa, "vmovdqa", FEATURE_AVX, "vmovdqa %[memory], %[value]")                      \
    ROW(bits, movdqu_lfence, "movdqu+lfence", 0, "movdqu %[memory], %[value]" LFENCE_AFTER)
#define PAIR_LOAD_FORMS(ROW, bits)                                                                 \
    ROW(bits, mov_mov, "mov+mov", 0, "movq %[memory], %[low]\n\tmovq %[above], %[high]")
#define AT_ONCE_LOAD_FORMS(LOOP_ROW, CASP_ROW, bits)                                               \
    CASP_ROW(bits, cmpxchg16b, "lock.cmpxchg16b", 0, X86_CMPXCHG16B)
#define X86_CMPXCHG16B              "lock cmpxchg16b %[memory]"

#define PLAIN_STORE_FORM(ROW, bits) ROW(bits, plain, "mov", 0, X86_STORES_##bits)
#define STORE_FORMS(ROW, bits)                                                                     \
    ROW(bits, xchg, "xchg", 0, X86_SWAPS_##bits)                                                   \
    ROW(bits, mov_mfence, "mov+mfence", 0, X86_STORES_##bits MFENCE_AFTER)                         \
    ROW(bits, mov_lock_add, "mov+lock.add", 0, X86_STORES_##bits "; " LOCK_ADD)                    \
    ROW(bits, mov_sfence, "mov+sfence", 0, X86_STORES_##bits SFENCE_AFTER)

#define PLAIN_VECTOR_STORE_FORM(ROW, bits)                                                         \
    ROW(bits, plain, "movdqu", 0, "movdqu %[value], %[memory]")
#define VECTOR_STORE_FORMS(ROW, bits)                                                              \
    ROW(bits, movdqa, "movdqa", 0, "movdqa %[value], %[memory]")                                   \
    ROW(bits, movaps, "movaps", 0, "movaps %[value], %[memory]")                                   \
    ROW(bits, vmovdqa, "vmovdqa", FEATURE_AVX, "vmovdqa %[value], %[memory]")                      \
    ROW(bits, vmovdqa_mfence, "vmovdqa+mfence", FEATURE_AVX,                                       \
        "vmovdqa %[value], %[memory]" MFENCE_AFTER)                                                \
    ROW(bits, movdqu_mfence, "movdqu+mfence", 0, "movdqu %[value], %[memory]" MFENCE_AFTER)        \
    ROW(bits, movdqu_lock_add, "movdqu+lock.add", 0,                                               \
        "movdqu %[value], %[memory]"                                                               \
        "; " LOCK_ADD)
#define PAIR_STORE_FORMS(ROW, bits)                                                                \
    ROW(bits, mov_mov, "mov+mov", 0, "movq %[low], %[memory]\n\tmovq %[high], %[above]")
#define AT_ONCE_STORE_FORMS(LOOP_ROW, CASP_ROW, bits)                                              \
    CASP_ROW(bits, cmpxchg16b, "mov+mov+lock.cmpxchg16b+jne", 0,                                   \
             "movq %[memory], %[low]\n\tmovq 8(%[at]), %[high]\n773:\n\t" X86_CMPXCHG16B           \
             "\n\tjne 773b")

/* Read-modify-writes, in kinds by their operands. All leave n where they find n - 1.
 * SUM_ROW adds %[one], or %[old], which is 1; SWAP_ROW writes %[old], which is n; both may have the
 * old value there. CAS_ROW compares with %[old] in RAX and writes %[n]. */
#define FORM_OLD             "+&r"
#define PLAIN_RMW_FORM(bits) SUM_ROW(bits, plain, "add", 0, X86_SUM_##bits)
#define RMW_FORMS(SUM_ROW, SWAP_ROW, CAS_ROW, FAIL_ROW, bits)                                      \
    SUM_ROW(bits, lock_add, "lock.add", 0, "lock " X86_SUM_##bits)                                 \
    SUM_ROW(bits, lock_xadd, "lock.xadd", 0, X86_SUMS_##bits)                                      \
    SWAP_ROW(bits, xchg, "xchg", 0, X86_SWAPS_OLD_##bits)                                          \
    CAS_ROW(bits, cmpxchg, "lock.cmpxchg", 0, X86_CAS_##bits)                                      \
    FAIL_ROW(bits, cmpxchg_fails, "lock.cmpxchg:fails", 0, X86_CAS_##bits)

/* 16 bytes, both halves alike: PAIR_SUM_ROW adds %[one]. */
#define PLAIN_PAIR_RMW_FORM(PAIR_SUM_ROW, bits)                                                    \
    PAIR_SUM_ROW(bits, plain, "add+add", 0, "addq %q[one], %[memory]\n\taddq %q[one], 8(%[at])")
#define PAIR_RMW_FORMS(LOOP_ROW, LOOP_FAIL_ROW, CASP_ROW, CASP_FAIL_ROW, bits)                     \
    CASP_ROW(bits, cmpxchg16b, "lock.cmpxchg16b", 0, X86_CMPXCHG16B)                               \
    CASP_FAIL_ROW(bits, cmpxchg16b_fails, "lock.cmpxchg16b:fails", 0, X86_CMPXCHG16B)

/* The registers of CASP_ROW. */
#define FORM_LOW         "rax"
#define FORM_HIGH        "rdx"
#define FORM_N           "rbx"
#define FORM_M           "rcx"
#define FORM_FREE        /* none */

#define X86_SUM_8        "addb %b[one], %[memory]"
#define X86_SUM_16       "addw %w[one], %[memory]"
#define X86_SUM_32       "addl %k[one], %[memory]"
#define X86_SUM_64       "addq %q[one], %[memory]"
#define X86_SUMS_8       "lock xaddb %b[old], %[memory]"
#define X86_SUMS_16      "lock xaddw %w[old], %[memory]"
#define X86_SUMS_32      "lock xaddl %k[old], %[memory]"
#define X86_SUMS_64      "lock xaddq %q[old], %[memory]"
#define X86_SWAPS_OLD_8  "xchgb %b[old], %[memory]"
#define X86_SWAPS_OLD_16 "xchgw %w[old], %[memory]"
#define X86_SWAPS_OLD_32 "xchgl %k[old], %[memory]"
#define X86_SWAPS_OLD_64 "xchgq %q[old], %[memory]"
#define X86_CAS_8        "lock cmpxchgb %b[n], %[memory]"
#define X86_CAS_16       "lock cmpxchgw %w[n], %[memory]"
#define X86_CAS_32       "lock cmpxchgl %k[n], %[memory]"
#define X86_CAS_64       "lock cmpxchgq %q[n], %[memory]"

/* Fences: ROW(identifier, "name", instructions). */
#define FENCE_FORMS(ROW)                                                                           \
    ROW(mfence, "mfence", "mfence")                                                                \
    ROW(lfence, "lfence", "lfence")                                                                \
    ROW(sfence, "sfence", "sfence")                                                                \
    ROW(lock_add, "lock.add", "lock addl $0, -4(%%rsp)")

/* Two accesses in turn, of 8 bytes: ROW(identifier, "name", features, instructions): %[value] to
 * %[memory], then %[second] to %[loaded]; or both of a kind. */
#define PLAIN_STORE_LOAD_FORM(ROW) ROW(plain, "mov+mov", 0, STORE_MOV "\n\t" LOAD_SECOND)
#define STORE_LOAD_FORMS(ROW)                                                                      \
    ROW(xchg_mov, "xchg+mov", 0, "xchgq %q[value], %[memory]\n\t" LOAD_SECOND)                     \
    ROW(mov_mfence_mov, "mov+mfence+mov", 0, STORE_MOV "\n\tmfence\n\t" LOAD_SECOND)               \
    ROW(mov_lock_add_mov, "mov+lock.add+mov", 0, STORE_MOV "; " LOCK_ADD "; " LOAD_SECOND)
#define PLAIN_LOAD_LOAD_FORM(ROW) ROW(plain, "mov+mov", 0, LOAD_MOV "\n\t" LOAD_SECOND)
#define LOAD_LOAD_FORMS(ROW)                                                                       \
    ROW(mov_lfence_mov, "mov+lfence+mov", 0, LOAD_MOV "\n\tlfence\n\t" LOAD_SECOND)
#define PLAIN_STORE_STORE_FORM(ROW) ROW(plain, "mov+mov", 0, STORE_MOV "\n\t" STORE_SECOND)
#define STORE_STORE_FORMS(ROW)                                                                     \
    ROW(mov_sfence_mov, "mov+sfence+mov", 0, STORE_MOV "\n\tsfence\n\t" STORE_SECOND)              \
    ROW(mov_mfence_mov, "mov+mfence+mov", 0, STORE_MOV "\n\tmfence\n\t" STORE_SECOND)
#define LOAD_MOV     "movq %[memory], %q[value]"
#define STORE_MOV    "movq %q[value], %[memory]"
#define LOAD_SECOND  "movq %[second], %q[loaded]"
#define STORE_SECOND "movq %q[value], %[second]"

#endif
