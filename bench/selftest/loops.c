/* SPDX-License-Identifier: MIT */
#include "selftest/loops.h"

#include <stddef.h>
#include <string.h>

#include "kernels/needs.h"

#define TEN(text) text text text text text text text text text text

#if defined(__aarch64__)
/* The status of a store-exclusive, and what a compare-and-swap compares, are of x9 and w10. */
#define LOOP(name, instructions)                                                                   \
    static void name(uint64_t *word) {                                                             \
        uint64_t left = LOOP_COUNT / 10;                                                           \
        __asm__ volatile(".arch_extension lse\n\t.arch_extension rcpc\n\tmov x9, xzr\n"            \
                         "1:\n\t" TEN(instructions "\n\t") "subs %0, %0, #1\n\tb.ne 1b"            \
                         : "+r"(left)                                                              \
                         : "r"(word)                                                               \
                         : "x9", "x10", "cc", "memory");                                           \
    }
LOOP(loads, "ldr x9, [%1]")
LOOP(stores, "str xzr, [%1]")
LOOP(ldar, "ldar x9, [%1]")
LOOP(ldapr, "ldapr x9, [%1]")
LOOP(stlr, "stlr xzr, [%1]")
LOOP(dmb_ish, "dmb ish")
LOOP(dmb_ishld, "dmb ishld")
LOOP(dsb, "dsb ish")
LOOP(isb, "isb")
LOOP(exclusives, "ldxr x9, [%1]\n\tstxr w10, x9, [%1]")
LOOP(cas, "cas x9, x9, [%1]")

static const struct known_loop loops[] = {
    {"loads", 0, loads},
    {"stores", 0, stores},
    {"ldar", 0, ldar},
    {"ldapr", FEATURE_LRCPC, ldapr},
    {"stlr", 0, stlr},
    {"dmb-ish", 0, dmb_ish},
    {"dmb-ishld", 0, dmb_ishld},
    {"dsb", 0, dsb},
    {"isb", 0, isb},
    {"exclusives", 0, exclusives},
    {"cas", FEATURE_LSE, cas},
};
#else
#define LOOP(name, instructions)                                                                   \
    static void name(uint64_t *word) {                                                             \
        uint64_t left = LOOP_COUNT / 10;                                                           \
        __asm__ volatile("xor %%eax, %%eax\n"                                                      \
                         "1:\n\t" TEN(instructions "\n\t") "subq $1, %0\n\tjnz 1b"                 \
                         : "+r"(left)                                                              \
                         : "r"(word)                                                               \
                         : "rax", "cc", "memory");                                                 \
    }
LOOP(loads, "movq (%1), %%rax")
LOOP(stores, "movq %%rax, (%1)")
LOOP(locked, "lock addq $1, (%1)")

static const struct known_loop loops[] = {
    {"loads", 0, loads},
    {"stores", 0, stores},
    {"locked", 0, locked},
};
#endif

const struct known_loop *loops_find(const char *name) {
    for (size_t i = 0; i < sizeof loops / sizeof *loops; i++)
        if (strcmp(loops[i].name, name) == 0)
            return &loops[i];
    return NULL;
}
