/* SPDX-License-Identifier: MIT
 *
 * policy.h: what a translator makes of each guest access, in words.
 *
 * A policy is one row of policies_<isa>.def. Its sequences are written as a lowering's are
 * (kernels/lowering.h): instructions in order, separated by "; ", in upper case without size
 * suffixes. The generator emits these words and the check reads them back from a disassembler, so
 * the row is the one place that says what a policy is.
 */
#ifndef POLICY_H
#define POLICY_H

#include <stdbool.h>
#include <stddef.h>

#include "mapping/mapping.h"
#include "trace/trace.h"

/* How REP MOVS and REP STOS are done. */
enum rep_way {
    REP_QUADS,    /* 64, then 32 bytes by pairs of vector registers, the rest by elements */
    REP_MOPS,     /* FEAT_MOPS */
    REP_ELEMENTS, /* a loop over the elements, each by the policy's load and store */
    REP_EIGHTS,   /* of bytes: a loop over 8 of them, the rest by bytes; else REP_PLAIN */
    REP_PLAIN,    /* a loop over the elements, each by LDR and STR */
    REP_NATIVE,   /* x86's own */
};

/* Sequences hold one access: LDR, LDAR, LDAPR, LDAPUR, STR, STLR, STLUR; MOV, XCHG. Around it may
 * stand NOP and the ISA's barriers. NULL: as the field above it, or as said. */
struct policy {
    const char *name;
    const char *used_by;
    const char
        *since; /* runs begun before (ISO 8601, UTC) had another policy of this name, or NULL */
    /* The lowering whose loads and stores, vectors, RMWs and fences these are where the row has
     * none of its own, and whose needs come on top; or NULL. */
    const char *mapping;
    const char *load, *store;
    const char *load_byte, *store_byte;   /* of one byte; NULL: as load and store */
    const char *load_vector;              /* of up to 16 bytes; wider ones are several. NULL: as */
    const char *store_vector;             /* load and store */
    const char *load_stack, *store_stack; /* RSP is the base; NULL: no exception */
    const char *load_x87, *store_x87;     /* NULL: no exception */
    const char *load_ret;                 /* of its return address; NULL: no exception */
    /* Of an element of a REP under REP_ELEMENTS, and of one of a byte; NULL: as load and store. */
    const char *load_rep, *store_rep, *load_rep_byte, *store_rep_byte;
    /* What an ordered instruction becomes that is not aligned as it must be; NULL where there are
     * none of these. */
    const char *load_unaligned, *store_unaligned;
    bool within_16;                /* aligned means within 16 bytes (FEAT_LSE2), not naturally */
    const char *store_nontemporal; /* NULL: no exception */
    /* Of read-modify-writes, with the operation as AL (one LSE instruction, acquire and release),
     * LDAXR-STLXR or LDXR-STXR (a loop); on x86-64 LOCK. */
    const char *rmw;
    const char *exchange;         /* NULL: as rmw */
    const char *compare_exchange; /* of 4 and 8 bytes; NULL: as rmw */
    bool compares_all;            /* compare_exchange is of all sizes */
    const char *fence[TRACE_FENCES];
    enum rep_way rep;
    const char *movs_before;         /* barriers before a REP MOVS, or NULL */
    const char *rep_after;           /* and behind the whole of any REP */
    bool writes_back;                /* CMPXCHG16B by exclusives stores the old pair if it fails */
    unsigned strongmem, weakbarrier; /* box64's barriers by block: policy_words() */
    /* Percent of the instructions, under strongmem of the blocks, that are not among those which
     * the program says are to be ordered: their loads, stores and REPs are LDR and STR. */
    unsigned unlisted;
    unsigned needs; /* enum feature bits; RMWs need LSE on top */
    unsigned lacks; /* likewise: it is for CPUs that have none of these */
    bool rmw_lse;
};

enum { MAX_POLICIES = 96 };

/* All policies of an ISA, the baseline "plain" first, a user's mappings (mapping/given.h) last; and
 * how many are not a user's. Static storage, until another mapping is given. */
const struct policy *policies(enum isa isa, size_t *count);
size_t policies_compiled(enum isa isa);

/* The policies that a command line names; none is all. */
struct policy_choice {
    const char *names[MAX_POLICIES];
    size_t count;
};

/* Adds a name to the choice, or dies with EXIT_USAGE naming the nearest: no ISA has it. */
void policy_choose(struct policy_choice *choice, const char *name);
bool policy_chosen(const struct policy_choice *choice, const struct policy *policy);

/* The enum feature bits that the policy needs for a window. */
unsigned policy_needs(const struct policy *policy, const struct trace_window *window);

/* What one record becomes: the words of its access, which depend on the record alone, and what
 * box64 puts around it, which depends on its block. Each a sequence or "". */
struct words {
    const char *before;
    const char *access; /* of a REP: of nothing; see rep */
    const char *store;  /* of a REP's element: its store; else NULL */
    const char *after;
};

/* Whether the policy orders the loads, stores and REPs of a record. No trace says what its program
 * would list, so each instruction, or block, is drawn by its number: what is listed at one share is
 * at every larger one, and under every policy. */
bool policy_orders(const struct policy *policy, const struct trace_stream *stream, size_t record);

/* The words of every record of a stream; the caller frees the array. */
struct words *policy_words(const struct policy *policy, const struct trace_stream *stream);

/* How a REP of this record is done: the policy's way, or what that is for some of them. */
enum rep_way policy_rep_way(const struct policy *policy, const struct trace_access *access);

/* Whether an ordered instruction could do an access of `size` bytes at this offset. */
bool policy_aligned(const struct policy *policy, unsigned size, uint64_t offset);

/* Whether the word is a memory access, and not a NOP, barrier or test. */
bool policy_is_access(const char *word);

#endif
