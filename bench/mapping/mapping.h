/* SPDX-License-Identifier: MIT
 *
 * mapping.h: how each operation of an x86 program becomes instructions, as text.
 *
 * A mapping is a lowering (kernels/lowering/), or what a user wrote into a file. Its sequences are
 * words of instructions.def, separated by "; ". Mappings of every ISA can be read, printed and
 * judged on any host; only those of the host can be run.
 *
 * A mapping's file is lines `key = SEQUENCE`; # begins a comment. load, store, exchange,
 * compare_exchange, fetch_add and fence must be there; what the others become else stands at
 * mapping_read().
 */
#ifndef MAPPING_H
#define MAPPING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "kernels/lowering.h"

enum isa { ISA_AARCH64, ISA_X86_64, ISAS };

/* The ISA this program runs on, and its name: "aarch64". */
enum isa isa_here(void);
const char *isa_name(enum isa isa);

/* What an instruction does; its operands, and in which operations it may stand, follow. */
enum instruction_class {
    CLASS_LOAD,
    CLASS_LOAD_LANE,
    CLASS_LOAD_PAIR,
    CLASS_STORE,
    CLASS_STORE_LANE,
    CLASS_STORE_PAIR,
    CLASS_EXCHANGE,
    CLASS_FETCH_ADD,
    CLASS_ADD, /* as FETCH_ADD, without the old value */
    CLASS_COMPARE_EXCHANGE,
    CLASS_COMPARE_EXCHANGE_PAIR,
    CLASS_LOAD_EXCLUSIVE,
    CLASS_STORE_EXCLUSIVE,
    CLASS_LOAD_EXCLUSIVE_PAIR,
    CLASS_STORE_EXCLUSIVE_PAIR,
    CLASS_MOVE, /* x86-64: a load or a store, as the operation is */
    CLASS_MOVE_VECTOR,
    CLASS_COPY,
    CLASS_BARRIER,
    CLASS_COMPUTE,
    CLASS_TEST,
    CLASS_BRANCH,
    CLASS_NOTHING,
    CLASS_PREFETCH,
    CLASSES
};

/* What an instruction is to the accesses around it. ORDER_LOADS and ORDER_STORES are of barriers:
 * older loads are before all younger accesses, older stores before younger stores. */
enum instruction_order {
    ORDER_NONE = 0,
    ORDER_ACQUIRE = 1u << 0,    /* RCsc: an older release is before it, too */
    ORDER_ACQUIRE_PC = 1u << 1, /* RCpc */
    ORDER_RELEASE = 1u << 2,
    ORDER_LOADS = 1u << 3,
    ORDER_STORES = 1u << 4,
    ORDER_FULL = 1u << 5,
};

struct known_instruction {
    enum isa isa;
    const char *word;
    enum instruction_class class;
    unsigned order;   /* enum instruction_order bits */
    unsigned feature; /* enum feature bit, or 0 */
};

/* The row of a word, or NULL. */
const struct known_instruction *instruction_named(enum isa isa, const char *word);

/* How an instruction of this class writes its operands, "{value}, [{address}]", or "". */
const char *instruction_operands(const struct known_instruction *instruction);

/* Splits a sequence: copies its next word into `word` and returns what follows, or NULL after the
 * last. */
enum { MAX_WORD = 24 };
const char *mapping_next_word(const char *sequence, char word[MAX_WORD]);

struct mapping {
    const char *name;
    const char *used_by; /* "" of a user's */
    enum isa isa;
    enum coverage coverage;
    struct sequence sequence;
    struct sequence data; /* of data accesses under COVERAGE_SYNC */
    /* What an ordered instruction becomes whose address is not aligned; NULL: as load and store. */
    const char *load_unaligned, *store_unaligned;
    unsigned left_out;         /* by a user's file, and filled in: bits of operation_rows */
    unsigned needs, rmw_needs; /* as struct lowering */
    char *text;                /* of a file that was read: what the sequences are part of */
};

/* All lowerings of both ISAs, of this host's first. Static storage. */
const struct mapping *mapping_table(size_t *count);

/* By name, of one ISA or (ISAS) of any, this host's first; NULL if there is none. */
const struct mapping *mapping_named(const char *name, enum isa isa);

/* The mapping of a lowering; its text is the lowering's. */
struct mapping mapping_of(const struct lowering *lowering, enum isa isa);

/* A user's file; free with mapping_free. Dies with EXIT_USAGE and "FILE:LINE:COLUMN: what" where it
 * is wrong. Left out, a byte is as any load and store, a pair the access twice, a vector the load
 * and store where these have such a form, else half barriers (LDR; DMB ISHLD, DMB ISH; STR), a
 * CMPXCHG16B as CMPXCHG, a copy the CPU's copy instructions between full barriers. */
struct mapping *mapping_read(const char *path);
/* A file's text, which the caller frees; dies likewise. */
char *mapping_text(const char *path);
/* The same from memory; path is what messages name. */
struct mapping *mapping_parse(const char *path, const char *text);
void mapping_free(struct mapping *mapping);

/* One sequence as a file has it, of any operation, as words into out; dies likewise. */
enum { MAX_SEQUENCE = 256 };
void mapping_words(const char *path, enum isa isa, const char *text, char out[MAX_SEQUENCE]);
/* Whether such words can be an operation's; then the loop around exclusives is put in. */
bool mapping_fits(enum isa isa, size_t row, char words[MAX_SEQUENCE]);

/* As a file that mapping_read() reads back as the same. */
void mapping_print(const struct mapping *mapping, FILE *out);

/* As a lowering's header, for a build (cmake/kernels.cmake). Dies with EXIT_USAGE and the operation
 * where the families of kernels/asm/ have no such instructions. */
void mapping_header(const struct mapping *mapping, FILE *out);

/* The operations of a mapping in the order of its file. */
struct operation_row {
    const char *key;
    size_t offset; /* of a const char * in struct sequence, or in struct mapping from
                      OPERATION_ATTRIBUTES on */
    bool required;
    unsigned classes; /* bits of the classes of which one access must be in it */
};
enum { OPERATION_SEQUENCES = 16, OPERATION_ATTRIBUTES = 2, OPERATION_ROWS = 18 };
extern const struct operation_row operation_rows[OPERATION_ROWS];

/* Where the mapping keeps an operation's sequence. */
const char **mapping_place(struct mapping *mapping, size_t row);
const char *mapping_sequence(const struct mapping *mapping, size_t row);

#endif
