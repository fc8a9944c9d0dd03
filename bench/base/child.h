/* SPDX-License-Identifier: MIT
 *
 * child.h: another program, whose output is read.
 */
#ifndef CHILD_H
#define CHILD_H

#include <stdbool.h>
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

#endif
