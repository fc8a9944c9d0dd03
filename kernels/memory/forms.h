/* SPDX-License-Identifier: MIT
 *
 * forms.h: accesses to memory that no lowering makes, each an instruction that stands for itself
 * (asm/record.h): stores past the cache, whole lines of zeros, the CPU's own fill, structured
 * loads.
 */
#ifndef FORMS_H
#define FORMS_H

#include "element.h"

#if defined(__x86_64__)

#define DEFINE_STREAM(kind, type, place, bits, name, target, constraint)                           \
    ALWAYS_INLINE target void stream_store##kind(void *p, type value) {                            \
        __asm__ volatile(RECORDED_FORM(name, bits, name " %1, %0")                                 \
                         : "=m"(*(place *)p)                                                       \
                         : constraint(value)                                                       \
                         : "memory");                                                              \
    }
DEFINE_STREAM(64, uint64_t, uint64_t, "64", "movnti", , "r")
DEFINE_STREAM(_vec16, vec16, vec16_place, "128", "movntdq", , "x")
DEFINE_STREAM(_vec32, vec32, vec32_place, "256", "vmovntdq", VEC32_TARGET, "x")
DEFINE_STREAM(_vec64, vec64, vec64_place, "512", "vmovntdq", VEC64_TARGET, "v")
#undef DEFINE_STREAM

/* DEFINE(prefix, suffix, type, count, target) of each of them. */
#define DEFINE_STREAMS(DEFINE, prefix)                                                             \
    DEFINE(prefix, 64, uint64_t, 8, )                                                              \
    DEFINE(prefix, _vec16, vec16, 8, )                                                             \
    DEFINE(prefix, _vec32, vec32, 8, VEC32_TARGET)                                                 \
    DEFINE(prefix, _vec64, vec64, 4, VEC64_TARGET)
/* Variants by element: the reference, the store past the cache that is as wide, and at 8 `more`. */
#define STREAM_VARIANTS(prefix, reference, more)                                                   \
    [ELEMENT_1] = {reference}, [ELEMENT_16PAIR] = {reference}, [ELEMENT_ANY] = {reference},        \
    [ELEMENT_8] = {reference, {"movnti", VARIANT_FORM, 0, RUN_SYMBOL(prefix##64)}, more},          \
    [ELEMENT_16VEC] = {reference, {"movntdq", VARIANT_FORM, 0, RUN_SYMBOL(prefix##_vec16)}},       \
    [ELEMENT_32VEC] = {reference, {"vmovntdq", VARIANT_FORM, 0, RUN_SYMBOL(prefix##_vec32)}},      \
    [ELEMENT_64VEC] = {reference, {"vmovntdq", VARIANT_FORM, 0, RUN_SYMBOL(prefix##_vec64)}}

/* Puts the stores before it in order with those after it. */
ALWAYS_INLINE void stream_end(void) {
    __asm__ volatile(RECORDED_FORM("sfence", "", "sfence") : : : "memory");
}

#define FILL_FORM  "rep-stosb"
#define FILL_NEEDS 0
ALWAYS_INLINE void fill(uint8_t *to, uint8_t value, uint64_t bytes) {
    __asm__ volatile(RECORDED_FORM("rep.stos", "", "rep stosb")
                     : "+D"(to), "+c"(bytes)
                     : "a"(value)
                     : "memory");
}

#else

/* STNP is a hint, and orders nothing less than STP does. */
ALWAYS_INLINE void stream_store_pair(uint64_t *p, struct pair value) {
    __asm__ volatile(RECORDED_FORM("stnp", "64", "stnp %x1, %x2, %0")
                     : "=" A64_PAIR(p)
                     : "rZ"(value.low), "rZ"(value.high)
                     : "memory");
}
ALWAYS_INLINE void stream_store_vec32(void *p, vec32 value) {
    __asm__ volatile(RECORDED_FORM("stnp", "128", "stnp %q1, %q2, %0")
                     : "=" A64_PAIR((vec16_place *)p)
                     : "w"(value.low), "w"(value.high)
                     : "memory");
}
#define DEFINE_STREAMS(DEFINE, prefix)                                                             \
    DEFINE(prefix, _pair, struct pair, 4, )                                                        \
    DEFINE(prefix, _vec32, vec32, 8, )
#define STREAM_VARIANTS(prefix, reference, more)                                                   \
    [ELEMENT_1] = {reference}, [ELEMENT_16VEC] = {reference}, [ELEMENT_ANY] = {reference},         \
    [ELEMENT_8] = {reference, more},                                                               \
    [ELEMENT_16PAIR] = {reference, {"stnp", VARIANT_FORM, 0, RUN_SYMBOL(prefix##_pair)}},          \
    [ELEMENT_32VEC] = {reference, {"stnp", VARIANT_FORM, 0, RUN_SYMBOL(prefix##_vec32)}}

ALWAYS_INLINE void stream_end(void) {
}

#define FILL_FORM  "set-mops"
#define FILL_NEEDS FEATURE_MOPS
ALWAYS_INLINE void fill(uint8_t *to, uint8_t value, uint64_t bytes) {
    __asm__ volatile(RECORDED_FORM("setp+setm+sete", "",
                                   "setp [%0]!, %1!, %x2\n\tsetm [%0]!, %1!, %x2\n\t"
                                   "sete [%0]!, %1!, %x2")
                     : "+&r"(to), "+&r"(bytes)
                     : "r"(value)
                     : "memory", "cc");
}

/* 64 bytes: FEATURE_ZVA. */
ALWAYS_INLINE void zero_block(void *p) {
    __asm__ volatile(RECORDED_FORM("dc.zva", "", "dc zva, %0") : : "r"(p) : "memory");
}

ALWAYS_INLINE void barrier(void) {
    __asm__ volatile(RECORDED_FORM("dmb.ish", "", "dmb ish") : : : "memory");
}

#endif
#endif
