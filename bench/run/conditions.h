/* SPDX-License-Identifier: MIT
 *
 * conditions.h: what a run was measured under: the machine, this build of the program, and what its
 * plan makes of the machine. They stand in machine.json; a run is gone on with under the same only.
 */
#ifndef CONDITIONS_H
#define CONDITIONS_H

#include "block/block.h"

/* The conditions of now, for the CPUs and sizes of the job; missing is what was asked for and is
 * not here. The caller owns it. */
json_t *conditions_describe(const struct job *job, const char *missing);

/* Dies with EXIT_USAGE, and what differs, where DIR/machine.json does not say the same. */
void conditions_compare(const char *directory, const json_t *now);

/* Where one of them says something else than the other, as "system.kernel was "6.1.0", is "6.1.2"".
 * What is measured anew each time may waver. False: nowhere. */
bool conditions_differ(const json_t *then, const json_t *now, char *text, size_t size);

/* The folder for a run under them that was given none: results/<machine>/<UTC time>, and a number
 * where somebody has that: a machine may begin several runs in a second. */
void conditions_folder(char *path, size_t size);

#endif
