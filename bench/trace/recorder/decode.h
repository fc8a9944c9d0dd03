/* SPDX-License-Identifier: MIT
 *
 * decode.h: what the recorder needs to know of an x86-64 instruction before it runs.
 */
#ifndef DECODE_H
#define DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Registers through which a value goes, as bits of a mask: general purpose from 0, vector from 16,
 * MMX from 32, and all of x87, whose stack turns, as one. */
enum {
    REGISTERS_VECTOR = 16,
    REGISTERS_MMX = 32,
    REGISTERS_X87 = 40,
    REGISTERS,
};

enum code_kind {
    CODE_OTHER,
    CODE_FENCE,
    CODE_RMW,      /* locked */
    CODE_REP_MOVS, /* what repeats and is one record */
    CODE_REP_STOS,
    CODE_REP, /* SCAS, CMPS, LODS: repeats, and each element is a record */
};

/* How memory is addressed. Hidden stack accesses are such a place, too. */
struct place {
    uint64_t registers; /* that the address is made of */
    int32_t displacement;
    uint8_t size; /* bytes of one access at most; 0: as it comes */
    uint8_t base; /* enum trace_base */
    uint8_t by;   /* enum trace_by */
    bool indexed;
};

struct code {
    uint64_t address;
    uint64_t sources;  /* registers whose values go into what it writes */
    uint64_t replaces; /* registers that it writes as a whole */
    uint64_t merges;   /* registers that keep a part, or on a condition all, of what they held */
    uint64_t zeroes;   /* general registers that it makes 0, whatever they held */
    struct place load, store;
    uint8_t length;
    uint8_t kind; /* enum code_kind */
    uint8_t op;   /* enum trace_rmw or trace_fence */
    bool ends_block;
    bool carries; /* what it loads goes into what it writes */
    bool vector;
    bool nontemporal;
};

/* Fills in code from the bytes at address. Bytes that are no instruction are one that does
 * nothing. */
void decode(struct code *code, const void *bytes, size_t size, uint64_t address);

#endif
