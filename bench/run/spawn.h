/* SPDX-License-Identifier: MIT
 *
 * spawn.h: a block's process, from the side of the run.
 */
#ifndef SPAWN_H
#define SPAWN_H

#include <signal.h>
#include <stdbool.h>

/* Set by the run's signal handler; a wait for a block ends when it is not 0. */
extern volatile sig_atomic_t spawn_interrupted;

/* Runs this program's `block` command with the job on its stdin in a fresh process. Returns its
 * stdout (malloc'ed, the caller frees it) when it ended with status 0; else NULL, and reason says
 * how it ended ("SIGILL", "exit status 1", "hang: no answer in 120 s", "interrupted"). */
char *spawn_block(const char *job, double timeout_seconds, char *reason, unsigned long size);

#endif
