/* SPDX-License-Identifier: MIT
 *
 * commands.h: the subcommands. Each gets its own name as argv[0] and returns the exit status.
 */
#ifndef COMMANDS_H
#define COMMANDS_H

int cmd_list(int argc, char **argv);
int cmd_litmus(int argc, char **argv);
int cmd_sound(int argc, char **argv);
int cmd_probe(int argc, char **argv);
int cmd_try(int argc, char **argv);
int cmd_run(int argc, char **argv);
int cmd_report(int argc, char **argv);
int cmd_claims(int argc, char **argv);
int cmd_compare(int argc, char **argv);
int cmd_recommend(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_trim(int argc, char **argv);
int cmd_selftest(int argc, char **argv);
int cmd_switch(int argc, char **argv);
int cmd_backpatch(int argc, char **argv);
int cmd_import(int argc, char **argv);
int cmd_matrix(int argc, char **argv);
int cmd_core(int argc, char **argv);
int cmd_trace(int argc, char **argv);
int cmd_block(int argc, char **argv);

/* What --version says. */
void version_print(void);

#endif
