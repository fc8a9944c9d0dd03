/* SPDX-License-Identifier: MIT
 *
 * pairs.h: 16 bytes compared and exchanged by the forms of forms_<arch>.h, for whoever times them:
 * alone (form.h), or contended.
 */
#ifndef PAIRS_H
#define PAIRS_H

#include "access.h"

#if defined(__aarch64__)
#include "forms_aarch64.h"
#else
#include "forms_x86_64.h"
#endif

/* Forms are the same under every lowering: they are compiled once, with the baseline. */
#define FORMS_OF_plain 1
#define FORMS_HERE     CONCAT(FORMS_OF_, LOWERING_ID)

/* Both define pair_<id>(place, want, value): exchanges 16 bytes for `value` in both halves if
 * `want` is in both; what was there. In the first, `old` is "+&r", or "=&r" where the instructions
 * do not need `want`. */
#define DEFINE_PAIR_EXCHANGE(id, name, text, old)                                                  \
    ALWAYS_INLINE struct pair pair_##id(uint8_t *place, uint64_t want, uint64_t value) {           \
        register uint64_t low __asm__(FORM_LOW) = want, high __asm__(FORM_HIGH) = want;            \
        register uint64_t n __asm__(FORM_N) = value, m __asm__(FORM_M) = value;                    \
        __asm__ volatile(RECORDED_FORM(name, "64", text)                                           \
                         : [low] old(low), [high] old(high),                                       \
                           [memory] "+" FORM_MEMORY((struct pair *)(void *)place)                  \
                         : [n] "r"(n), [m] "r"(m), [at] "r"(place)                                 \
                         : "memory", "cc" FORM_FREE);                                              \
        return (struct pair){low, high};                                                           \
    }
#define DEFINE_PAIR_LOOP(id, name, text)                                                           \
    ALWAYS_INLINE struct pair pair_##id(uint8_t *place, uint64_t want, uint64_t n) {               \
        struct pair was;                                                                           \
        uint64_t fresh, spare;                                                                     \
        uint32_t status;                                                                           \
        __asm__ volatile(RECORDED_FORM(name, "64", text)                                           \
                         : [low] "=&r"(was.low), [high] "=&r"(was.high), [fresh] "=&r"(fresh),     \
                           [spare] "=&r"(spare), [status] "=&r"(status),                           \
                           [memory] "+" FORM_MEMORY((struct pair *)(void *)place)                  \
                         : [want] "r"(want), [n] "r"(n)                                            \
                         : "memory", "cc");                                                        \
        return was;                                                                                \
    }

#endif
