/* SPDX-License-Identifier: MIT
 *
 * trace_commands.h: the verbs of `tsobench trace'. Each gets its own name, as "trace show", as
 * argv[0] and returns the exit status.
 */
#ifndef TRACE_COMMANDS_H
#define TRACE_COMMANDS_H

int trace_record(int argc, char **argv);
int trace_show(int argc, char **argv);
int trace_check(int argc, char **argv);
int trace_replay(int argc, char **argv);

#endif
