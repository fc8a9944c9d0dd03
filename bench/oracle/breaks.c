/* SPDX-License-Identifier: MIT
 *
 * breaks.c: what breaks a mapping for a kernel, in a word.
 */
#include <string.h>

#include "kernels/kernel.h"
#include "oracle/oracle.h"

/* The name that a test is known by: of "iwp2.8.a/SB+xchgs" what stands behind the slash. */
static const char *short_name(const char *test) {
    const char *slash = strrchr(test, '/');
    return slash ? slash + 1 : test;
}

const char *oracle_breaks(const struct mapping *mapping, unsigned uses, unsigned features) {
    const struct verdict *verdict = oracle_judge(mapping, REFERENCE_TSO);
    const struct hole *hole = oracle_hole_of_uses(verdict, uses);
    unsigned torn = oracle_not_atomic(mapping, features | mapping->needs);
    size_t count;
    if (hole)
        return short_name(tests_all(&count)[hole->test].name);
    if (verdict->unknown)
        return "undecided";
    /* A pair beside a CAS is CMPXCHG16B's. */
    if ((uses & USES_PAIR) && (uses & USES_CAS))
        return torn & TORN_CMPXCHG16B ? "torn-CMPXCHG16B" : NULL;
    return (uses & USES_PAIR) && (torn & TORN_PAIR) ? "torn-pair" : NULL;
}
