/* SPDX-License-Identifier: MIT
 *
 * turns.h: lets one thread of the program run at a time, each for so many instructions, in a fixed
 * order, so that a program with threads does the same each time. A thread that sleeps in a system
 * call is passed over. Whom a system call wakes is waited for, so that the order in which they
 * come back does not depend on the host: after every call each other thread is either asleep, as
 * the kernel says, or has come back. What else wakes a thread (time, other processes) comes when
 * it comes.
 *
 * The idea of a turn that goes round by instruction counts is that of Olszewski, Ansel and
 * Amarasinghe, "Kendo: efficient deterministic multithreading in software", ASPLOS 2009.
 */
#ifndef TURNS_H
#define TURNS_H

enum { TURNS_THREADS = 64 };

/* A thread will come. Called before it runs. */
void turns_announce(unsigned thread);

/* Called by a new thread before its first instruction: returns when the one that made it is back
 * from clone(2), or waits there until the new one leaves the code it is in: with the first thread
 * QEMU throws all its translations away. Until it takes a turn the new thread runs alone. */
void turns_begin(unsigned thread);

/* Called by a thread after its first block, and after a system call before the next one:
 * returns when it is its turn. */
void turns_take(unsigned thread);

/* The thread, whose turn it is, has run long enough: returns when it is its turn again. */
void turns_pass(unsigned thread);

enum turns_call {
    TURNS_MAY_SLEEP,
    TURNS_RETURNS, /* though QEMU sleeps in it for a moment: clone(2) waits for the new thread */
    TURNS_LEAVES,  /* and does not come back */
};

/* The thread, whose turn it is, begins a system call. */
void turns_leave(unsigned thread, enum turns_call call);

/* Called when it cannot go on: the thread whose turn it is has slept for seconds outside of a
 * system call, because QEMU waits for all others to stop, which they cannot; or /proc is not there.
 * The caller of the other functions defines it. */
_Noreturn void turns_stuck(const char *why);

/* From now on all run as they like, and the functions above return at once. */
void turns_end(void);

#endif
