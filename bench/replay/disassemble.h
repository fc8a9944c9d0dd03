/* SPDX-License-Identifier: MIT
 *
 * disassemble.h: machine code as somebody else reads it: binutils' objdump, which knows nothing of
 * our emitters.
 */
#ifndef DISASSEMBLE_H
#define DISASSEMBLE_H

#include <stddef.h>
#include <stdint.h>

#include "replay/policy.h"

enum { MAX_OPERANDS = 72 };

struct instruction {
    size_t offset;
    char mnemonic[24]; /* in lower case, with prefixes: "lock xadd" */
    char operands[MAX_OPERANDS];
};

/* The package to install where there is no objdump for the ISA, or NULL. */
const char *disassemble_lacks(enum isa isa);

/* Disassembles code; *count instructions, in order of their offsets. The caller frees them. Dies
 * with EXIT_MISSING where there is no objdump for the ISA. */
struct instruction *disassemble(enum isa isa, const uint8_t *code, size_t size, size_t *count);

#endif
