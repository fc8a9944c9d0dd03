/* SPDX-License-Identifier: MIT
 *
 * fault.h: calls that may fault: an ordered access where it crosses a boundary, an instruction
 * that the CPU has not.
 */
#ifndef FAULT_H
#define FAULT_H

/* Calls call(context, thread) on this thread: 0, or the signal (SIGBUS, SIGILL, SIGSEGV) that
 * ended it where it stood. Several threads may do so at once. */
int fault_of(void (*call)(void *context, unsigned thread), void *context, unsigned thread);

#endif
