/* SPDX-License-Identifier: MIT
 *
 * emit_aarch64.h: registers and words that the parts of the AArch64 emitter share. Encodings are
 * the Arm Architecture Reference Manual's (C6, C7); the check holds them against a disassembler.
 */
#ifndef EMIT_AARCH64_H
#define EMIT_AARCH64_H

#include "replay/emit.h"

/* What the registers of a replay hold. */
enum {
    X_ARENA = 0,
    X_PASSES = 1,
    X_ZERO = 2, /* a register like any other that is 0: what additions add */
    X_ADDRESS = 3,
    X_TO = 4, /* of a REP: where it goes; 4 to 7 otherwise: scratch */
    X_SCRATCH = 5,
    X_SCRATCH_2 = 6,
    X_SCRATCH_3 = 7,
    X_STACK = 8,
    X_BASES = 9, /* to 15 */
    X_VALUE = 16,
    X_ALU = 17,    /* and 19 to 21 */
    X_VALUES = 22, /* to 30 */
    X_NONE = 31,   /* XZR */
    V_ZERO = 27,
    V_SCRATCH = 28, /* to 31 */
};

enum { A64_STORE_BIT = 1u << 22 }; /* loads have it set, stores clear, in most forms */

/* Appends one instruction. */
void a64_word(struct emitter *emitter, uint32_t word);

/* to = from + delta, in as few instructions as replay_move_cost() says; may use X_SCRATCH_3. */
void a64_add(struct emitter *emitter, unsigned to, unsigned from, int64_t delta);
/* register = value, in one instruction for each 16 bits that are not 0, at least one. */
void a64_constant(struct emitter *emitter, unsigned to, uint64_t value);
/* Between general registers, nothing where they are one; and the low 8 bytes of a vector. */
void a64_move(struct emitter *emitter, unsigned to, unsigned from);
void a64_from_vector(struct emitter *emitter, unsigned to, unsigned vector);
void a64_to_vector(struct emitter *emitter, unsigned vector, unsigned from);
/* Branches back to `target`, a place in the buffer, while the register is not 0. */
void a64_cbnz_back(struct emitter *emitter, unsigned which, size_t target);

/* How the operands of an instruction lie in its word. */
enum a64_shape {
    A64_WHOLE,        /* it has none */
    A64_ANY,          /* size, value, and every form of address */
    A64_NEAR,         /* [Xn, #simm9] */
    A64_BASE,         /* [Xn] */
    A64_PAIR,         /* two values, [Xn, #simm7 of them] */
    A64_ORDERED_PAIR, /* two values, [Xn] */
    A64_EXCLUSIVE,    /* status, value, [Xn] */
    A64_FETCH,        /* operand, what was there, [Xn] */
    A64_COMPARE,      /* what was there and is wanted, what is written, [Xn] */
    A64_LOCAL,        /* no access: of a loop around exclusives */
};

/* A row of encodings_aarch64.def. */
struct a64_form {
    const char *word;
    enum a64_shape shape;
    uint32_t bits, vector; /* vector: 0 where there is no such form */
};

/* The row of a word, as sequences have it, or NULL. */
const struct a64_form *a64_form(const char *word);

/* Barriers and NOPs of a sequence; dies at a word that is neither. */
void a64_barrier(struct emitter *emitter, const char *word);

/* An address as an instruction has it. */
struct a64_place {
    unsigned base;
    int64_t displacement;
    bool indexed; /* plus X_ZERO */
};

/* Whether the instruction has a form for the displacement (and index). */
bool a64_folds(const char *word, unsigned size, const struct a64_place *place);

/* One load or store instruction of 1 to 16 bytes; its form must have such a place. */
void a64_access(struct emitter *emitter, const char *word, bool vector, unsigned size,
                unsigned value, const struct a64_place *place);

/* As a64_access(), of the sequence's barriers too. */
void a64_sequence(struct emitter *emitter, const char *sequence, bool vector, unsigned size,
                  unsigned value, const struct a64_place *place);

/* The LSE instruction of each operation, enum trace_rmw, with acquire and release. */
extern const char *const a64_lse_words[TRACE_RMWS];

/* A read-modify-write at a general register's address, by the words of a sequence; and a REP
 * instruction, by those of its policy. */
void a64_rmw(struct emitter *emitter, const struct step *step, const char *sequence, unsigned base);
void a64_rep(struct emitter *emitter, const struct step *step, const struct words *words,
             unsigned base);

/* The register of a base and of a value (X_NONE for NO_VALUE; a vector's number otherwise). */
unsigned a64_base(uint8_t base);
unsigned a64_value(uint8_t value);

/* A register that nobody waits for: the additions' (which are 0) to be stored, scratch ones to be
 * loaded. */
unsigned a64_turn(struct emitter *emitter, bool to_load);

#endif
