/* SPDX-License-Identifier: MIT
 *
 * forms_aarch64.h: the forms that lowerings use, a line a form:
 *
 *   ROW(bits, identifier, "name", features, instructions)
 *
 * All address memory as [Xn], which every form can. The operands are %[value] and %[memory]; 16
 * bytes have %q[value], or %[low] and %[high] in a ROW of pairs.
 */
#ifndef FORMS_AARCH64_H
#define FORMS_AARCH64_H

#define FORM_MEMORY(p)             "Q"(*(p))

#define PLAIN_LOAD_FORM(ROW, bits) ROW(bits, plain, "ldr", 0, A64_MOVE_##bits("ldr"))
#define LOAD_FORMS(ROW, bits)                                                                      \
    ROW(bits, ldur, "ldur", 0, A64_MOVE_##bits("ldur"))                                            \
    ROW(bits, ldar, "ldar", 0, A64_MOVE_##bits("ldar"))                                            \
    ROW(bits, ldapr, "ldapr", FEATURE_LRCPC, A64_MOVE_##bits("ldapr"))                             \
    ROW(bits, ldapur, "ldapur", FEATURE_LRCPC2, A64_MOVE_##bits("ldapur"))                         \
    ROW(bits, ldxr, "ldxr", 0, A64_MOVE_##bits("ldxr"))                                            \
    ROW(bits, ldaxr, "ldaxr", 0, A64_MOVE_##bits("ldaxr"))                                         \
    ROW(bits, ldr_ishld, "ldr+dmb.ishld", 0, A64_MOVE_##bits("ldr") ISHLD_AFTER)                   \
    ROW(bits, ishld_ldr, "dmb.ishld+ldr", 0, ISHLD_BEFORE A64_MOVE_##bits("ldr"))                  \
    ROW(bits, ldr_ish, "ldr+dmb.ish", 0, A64_MOVE_##bits("ldr") ISH_AFTER)

#define LDR_Q                             "ldr %q[value], %[memory]"
#define LDP_X                             "ldp %x[low], %x[high], %[memory]"
#define PLAIN_VECTOR_LOAD_FORM(ROW, bits) ROW(bits, plain, "ldr", 0, LDR_Q)
#define VECTOR_LOAD_FORMS(ROW, bits)                                                               \
    ROW(bits, ldr_ishld, "ldr+dmb.ishld", 0, LDR_Q ISHLD_AFTER)                                    \
    ROW(bits, ishld_ldr, "dmb.ishld+ldr", 0, ISHLD_BEFORE LDR_Q)                                   \
    ROW(bits, ldapur, "ldapur", FEATURE_LRCPC3, A64_WORD_(LDAPUR_Q, "q[value]", "at"))
#define PAIR_LOAD_FORMS(ROW, bits)                                                                 \
    ROW(bits, ldp, "ldp", 0, LDP_X)                                                                \
    ROW(bits, ldp_ishld, "ldp+dmb.ishld", 0, LDP_X ISHLD_AFTER)                                    \
    ROW(bits, ldiapp, "ldiapp", FEATURE_LRCPC3, LDIAPP)

#define PLAIN_STORE_FORM(ROW, bits) ROW(bits, plain, "str", 0, A64_MOVE_##bits("str"))
#define STORE_FORMS(ROW, bits)                                                                     \
    ROW(bits, stur, "stur", 0, A64_MOVE_##bits("stur"))                                            \
    ROW(bits, stlr, "stlr", 0, A64_MOVE_##bits("stlr"))                                            \
    ROW(bits, stlur, "stlur", FEATURE_LRCPC2, A64_MOVE_##bits("stlur"))                            \
    ROW(bits, ish_str, "dmb.ish+str", 0, ISH_BEFORE A64_MOVE_##bits("str"))                        \
    ROW(bits, ishst_str, "dmb.ishst+str", 0, ISHST_BEFORE A64_MOVE_##bits("str"))                  \
    ROW(bits, both_str, "dmb.ishld+dmb.ishst+str", 0,                                              \
        ISHLD_BEFORE ISHST_BEFORE A64_MOVE_##bits("str"))                                          \
    ROW(bits, str_ish, "str+dmb.ish", 0, A64_MOVE_##bits("str") ISH_AFTER)

#define STR_Q                              "str %q[value], %[memory]"
#define STP_X                              "stp %x[low], %x[high], %[memory]"
#define PLAIN_VECTOR_STORE_FORM(ROW, bits) ROW(bits, plain, "str", 0, STR_Q)
#define VECTOR_STORE_FORMS(ROW, bits)                                                              \
    ROW(bits, ish_str, "dmb.ish+str", 0, ISH_BEFORE STR_Q)                                         \
    ROW(bits, ishst_str, "dmb.ishst+str", 0, ISHST_BEFORE STR_Q)                                   \
    ROW(bits, stlur, "stlur", FEATURE_LRCPC3, A64_WORD_(STLUR_Q, "q[value]", "at"))
#define PAIR_STORE_FORMS(ROW, bits)                                                                \
    ROW(bits, stp, "stp", 0, STP_X)                                                                \
    ROW(bits, ish_stp, "dmb.ish+stp", 0, ISH_BEFORE STP_X)                                         \
    ROW(bits, stilp, "stilp", FEATURE_LRCPC3, STILP)

#endif
