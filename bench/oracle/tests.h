/* SPDX-License-Identifier: MIT
 *
 * tests.h: the tests on which mappings are judged (tests.def), and what a machine with store
 * buffers, or without, does with an x86 program.
 */
#ifndef TESTS_H
#define TESTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    TEST_THREADS = 4,
    TEST_OPS = 4,
    TEST_REGISTERS = 4,
    TEST_VARIABLES = 5, /* s, t, x, y, z */
    MACHINE_OPS = 24,   /* of a thread */
};
#define TEST_VARIABLE_NAMES "stxyz"

enum test_kind {
    TEST_END,
    TEST_STORE,
    TEST_LOAD,
    TEST_EXCHANGE,
    TEST_COMPARE_EXCHANGE,
    TEST_COMPARE_EXCHANGE_PAIR, /* CMPXCHG16B */
    TEST_FETCH_ADD,
    TEST_FENCE,
};

struct test_op {
    enum test_kind kind;
    uint8_t variable, slot; /* slot: the register that is read into, or TEST_REGISTERS: none */
    uint8_t value, want;
};

struct test {
    const char *name;
    const char *outcome; /* "0:r0=0 1:r0=0" */
    unsigned threads;
    unsigned kinds;     /* bits of enum test_kind that are in it */
    unsigned variables; /* bits of those that it has */
    unsigned registers[TEST_THREADS];
    struct test_op ops[TEST_THREADS][TEST_OPS + 1];
};

/* All tests; static storage. Behind them stand, without being counted, tests_of_pairs() more: those
 * that have a CAS, with CMPXCHG16B in its place, "SB+cas16-ok-read". A variable is as wide as it is
 * accessed. */
const struct test *tests_all(size_t *count);
size_t tests_of_pairs(void);

/* CMPXCHG or CMPXCHG16B */
static inline bool test_compares(enum test_kind kind) {
    return kind == TEST_COMPARE_EXCHANGE || kind == TEST_COMPARE_EXCHANGE_PAIR;
}

/* A final state. */
struct outcome {
    uint8_t seen[TEST_THREADS][TEST_REGISTERS];
    uint8_t memory[TEST_VARIABLES];
};
struct outcomes {
    size_t count, room;
    struct outcome *list;
};
bool outcomes_have(const struct outcomes *outcomes, const struct outcome *outcome);

/* What x86 code the machine runs: locked instructions and fences wait for the thread's buffer. */
struct machine_program {
    unsigned threads;
    struct test_op ops[TEST_THREADS][MACHINE_OPS + 1];
};
struct machine_program machine_program_of(const struct test *test);

/* All final states of x86-TSO (buffered), as of Owens, Sarkar and Sewell, TPHOLs 2009; a CMPXCHG
 * that fails is a locked instruction, too. Else of sequential consistency. None where there are too
 * many to look at. The caller frees list. */
struct outcomes machine_outcomes(const struct machine_program *program, bool buffered);

/* Whether two threads can access a variable of the mask `data` at one time, one of them writing: a
 * data race. The other variables are those by which threads synchronise: a thread goes no further
 * once it has read another value of one than `seen' has. A store is under way until it is in
 * memory. */
bool machine_races(const struct machine_program *program, bool buffered, unsigned data,
                   const struct outcome *seen);

/* Whether threads share all the variables of the mask `data', and can keep off races on them by the
 * others: one's synchronising write behind its accesses, another's read before. Where this is false
 * there is a race, or no sharing, in every run that there is: only time is saved by asking. */
bool test_may_have_data(const struct test *test, unsigned data);

/* Those of a test, once computed. Static storage. */
enum reference { REFERENCE_TSO, REFERENCE_SC, REFERENCES };
const struct outcomes *test_outcomes(size_t test, enum reference reference);

#endif
