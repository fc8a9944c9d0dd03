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

struct spawned {
    char *answer;     /* its stdout (malloc'ed, the caller frees it), or NULL */
    char reason[256]; /* why there is none: "SIGILL", "hang: no answer in 120 s", "interrupted", or
                         what it said when it died; fit to be published (private_part) */
    bool started;     /* false: there is no process, and trying again would not help */
    double seconds;   /* that it took, but for those that this process was stopped in */
};

/* Runs this program's `block` command with the job on its stdin in a fresh process. There is an
 * answer if it ended with status 0. The timeout is of time in which this process and the block
 * were both let run: not while they are stopped (^Z), nor while the machine sleeps.
 *
 * What it says on stderr is passed on, but no line a second time in the life of this process:
 * libraries that have something to say about a machine say it in every block. */
struct spawned spawn_block(const char *job, double timeout_seconds);

/* The same by another layout of this program (base/layout.h); NULL: by this one. Where an emulator
 * would be left by that, it is this one. */
struct spawned spawn_program(const char *program, const char *job, double timeout_seconds);

#endif
