/* SPDX-License-Identifier: MIT
 *
 * child.h: another program, whose output is read.
 */
#ifndef CHILD_H
#define CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

enum { CHILD_NOT_FOUND = 127 }; /* exit status where there is no such program */

struct child {
    FILE *out; /* what it prints */
    pid_t id;
};

/* Starts a program that is found in PATH; no shell sees its arguments. False with errno. */
bool child_start(struct child *child, char *const *argv);

/* Waits for its end. Its exit status, or EXIT_SIGNAL and the signal's number; -1 where nobody may
 * wait for children (SIGCHLD ignored). */
int child_end(struct child *child);

/* Everything that a program prints, as a text of at most size - 1 bytes; what it says on its
 * standard error is nobody's. False: there is no such program, it failed, printed more, or was not
 * done in so many seconds, and was killed. */
bool child_ask(char *const *argv, char *out, size_t size, double seconds);

#endif
