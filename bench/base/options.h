/* SPDX-License-Identifier: MIT
 *
 * options.h: getopt_long with the project's manners: what is wrong with a command line is said in
 * one line with the nearest match, and is exit status 2.
 */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <getopt.h>

/* The next option's val, or -1 after the last. Dies on an unknown option or a missing argument.
 * Prints the manual, or on --help its first screen, and exits 0. argv[0] is the subcommand. */
int options_next(int argc, char **argv, const struct option *options, const char *manual);

/* The first screen of a command's manual: all sections that say how to call it, of the description
 * the first paragraph, and where the rest is. An empty command is the program itself. */
void options_print_help(const char *manual, const char *command);

/* Dies unless all words of the command line were options. */
void options_end(int argc, char **argv);

#endif
