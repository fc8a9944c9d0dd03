/* SPDX-License-Identifier: MIT
 *
 * main.c: the program's subcommands.
 */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/inherited.h"
#include "base/text.h"
#include "commands/commands.h"

static const struct command {
    const char *name;
    int (*main)(int argc, char **argv);
    const char *summary; /* NULL: not for users */
} commands[] = {
    {"list", cmd_list, "kernels, lowerings, suites and sets, with what they mean"},
    {"probe", cmd_probe, "what machine this is, and what is missing"},
    {"try", cmd_try, "what sequences of instructions cost here, in ten seconds"},
    {"run", cmd_run, "measure; leaves a run directory"},
    {"report", cmd_report, "tables and plots from run directories"},
    {"claims", cmd_claims, "what runs say to what was claimed and published"},
    {"compare", cmd_compare, "what moved from one run to another"},
    {"recommend", cmd_recommend, "the cheapest sound instructions for each x86 access"},
    {"check", cmd_check, "is a run whole, proven, quiet, and fit to be published?"},
    {"litmus", cmd_litmus, "does this CPU, do these lowerings keep x86-TSO?"},
    {"sound", cmd_sound, "is a mapping of x86 operations to instructions sound?"},
    {"selftest", cmd_selftest, "checks of the instrument itself"},
    {"switch", cmd_switch, "what switching the memory model costs"},
    {"backpatch", cmd_backpatch, "what patching unaligned ordered accesses costs"},
    {"matrix", cmd_matrix, "how long a message takes between each two CPUs"},
    {"core", cmd_core, "what kind of core this is: its buffers, and what waits for what"},
    {"trace", cmd_trace, "what real x86-64 programs do to memory"},
    {"import", cmd_import, "a run directory from what a simulator measured"},
    {"block", cmd_block, NULL},
};
enum { COMMANDS = sizeof commands / sizeof commands[0] };

static void help(void) {
    puts("NAME\n"
         "    tsobench - what does it cost to give a program TSO?\n"
         "\n"
         "SYNOPSIS\n"
         "    tsobench COMMAND [OPTION]...\n"
         "    tsobench COMMAND --help\n"
         "    tsobench --version\n"
         "\n"
         "DESCRIPTION\n"
         "    x86 programs rely on total store order; arm64 promises less. tsobench measures the\n"
         "    ways to give a program that order: a hardware TSO mode, ordered instructions\n"
         "    (LDAR, LDAPR, STLR), barriers (DMB). Hand-written kernels run under every lowering\n"
         "    and memory model this machine has, paired and interleaved, and every ratio comes\n"
         "    with its interval, the noise floor and the proof of the mode it was measured in.\n"
         "\n"
         "COMMANDS");
    for (int i = 0; i < COMMANDS; i++)
        if (commands[i].summary)
            printf("    %-11s%s\n", commands[i].name, commands[i].summary);
    puts("\n"
         "EXIT STATUS\n"
         "    0      done\n"
         "    1      something failed; what was measured is kept\n"
         "    2      wrong usage; nothing was measured\n"
         "    3      a needed tool is missing\n"
         "    128+n  ended by signal n\n"
         "\n"
         "EXAMPLES\n"
         "    tsobench run                       the quick suite, two minutes\n"
         "    tsobench run --only memcpy         only the sets of one kernel\n"
         "    tsobench report results/*/*        tables and plots of every run");
}

int main(int argc, char **argv) {
    const char *names[COMMANDS];
    inherited_mend();
    setlocale(LC_ALL, "C");
    if (argc < 2)
        die(EXIT_USAGE, "which command? (see tsobench --help)");
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
        help();
        output_end();
        return EXIT_DONE;
    }
    if (strcmp(argv[1], "--version") == 0) {
        version_print();
        output_end();
        return EXIT_DONE;
    }
    for (int i = 0; i < COMMANDS; i++) {
        if (strcmp(argv[1], commands[i].name) == 0) {
            int status = commands[i].main(argc - 1, argv + 1);
            output_end();
            return status;
        }
        names[i] = commands[i].name;
    }
    text_unknown("command", argv[1], names, COMMANDS - 1);
}
