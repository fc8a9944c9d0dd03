/* SPDX-License-Identifier: MIT
 *
 * program.h: a litmus test for AArch64 as a program: what herd7 reads.
 *
 * Registers hold numbers or addresses of variables, which are numbers too. A variable is accessed
 * whole: where accesses differ in size in a way that matters (bytes or halfwords beside others), or
 * an address is inside a variable, the test is refused.
 */
#ifndef PROGRAM_H
#define PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    PROGRAM_THREADS = 8,
    PROGRAM_INSTRUCTIONS = 96, /* of a thread */
    PROGRAM_LOCATIONS = 16,
    PROGRAM_OBSERVED = 48,
    PROGRAM_NODES = 96, /* of a condition */
    PROGRAM_NAME = 64,
    REGISTER_ZERO = 31,
    REGISTERS = 32,
};

enum opcode {
    OP_NOP,
    OP_MOVE,
    OP_ADD,
    OP_SUB,
    OP_AND,
    OP_OR,
    OP_XOR,
    OP_SELECT, /* CSEL: rd = condition ? rn : rm */
    OP_LOAD,
    OP_STORE,
    OP_LOAD_EXCLUSIVE,
    OP_STORE_EXCLUSIVE, /* rs: status */
    OP_RMW,             /* rs: operand, rd: old value */
    OP_CAS,             /* rs: compared and old value, rd: new value */
    OP_BARRIER,
    OP_ISB,
    OP_BRANCH,
    OP_BRANCH_IF,
    OP_BRANCH_ZERO,
    OP_BRANCH_NONZERO,
};

enum rmw_kind {
    RMW_SWAP,
    RMW_ADD,
    RMW_CLEAR,
    RMW_XOR,
    RMW_SET,
    RMW_SMAX,
    RMW_SMIN,
    RMW_UMAX,
    RMW_UMIN
};

enum access_order { ACCESS_ACQUIRE = 1, ACCESS_ACQUIRE_PC = 2, ACCESS_RELEASE = 4 };
enum barrier { BARRIER_FULL = 1, BARRIER_LOADS = 2, BARRIER_STORES = 4, BARRIER_DSB = 8 };

struct line {
    enum opcode op;
    uint8_t size;       /* of the access or computation: 1, 2, 4, 8 */
    bool set_flags;     /* CMP, SUBS, ... */
    uint8_t rd, rs, rn; /* rn: first operand, or base */
    uint8_t rm;         /* second operand, or offset; REGISTER_ZERO: immediate alone */
    int64_t immediate;
    uint8_t extend; /* of rm: 0 as it is, 'U' UXTW, 'S' SXTW */
    uint8_t shift;
    unsigned order; /* of accesses: access_order; of a barrier: barrier */
    enum rmw_kind rmw;
    const char *condition; /* "NE" */
    uint8_t target;
    bool no_return; /* RMW into no register */
    char text[48];  /* as it was written */
};

struct observed {
    bool is_register;
    uint8_t thread, index; /* register, or location */
};

/* A condition in prefix form: a node's children follow it. */
enum node_kind { NODE_TRUE, NODE_FALSE, NODE_AND, NODE_OR, NODE_NOT, NODE_EQUAL };
struct node {
    enum node_kind kind;
    uint8_t observed;
    uint64_t value;
};
struct condition {
    unsigned count; /* 0: there is none, which is true */
    struct node nodes[PROGRAM_NODES];
};

enum quantifier { QUANTIFIER_NONE, QUANTIFIER_EXISTS, QUANTIFIER_NEVER, QUANTIFIER_ALL };

struct program {
    char name[PROGRAM_NAME];
    unsigned threads, locations, observed_count;
    unsigned count[PROGRAM_THREADS];
    struct line lines[PROGRAM_THREADS][PROGRAM_INSTRUCTIONS];
    uint64_t registers[PROGRAM_THREADS][REGISTERS]; /* at the start */
    char location[PROGRAM_LOCATIONS][PROGRAM_NAME];
    uint64_t memory[PROGRAM_LOCATIONS]; /* at the start */
    struct observed observed[PROGRAM_OBSERVED];
    enum quantifier quantifier;
    struct condition condition, filter;
    const char *condition_text;
    char *text; /* what condition_text points into; freed by program_free() */
};

/* The address of a location, and the location of an address, or -1. */
uint64_t program_address(unsigned location);
int program_location(const struct program *program, uint64_t address);

/* Reads what herd7 does of an AArch64 litmus test. Dies with EXIT_USAGE and "PATH:LINE: what" where
 * it cannot. */
struct program *program_parse(const char *path, const char *text);
void program_free(struct program *program);

/* Whether a state, the observed values in order, fulfils a condition. */
bool condition_holds(const struct condition *condition, const uint64_t *state);

#endif
