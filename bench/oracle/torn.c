/* SPDX-License-Identifier: MIT
 *
 * torn.c: single-copy atomicity, which is another promise than order.
 */
#include <string.h>

#include "oracle/oracle.h"

unsigned oracle_not_atomic(const struct mapping *mapping, unsigned features) {
    const struct sequence *it = &mapping->sequence;
    unsigned torn = 0;
    if (mapping->isa == ISA_X86_64)
        return 0;
    if (!(features & FEATURE_LSE2)) {
        if (strstr(it->load_pair, "LDP") || strstr(it->store_pair, "STP"))
            torn |= TORN_PAIR;
        if (!strstr(it->load_vec16, "LDAP1") || !strstr(it->store_vec16, "STL1"))
            torn |= TORN_VECTOR;
        if (strstr(it->compare_exchange_pair, "XP"))
            torn |= TORN_CMPXCHG16B;
    }
    return torn | TORN_OVER_16 | TORN_SPLIT_LOCK | (strstr(it->copy, "CPYF") ? TORN_COPY : 0);
}

const char *oracle_torn_text(enum torn torn) {
    switch (torn) {
    case TORN_PAIR:
        return "pairs as one LDP or STP: two accesses in no order without FEAT_LSE2";
    case TORN_VECTOR:
        return "aligned 16-byte vectors: two accesses without FEAT_LSE2";
    case TORN_CMPXCHG16B:
        return "CMPXCHG16B that fails: exclusives read the halves apart without FEAT_LSE2";
    case TORN_OVER_16:
        return "unaligned accesses over 16 bytes (without FEAT_LSE2: all) inside a line: torn";
    case TORN_SPLIT_LOCK:
        return "split locks: torn";
    default:
        return "elements of a copy by CPYF, or by vectors that are not aligned: torn";
    }
}

const char *oracle_torn_name(enum torn torn) {
    static const char *const names[TORN_KINDS] = {"pair",    "vector", "CMPXCHG16B",
                                                  "over-16", "copy",   "split-lock"};
    return names[__builtin_ctz(torn)];
}
