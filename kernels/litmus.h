/* SPDX-License-Identifier: MIT
 *
 * litmus.h: litmus tests, small programs whose outcomes show which memory model a CPU keeps, as
 * code under every lowering (struct lowering, litmus) and as data (litmus_tests).
 *
 * Loads and stores are data accesses, read-modify-writes and fences sync ones. A translator
 * cannot tell them apart, so under COVERAGE_ALL the tests say whether a lowering keeps x86-TSO.
 * Under COVERAGE_SYNC they are plain: each test is a data race, for which native code promises
 * nothing, so there a relaxed outcome is shown but held against nobody.
 */
#ifndef LITMUS_H
#define LITMUS_H

#include <stddef.h>
#include <stdint.h>

enum { LITMUS_THREADS = 4, LITMUS_REGISTERS = 2, LITMUS_VARIABLES = 4, LITMUS_OPS = 3 };

/* One thread of a test: at[] are the places of x, y, z, w; its registers go to seen[]. */
typedef void litmus_body(uint64_t *const at[LITMUS_VARIABLES], uint64_t seen[LITMUS_REGISTERS]);

enum litmus_kind {
    LITMUS_END,
    LITMUS_STORE,
    LITMUS_LOAD,
    LITMUS_EXCHANGE,
    LITMUS_COMPARE_EXCHANGE,
    LITMUS_FENCE,
};

struct litmus_op {
    enum litmus_kind kind;
    unsigned variable, slot; /* slot: of the register that is read into */
    unsigned value, want;
};

/* "This register, or this variable at the end, has this value"; kind LITMUS_LOAD or LITMUS_STORE
 * says which of the two; LITMUS_END ends a conjunction. */
struct litmus_term {
    enum litmus_kind kind;
    unsigned thread, slot;
    unsigned variable;
    unsigned value;
};

enum litmus_rule { TSO_ALLOWS, TSO_FORBIDS, ALL_FORBID };

struct litmus_test {
    const char *name;
    enum litmus_rule rule; /* for the outcome; what else TSO forbids is computed from program */
    struct litmus_op program[LITMUS_THREADS][LITMUS_OPS + 1];
    struct litmus_term outcome[5];
};

/* In the order of litmus.def; so are the bodies of a lowering: litmus[test][thread]. */
extern const struct litmus_test litmus_tests[];
extern const size_t litmus_test_count;

#endif
