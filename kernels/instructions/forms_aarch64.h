/* SPDX-License-Identifier: MIT
 *
 * forms_aarch64.h: the forms that lowerings use, a line a form:
 *
 *   ROW(bits, identifier, "name", features, instructions)
 *
 * All address memory as [Xn], which every form can. The operands are %[value] and %[memory]; 16
 * bytes have %q[value], or %[low] and %[high] in a ROW of pairs.
 *
 * Forms AT_ONCE make of 16 aligned bytes one access on every CPU, while LDR, LDP and their stores
 * do so only with FEAT_LSE2: exclusives whose store succeeds, and CASP. In LOOP_ROW what was there
 * comes into %[low] and %[high], and %[fresh], %[spare] and %[status] are free; what is written,
 * %[n], is both halves. CASP_ROW has registers as CASP wants them: %[low] and %[high] are X0 and
 * X1, and 0 in a load; %[n] and %[m] are X2 and X3; X4 and X5 are free.
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
#define AT_ONCE_LOAD_FORMS(LOOP_ROW, CASP_ROW, bits)                                               \
    LOOP_ROW(bits, ldxp, "ldxp+stxp+cbnz", 0, A64_REWRITE("ldxp"))                                 \
    LOOP_ROW(bits, ldaxp, "ldaxp+stxp+cbnz", 0, A64_REWRITE("ldaxp"))                              \
    LOOP_ROW(bits, ishld_ldxp, "dmb.ishld+ldxp+stxp+cbnz", 0, ISHLD_BEFORE A64_REWRITE("ldxp"))    \
    CASP_ROW(bits, casp, "casp", FEATURE_LSE, A64_CASP_ZERO("casp"))                               \
    CASP_ROW(bits, caspal, "caspal", FEATURE_LSE, A64_CASP_ZERO("caspal"))

#define A64_LOADXP(stem)            "773:\n\t" stem " %x[low], %x[high], %[memory]\n\t"
#define A64_REWRITE(stem)           A64_LOADXP(stem) "stxp %w[status], %x[low], %x[high], %[memory]" A64_RETRY
#define A64_CASP(stem)              stem " %x[low], %x[high], %x[n], %x[m], %[memory]"
#define A64_CASP_ZERO(stem)         stem " %x[low], %x[high], %x[low], %x[high], %[memory]"

#define PLAIN_STORE_FORM(ROW, bits) ROW(bits, plain, "str", 0, A64_MOVE_##bits("str"))
#define STORE_FORMS(ROW, bits)                                                                     \
    ROW(bits, stur, "stur", 0, A64_MOVE_##bits("stur"))                                            \
    ROW(bits, stlr, "stlr", 0, A64_MOVE_##bits("stlr"))                                            \
    ROW(bits, stlur, "stlur", FEATURE_LRCPC2, A64_MOVE_##bits("stlur"))                            \
    ROW(bits, ish_str, "dmb.ish+str", 0, ISH_BEFORE A64_MOVE_##bits("str"))                        \
    ROW(bits, ishst_str, "dmb.ishst+str", 0, ISHST_BEFORE A64_MOVE_##bits("str"))                  \
    ROW(bits, ishld_str, "dmb.ishld+str", 0, ISHLD_BEFORE A64_MOVE_##bits("str"))                  \
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
#define AT_ONCE_STORE_FORMS(LOOP_ROW, CASP_ROW, bits)                                              \
    LOOP_ROW(bits, ldxp, "ldxp+stxp+cbnz", 0, A64_OVERWRITE("stxp"))                               \
    LOOP_ROW(bits, ldxp_stlxp, "ldxp+stlxp+cbnz", 0, A64_OVERWRITE("stlxp"))                       \
    LOOP_ROW(bits, ish_ldxp, "dmb.ish+ldxp+stxp+cbnz", 0, ISH_BEFORE A64_OVERWRITE("stxp"))        \
    CASP_ROW(bits, caspal, "ldp+mov+mov+caspal+cmp+ccmp+b.ne", FEATURE_LSE, A64_CASP_LOOP)

#define A64_OVERWRITE(stem) A64_LOADXP("ldxp") stem " %w[status], %x[n], %x[n], %[memory]" A64_RETRY
#define A64_CASP_LOOP                                                                              \
    "ldp %x[low], %x[high], %[memory]\n773:\n\tmov x4, %x[low]\n\tmov x5, %x[high]\n\t" A64_CASP(  \
        "caspal") "\n\tcmp %x[low], x4\n\tccmp %x[high], x5, #0, eq\n\tb.ne 773b"

/* Read-modify-writes, in kinds by their operands. All leave n where they find n - 1.
 * SUM_ROW adds %[one], and may use %[fresh] and %[status]; SWAP_ROW writes %[n]; both have the old
 * value in %[old]. CAS_ROW compares with %[old]. */
#define FORM_OLD "=&r"
#define PLAIN_RMW_FORM(bits)                                                                       \
    SUM_ROW(bits, plain, "ldr+add+str", 0, A64_TAKE_##bits("ldr") ADD_ONE A64_LEAVE_##bits("str"))
#define RMW_FORMS(SUM_ROW, SWAP_ROW, CAS_ROW, FAIL_ROW, bits)                                      \
    SUM_ROW(bits, ldadd, "ldadd", FEATURE_LSE, A64_ADD_##bits("ldadd"))                            \
    SUM_ROW(bits, ldaddal, "ldaddal", FEATURE_LSE, A64_ADD_##bits("ldaddal"))                      \
    SUM_ROW(bits, ldadd_ish, "ldadd+dmb.ish", FEATURE_LSE, A64_ADD_##bits("ldadd") ISH_AFTER)      \
    SUM_ROW(bits, stadd, "stadd", FEATURE_LSE, A64_FORGET_##bits("stadd"))                         \
    SUM_ROW(bits, staddl, "staddl", FEATURE_LSE, A64_FORGET_##bits("staddl"))                      \
    SWAP_ROW(bits, swp, "swp", FEATURE_LSE, A64_SWAP_##bits("swp"))                                \
    SWAP_ROW(bits, swpal, "swpal", FEATURE_LSE, A64_SWAP_##bits("swpal"))                          \
    CAS_ROW(bits, cas, "cas", FEATURE_LSE, A64_CAS_##bits("cas"))                                  \
    CAS_ROW(bits, casal, "casal", FEATURE_LSE, A64_CAS_##bits("casal"))                            \
    FAIL_ROW(bits, cas_fails, "cas:fails", FEATURE_LSE, A64_CAS_##bits("cas"))                     \
    FAIL_ROW(bits, casal_fails, "casal:fails", FEATURE_LSE, A64_CAS_##bits("casal"))               \
    SUM_ROW(bits, ldxr, "ldxr+add+stxr+cbnz", 0,                                                   \
            A64_LOADX_##bits("ldxr") ADD_ONE A64_STOREX_##bits("stxr"))                            \
    SUM_ROW(bits, ldaxr, "ldaxr+add+stlxr+cbnz", 0,                                                \
            A64_LOADX_##bits("ldaxr") ADD_ONE A64_STOREX_##bits("stlxr"))

/* 16 bytes, both halves alike: PAIR_SUM_ROW adds %[one]; the others are as above. LOOP_ROW compares
 * with %[want], CASP_ROW with %[low] and %[high], and both write %[n] (and %[m]). With CSEL what
 * was there is written back where it is not what was wanted, so that the halves are of one moment.
 */
#define PLAIN_PAIR_RMW_FORM(PAIR_SUM_ROW, bits)                                                    \
    PAIR_SUM_ROW(bits, plain, "ldp+add+stp", 0,                                                    \
                 "ldp %x[low], %x[high], %[memory]\n\tadd %x[low], %x[low], %x[one]\n\t"           \
                 "stp %x[low], %x[low], %[memory]")
#define PAIR_RMW_FORMS(LOOP_ROW, LOOP_FAIL_ROW, CASP_ROW, CASP_FAIL_ROW, bits)                     \
    CASP_ROW(bits, casp, "casp", FEATURE_LSE, A64_CASP("casp"))                                    \
    CASP_ROW(bits, caspal, "caspal", FEATURE_LSE, A64_CASP("caspal"))                              \
    CASP_FAIL_ROW(bits, casp_fails, "casp:fails", FEATURE_LSE, A64_CASP("casp"))                   \
    CASP_FAIL_ROW(bits, caspal_fails, "caspal:fails", FEATURE_LSE, A64_CASP("caspal"))             \
    LOOP_ROW(bits, ldxp, LDXP_NAME, 0, A64_COMPARE_LOOP("ldxp", "stxp"))                           \
    LOOP_ROW(bits, ldaxp, LDAXP_NAME, 0, A64_COMPARE_LOOP("ldaxp", "stlxp"))                       \
    LOOP_ROW(bits, csel, CSEL_NAME, 0, A64_SELECT_LOOP("ldaxp", "stlxp"))                          \
    LOOP_FAIL_ROW(bits, ldxp_fails, LDXP_NAME ":fails", 0, A64_COMPARE_LOOP("ldxp", "stxp"))       \
    LOOP_FAIL_ROW(bits, ldaxp_fails, LDAXP_NAME ":fails", 0, A64_COMPARE_LOOP("ldaxp", "stlxp"))   \
    LOOP_FAIL_ROW(bits, csel_fails, CSEL_NAME ":fails", 0, A64_SELECT_LOOP("ldaxp", "stlxp"))

#define LDXP_NAME      "ldxp+cmp+ccmp+b.ne+stxp+cbnz"
#define LDAXP_NAME     "ldaxp+cmp+ccmp+b.ne+stlxp+cbnz"
#define CSEL_NAME      "ldaxp+cmp+ccmp+csel+csel+stlxp+cbnz"
#define A64_BOTH_EQUAL "cmp %x[low], %x[want]\n\tccmp %x[high], %x[want], #0, eq\n\t"
#define A64_COMPARE_LOOP(load, store)                                                              \
    A64_LOADXP(load)                                                                               \
    A64_BOTH_EQUAL "b.ne 774f\n\t" store " %w[status], %x[n], %x[n], %[memory]" A64_RETRY "\n774:"
#define A64_SELECT_LOOP(load, store)                                                               \
    A64_LOADXP(load)                                                                               \
    A64_BOTH_EQUAL                                                                                 \
    "csel %x[fresh], %x[n], %x[low], eq\n\tcsel %x[spare], %x[n], %x[high], eq\n\t" store          \
    " %w[status], %x[fresh], %x[spare], %[memory]" A64_RETRY

/* The registers of CASP_ROW. */
#define FORM_LOW            "x0"
#define FORM_HIGH           "x1"
#define FORM_N              "x2"
#define FORM_M              "x3"
#define FORM_FREE           , "x4", "x5"

#define ADD_ONE             "add %x[fresh], %x[old], %x[one]\n\t"
#define A64_TAKE_8(stem)    stem "b %w[old], %[memory]\n\t"
#define A64_TAKE_16(stem)   stem "h %w[old], %[memory]\n\t"
#define A64_TAKE_32(stem)   stem " %w[old], %[memory]\n\t"
#define A64_TAKE_64(stem)   stem " %x[old], %[memory]\n\t"
#define A64_LEAVE_8(stem)   stem "b %w[fresh], %[memory]"
#define A64_LEAVE_16(stem)  stem "h %w[fresh], %[memory]"
#define A64_LEAVE_32(stem)  stem " %w[fresh], %[memory]"
#define A64_LEAVE_64(stem)  stem " %x[fresh], %[memory]"
#define A64_ADD_8(stem)     stem "b %w[one], %w[old], %[memory]"
#define A64_ADD_16(stem)    stem "h %w[one], %w[old], %[memory]"
#define A64_ADD_32(stem)    stem " %w[one], %w[old], %[memory]"
#define A64_ADD_64(stem)    stem " %x[one], %x[old], %[memory]"
#define A64_FORGET_8(stem)  stem "b %w[one], %[memory]"
#define A64_FORGET_16(stem) stem "h %w[one], %[memory]"
#define A64_FORGET_32(stem) stem " %w[one], %[memory]"
#define A64_FORGET_64(stem) stem " %x[one], %[memory]"
#define A64_SWAP_8(stem)    stem "b %w[n], %w[old], %[memory]"
#define A64_SWAP_16(stem)   stem "h %w[n], %w[old], %[memory]"
#define A64_SWAP_32(stem)   stem " %w[n], %w[old], %[memory]"
#define A64_SWAP_64(stem)   stem " %x[n], %x[old], %[memory]"
#define A64_CAS_8(stem)     stem "b %w[old], %w[n], %[memory]"
#define A64_CAS_16(stem)    stem "h %w[old], %w[n], %[memory]"
#define A64_CAS_32(stem)    stem " %w[old], %w[n], %[memory]"
#define A64_CAS_64(stem)    stem " %x[old], %x[n], %[memory]"

/* Fences: ROW(identifier, "name", instructions). %[own] is a word on the stack. */
#define FENCE_FORMS(ROW)                                                                           \
    ROW(ish, "dmb.ish", "dmb ish")                                                                 \
    ROW(ishld, "dmb.ishld", "dmb ishld")                                                           \
    ROW(ishst, "dmb.ishst", "dmb ishst")                                                           \
    ROW(ishld_ishst, "dmb.ishld+dmb.ishst", "dmb ishld\n\tdmb ishst")                              \
    ROW(sy, "dmb.sy", "dmb sy")                                                                    \
    ROW(dsb, "dsb.ish", "dsb ish")                                                                 \
    ROW(isb, "isb", "isb")

/* Two accesses in turn, of 8 bytes: ROW(identifier, "name", features, instructions): %[value] to
 * %[memory], then %[second] to %[loaded]; or both of a kind. */
#define PLAIN_STORE_LOAD_FORM(ROW) ROW(plain, "str+ldr", 0, STORE_LOAD("str", "ldr"))
#define STORE_LOAD_FORMS(ROW)                                                                      \
    ROW(str_ldar, "str+ldar", 0, STORE_LOAD("str", "ldar"))                                        \
    ROW(str_ldapr, "str+ldapr", FEATURE_LRCPC, STORE_LOAD("str", "ldapr"))                         \
    ROW(stlr_ldr, "stlr+ldr", 0, STORE_LOAD("stlr", "ldr"))                                        \
    ROW(stlr_ldar, "stlr+ldar", 0, STORE_LOAD("stlr", "ldar"))                                     \
    ROW(stlr_ldapr, "stlr+ldapr", FEATURE_LRCPC, STORE_LOAD("stlr", "ldapr"))                      \
    ROW(stlur_ldapur, "stlur+ldapur", FEATURE_LRCPC2, STORE_LOAD("stlur", "ldapur"))               \
    ROW(str_ish_ldr, "str+dmb.ish+ldr", 0, STORE_LOAD("str", "dmb ish\n\tldr"))
#define PLAIN_LOAD_LOAD_FORM(ROW) ROW(plain, "ldr+ldr", 0, LOAD_LOAD("ldr", "ldr"))
#define LOAD_LOAD_FORMS(ROW)                                                                       \
    ROW(ldar_ldr, "ldar+ldr", 0, LOAD_LOAD("ldar", "ldr"))                                         \
    ROW(ldar_ldar, "ldar+ldar", 0, LOAD_LOAD("ldar", "ldar"))                                      \
    ROW(ldapr_ldr, "ldapr+ldr", FEATURE_LRCPC, LOAD_LOAD("ldapr", "ldr"))                          \
    ROW(ldapr_ldapr, "ldapr+ldapr", FEATURE_LRCPC, LOAD_LOAD("ldapr", "ldapr"))
#define PLAIN_STORE_STORE_FORM(ROW) ROW(plain, "str+str", 0, STORE_STORE("str", "str"))
#define STORE_STORE_FORMS(ROW)                                                                     \
    ROW(stlr_str, "stlr+str", 0, STORE_STORE("stlr", "str"))                                       \
    ROW(stlr_stlr, "stlr+stlr", 0, STORE_STORE("stlr", "stlr"))                                    \
    ROW(str_ishst_str, "str+dmb.ishst+str", 0, STORE_STORE("str", "dmb ishst\n\tstr"))
#define STORE_LOAD(first, then)  first " %x[value], %[memory]\n\t" then " %x[loaded], %[second]"
#define LOAD_LOAD(first, then)   first " %x[value], %[memory]\n\t" then " %x[loaded], %[second]"
#define STORE_STORE(first, then) first " %x[value], %[memory]\n\t" then " %x[value], %[second]"

#endif
