/* SPDX-License-Identifier: MIT
 *
 * loops.h: loops with a known number of instructions of one kind, by which events prove that they
 * count what their names say.
 */
#ifndef LOOPS_H
#define LOOPS_H

#include <stdint.h>

enum { LOOP_COUNT = 100000, LOOP_INSTRUCTIONS = LOOP_COUNT + LOOP_COUNT / 5 };

struct known_loop {
    const char *name;
    unsigned needs; /* of enum feature */
    /* LOOP_COUNT times the instruction, on a word of one's own. The simplest loops (loads, stores)
     * are of LOOP_INSTRUCTIONS instructions. */
    void (*run)(uint64_t *word);
};

/* The loop of that name on this architecture, or NULL. */
const struct known_loop *loops_find(const char *name);

#endif
