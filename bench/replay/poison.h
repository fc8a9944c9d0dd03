/* SPDX-License-Identifier: MIT
 *
 * poison.h: calls generated code with registers that hold what nobody put there on purpose.
 */
#ifndef POISON_H
#define POISON_H

#include "replay/replay.h"

/* Calls the function with the poison in every register, general and vector, that holds no argument
 * and is neither the stack pointer nor the address of the call. */
uint64_t poison_call(uint8_t *arena, uint64_t passes, replay_function *function, uint64_t poison);

/* The poison of a seed: as an address it faults, whatever is added to it. */
uint64_t poison_of(uint64_t seed);

#endif
