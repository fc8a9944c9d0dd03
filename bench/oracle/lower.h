/* SPDX-License-Identifier: MIT
 *
 * lower.h: a test under a mapping.
 */
#ifndef LOWER_H
#define LOWER_H

#include "mapping/mapping.h"
#include "oracle/tests.h"

/* A sequence for each operation of a test. */
enum { LOWERED_WORDS = 288, LOWERED_TEXT = 1 << 14 };
struct lowered {
    unsigned data; /* variables that are data, of a program without data races: bits */
    char words[TEST_THREADS][TEST_OPS][LOWERED_WORDS];
};

/* A word as the model has it, in which a variable is accessed whole: a pair, a vector and its
 * lanes, and a copy in parts ("" of a part that is none) order as the words of scalars do. herd7
 * has no integer LDAPUR and STLUR. */
const char *lower_spelling(const char *word, bool store);

/* The path of a sequence that tests its address ("TST; B.NE; LDAPR; B; LDR; DMB ISHLD"), aligned or
 * not; of others, all of it. */
void lower_path(const char *sequence, bool aligned, char out[LOWERED_WORDS]);

/* The test as a litmus test for herd7, under a name, with lines of further information, "" or
 * "Key=value\n". Registers: X0 to X3 what is read, X7 what CMP wants, X8 what is stored, X9 on
 * whether a store exclusive failed, X15 to X19 the variables, X20 a line of the thread's own, X21
 * and X22 scrap. A load may be an exclusive or a CAS that stores what it has read. Only runs in
 * which no store exclusive fails count. False, and why, where an instruction is not one that herd7
 * has. */
bool lower_text(const struct test *test, const struct lowered *lowered, const char *name,
                const char *information, char out[LOWERED_TEXT], char *why, size_t size);

/* The same of x86-64, for the machine. False, and why, likewise. */
bool lower_machine(const struct test *test, const struct lowered *lowered,
                   struct machine_program *program, char *why, size_t size);

#endif
