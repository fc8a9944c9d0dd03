/* SPDX-License-Identifier: MIT
 *
 * recording_process.h: the process in which a program is recorded.
 */
#ifndef RECORDING_PROCESS_H
#define RECORDING_PROCESS_H

#include "trace/recording.h"

#define RECORDING_EMULATOR "qemu-x86_64"

/* The first file of this name in the folders of PATH that may be run, or NULL; the caller frees
 * it. */
char *recording_find_in_path(const char *name);

/* Runs the program to its end: plugin is the option of that name, preload a variable of the
 * emulator's environment, messages the file that gets what is written to stderr. Returns the exit
 * status, or as a shell does 128 and the number of the signal that ended it. */
int recording_spawn(const struct recording_plan *plan, const char *plugin, const char *preload,
                    const char *messages);

#endif
