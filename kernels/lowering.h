/* SPDX-License-Identifier: MIT
 *
 * lowering.h: what a lowering says of itself.
 *
 * A lowering is one header under lowering/<arch>/. For each kind of access it names a family of
 * instructions and that family's parameters, which asm/<arch>.h describes:
 *
 *   LOWERING_LOADS  LOWERING_STORES          1 to 8 bytes, and pairs of registers
 *   LOWERING_VEC_LOADS  LOWERING_VEC_STORES  vector registers
 *   LOWERING_RMW                             read-modify-writes
 *   LOWERING_FENCE                           the store-load fence
 *   LOWERING_COPIES                          copies in one go
 *
 *   #define LOWERING_LOADS PLAIN, "", ISHLD_AFTER
 *
 * access.h makes the vocabulary of these, table.c the promise (struct sequence): FAMILY_LOAD is the
 * instructions and FAMILY_LOAD_SEQUENCE their names. LOWERING_COVERAGE_SYNC is defined where data
 * accesses are plain, LOWERING_INFO is the rest of struct lowering. The audit disassembles every
 * primitive and holds it against the promise; list and report print it.
 */
#ifndef LOWERING_H
#define LOWERING_H

#include "coverage.h"
#include "kernel.h"
#include "litmus.h"

/* Instructions of each operation, in order, separated by "; ", as the disassembler names them
 * in upper case without size suffixes: "DMB ISHST; STR". Under COVERAGE_SYNC it is what sync
 * accesses become. */
struct sequence {
    const char *load, *store;             /* 1 to 8 bytes */
    const char *load_byte, *store_byte;   /* 1 byte, where that differs; else NULL */
    const char *load_pair, *store_pair;   /* 16 bytes, two general registers */
    const char *load_vec16, *store_vec16; /* 16 bytes, one vector register */
    const char *load_vec32, *store_vec32; /* 32 bytes; also 64, where one register has them */
    const char *exchange, *compare_exchange, *fetch_add;
    const char *compare_exchange_pair; /* 16 bytes: CMPXCHG16B */
    const char *fence;                 /* store-load: MFENCE */
    const char *copy;                  /* any number of bytes in one go: REP MOVSB */
};

struct lowering {
    const char *name;
    const char *used_by; /* which translators or compilers emit it, and where that is known from */
    enum coverage coverage;
    unsigned needs;     /* enum feature bits of its loads, stores and fences */
    unsigned rmw_needs; /* of its read-modify-writes, on top */
    struct sequence sequence;
    struct sequence data; /* what data accesses become under COVERAGE_SYNC */
    unsigned erratum; /* of bench/machine/errata.h: the lowering is invalid on cores that have it */
    unsigned weight;  /* 0: in every suite; 1: of interest beside those, not in the quick one */
    const struct kernel *const *kernels;          /* in the order of kernels.def */
    litmus_body *const (*litmus)[LITMUS_THREADS]; /* in the order of litmus.def */
};

/* FAMILY_member(parameters..., further arguments). */
#define IN_FAMILY(member, ...)          IN_FAMILY_(member, __VA_ARGS__)
#define IN_FAMILY_(member, family, ...) family##_##member(__VA_ARGS__)

/* What a header says in words: the fields of struct lowering but its name and its code. Where
 * LOWERING_WORDS_ONLY is defined, asm/ is words too, so that any host can read any ISA's headers
 * (bench/mapping). That of COVERAGE_SYNC is added by who includes the header. */
#define LOWERING_PROMISE(KIND)                                                                     \
    IN_FAMILY(LOAD_SEQUENCE, KIND##_LOADS), IN_FAMILY(STORE_SEQUENCE, KIND##_STORES),              \
        IN_FAMILY(VEC_LOAD_SEQUENCE, KIND##_VEC_LOADS),                                            \
        IN_FAMILY(VEC_STORE_SEQUENCE, KIND##_VEC_STORES), IN_FAMILY(COPY_SEQUENCE, KIND##_COPIES)
#define LOWERING_WORDS                                                                             \
    .sequence = {LOWERING_PROMISE(LOWERING), IN_FAMILY(RMW_SEQUENCE, LOWERING_RMW),                \
                 IN_FAMILY(FENCE_SEQUENCE, LOWERING_FENCE)},                                       \
    .data = {LOWERING_PROMISE(PLAIN)}, LOWERING_INFO

#endif
