/* SPDX-License-Identifier: MIT
 *
 * replay_steps.h: what a stream becomes before it is instructions: accesses with the registers they
 * use, and what the instructions between them do. It is the same for all policies, so that these
 * differ in nothing but what they make of an access.
 *
 * The arena holds zeros, and stores store zeros. So a loaded value can be added to an address,
 * which then depends on the load and is what it was.
 *
 * An access keeps its displacement, so that it folds where the guest's did. Its base register must
 * then hold offset - displacement. Some registers hold bases; where none holds the right one, one
 * is moved there by an addition, which is one of the gap's instructions: it stands for what the
 * guest did to get its base. A base that depends on a load is the sum of such a register and the
 * loaded value: one addition that the guest may not have had, but which all policies have. Where a
 * gap has fewer instructions than that takes, later gaps have fewer; so a guest instruction is a
 * host instruction of the plain policy, but for what its addresses are made of, wide accesses, and
 * the registers of locked ones.
 *
 * What remains of a gap is additions to a few registers in turn, none of which depends on a load: a
 * trace does not say what they depended on. So they take up issue slots as they did, form chains
 * that are no longer than the gap over the number of these registers, and delay no access. Jumps
 * are among them: a replay predicts every branch.
 */
#ifndef REPLAY_STEPS_H
#define REPLAY_STEPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "replay/policy.h"
#include "trace/trace.h"

enum step_kind {
    STEP_ALU,    /* `count` additions that nothing depends on */
    STEP_MOVE,   /* base[to] = base[from] + delta */
    STEP_DEPEND, /* base[to] = base[from] + value: the address now depends on a load */
    STEP_ACCESS, /* the record */
};

enum {
    BASE_ARENA = 0, /* never moved */
    BASE_STACK = 1,
    FIRST_BASE = 2,
    MAX_BASES = 16,
    NO_VALUE = 0xff, /* a load that nobody waits for; a store of a register that no load filled */
    VECTOR_VALUE = 0x80, /* plus its number: a value in a vector register */
};

struct step {
    uint8_t kind;
    uint8_t to, from;
    uint8_t value;    /* DEPEND: what is added. ACCESS: what is loaded, or stored */
    int8_t writeback; /* ACCESS: PUSH moves the base by -8 before, POP by 8 after; else 0 */
    uint8_t rmw_data; /* ACCESS of an RMW: its operand; value is its result */
    uint8_t index;    /* ACCESS: the value that is added to the address, or NO_VALUE */
    uint32_t record;
    uint32_t count;
    int64_t delta; /* MOVE; ACCESS: from the base to the address */
};

/* What an ISA has for this. */
struct replay_registers {
    unsigned bases;             /* with the arena's and the stack's */
    unsigned generals, vectors; /* for values */
    bool adds_anything;         /* an address is base + any displacement + a value */
    bool narrow_vectors;        /* vector registers load and store 1 and 2 bytes too */
    bool rep_takes_last;        /* the last of the generals is lost where there is a REP */
};

struct replay_steps {
    struct step *steps;
    size_t count;
    size_t accesses;       /* records that are accesses: a REP is one */
    uint64_t instructions; /* of the guest */
    uint64_t alu, moves;   /* instructions, on this ISA */
    uint64_t excess;       /* of the moves: those that no gap had room for */
    uint64_t dependences;  /* addresses and data that come from a load */
    uint64_t lost;         /* of these: those for which there was no register */
};

/* Whether the access goes through vector registers. */
bool replay_is_vector(const struct trace_access *access, const struct replay_registers *registers);

/* The guest instructions of a stream. */
uint64_t replay_instructions(const struct trace_stream *stream);

/* How many instructions move a base by delta. */
unsigned replay_move_cost(int64_t delta, const struct replay_registers *registers);

/* The steps of a stream; free with replay_steps_free(). */
struct replay_steps replay_steps_of(const struct trace_stream *stream,
                                    const struct replay_registers *registers);
void replay_steps_free(struct replay_steps *steps);

#endif
