/* SPDX-License-Identifier: MIT
 *
 * fault.h: calls that may fault: an ordered access where it crosses a boundary, an instruction
 * that the CPU has not.
 */
#ifndef FAULT_H
#define FAULT_H

#include <stdbool.h>
#include <stddef.h>

#include "threads/crew.h"

/* Calls call(context, thread) on this thread: 0, or the signal (SIGBUS, SIGILL, SIGSEGV) that
 * ended it where it stood. Several threads may do so at once. Not in a simulator. */
int fault_of(void (*call)(void *context, unsigned thread), void *context, unsigned thread);

/* Calls it on every thread of the crew. Whether that faults on one of them: then reason says what
 * came of it. `name` is what is tried, for a simulator, which a fault ends. */
bool fault_on_any(struct crew *crew, const char *name, void (*call)(void *context, unsigned thread),
                  void *context, char *reason, size_t size);

#endif
