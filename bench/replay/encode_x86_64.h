/* SPDX-License-Identifier: MIT
 *
 * encode_x86_64.h: x86-64 instructions as bytes. Encodings are the Intel Software Developer's
 * Manual's (volume 2); the check holds them against a disassembler.
 */
#ifndef ENCODE_X86_64_H
#define ENCODE_X86_64_H

#include "replay/emit.h"

enum {
    RAX, /* and RDX: the additions' registers, which are 0 at all times, as CMPXCHG wants them, and
            wait for no load: what an instruction leaves there, another clears */
    RCX, /* scratch for data; 0 too, but where REP counts */
    RDX,
    RBX, /* 0: the index, and what is added */
    RSP, /* the passes left lie at its top */
    RBP, /* the stack's base */
    RSI, /* scratch for addresses, and loads that nobody waits for */
    RDI, /* the last of the values, and REP's */
    R8,  /* the arena */
    R9,  /* and R10: bases */
    R10,
    R11, /* to R15: values */
    R12,
    NOT_A_REGISTER = 16,
    XMM_SINK = 14,
    XMM_ZERO = 15,
};

/* base + index + displacement; NOT_A_REGISTER is no index. */
struct x86_place {
    unsigned base, index;
    int32_t displacement;
};

/* The prefixes that choose among the meanings of an opcode. */
enum x86_prefix { PREFIX_NONE, PREFIX_66, PREFIX_F3, PREFIX_F2 };

/* How an instruction is made of its row. */
enum x86_shape {
    X86_WHOLE,  /* it has no operands */
    X86_MOVE,   /* MOV, MOVZX or MOVNTI, by size and way */
    X86_SWAP,   /* a register and memory */
    X86_LOCKED, /* likewise; with bytes, it may be a fence */
    X86_VECTOR, /* of 16 bytes; the opcode is the prefix */
};

/* A row of encodings_x86_64.def. */
struct x86_form {
    const char *word;
    enum x86_shape shape;
    const char *bytes;
    size_t count; /* of bytes */
    unsigned opcode;
};

/* The row of a word, as sequences have it, or NULL. */
const struct x86_form *x86_form(const char *word);

/* Parts of an instruction. */
void x86_byte(struct emitter *emitter, unsigned value);
void x86_immediate(struct emitter *emitter, uint64_t value, unsigned bytes);
/* An instruction that is written out. */
void x86_raw(struct emitter *emitter, const char *bytes, size_t count);

/* One instruction with a memory operand; opcode of one byte, or 0x0fXX. wide: of 8 bytes. */
void x86_memory(struct emitter *emitter, enum x86_prefix prefix, bool wide, unsigned opcode,
                unsigned reg, const struct x86_place *place);
/* As x86_memory(), locked if so asked. */
void x86_memory_or_lock(struct emitter *emitter, bool lock, enum x86_prefix prefix, bool wide,
                        unsigned opcode, unsigned reg, const struct x86_place *place);
/* Between registers: the second is in the place of the memory operand. */
void x86_registers(struct emitter *emitter, enum x86_prefix prefix, bool wide, unsigned opcode,
                   unsigned reg, unsigned other);
/* As x86_memory() or, without a place, x86_registers(), in AVX's encoding, of 16 or 32 bytes. */
void x86_vex(struct emitter *emitter, enum x86_prefix prefix, bool wide, bool of_32,
             unsigned opcode, unsigned reg, const struct x86_place *place, unsigned other);
/* MOV between general registers, nothing where they are one. */
void x86_copy(struct emitter *emitter, unsigned to, unsigned from);
/* MOV or XCHG between memory and a general register; a nontemporal store is MOVNTI. */
void x86_move(struct emitter *emitter, const char *word, bool load, unsigned size, unsigned value,
              const struct x86_place *place, bool nontemporal);
/* Between a general and a vector register: MOVQ, 0x6e to the vector, 0x7e from it. */
void x86_cross(struct emitter *emitter, unsigned opcode, unsigned vector, unsigned general);
void x86_lea(struct emitter *emitter, unsigned to, struct x86_place place);

#endif
