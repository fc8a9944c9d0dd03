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
#include "base/options.h"
#include "base/text.h"
#include "commands/commands.h"

static const struct command {
    const char *name;
    int (*main)(int argc, char **argv);
    const char *summary; /* NULL: not for users */
} commands[] = {
    {"list", cmd_list, "kernels, lowerings, suites and sets, with what they mean"},
    {"probe", cmd_probe, "what machine this is, and what it lacks"},
    {"try", cmd_try, "what sequences of instructions cost here, in ten seconds"},
    {"run", cmd_run, "measure; leaves a run directory"},
    {"report", cmd_report, "tables and plots from run directories"},
    {"claims", cmd_claims, "check published claims against runs"},
    {"compare", cmd_compare, "differences between two runs"},
    {"recommend", cmd_recommend, "the cheapest sound instructions for each x86 access"},
    {"check", cmd_check, "is a run whole, proven, quiet, and fit to be published?"},
    {"trim", cmd_trim, "a run made small enough to be published"},
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

/* As the commands have theirs; the caller frees it. */
static char *manual(void) {
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    fputs("NAME\n"
          "    tsobench - what does it cost to give a program TSO?\n"
          "\n"
          "SYNOPSIS\n"
          "    tsobench COMMAND [OPTION]...\n"
          "    tsobench COMMAND --help\n"
          "    tsobench --version\n"
          "\n"
          "DESCRIPTION\n"
          "    x86 programs rely on total store order; arm64 promises less. tsobench\n"
          "    measures what it costs on this machine to give a program that order: by a\n"
          "    hardware TSO mode, ordered instructions (LDAR, LDAPR, STLR), barriers (DMB).\n"
          "\n"
          "    Hand-written kernels run under every lowering and memory model of the\n"
          "    machine, paired and interleaved. Every ratio comes with its interval and\n"
          "    the proof of the memory model it was measured in.\n"
          "\n"
          "COMMANDS\n",
          out);
    for (int i = 0; i < COMMANDS; i++)
        if (commands[i].summary)
            fprintf(out, "    %-11s%s\n", commands[i].name, commands[i].summary);
    fputs("\n"
          "EXIT STATUS\n"
          "    0      done\n"
          "    1      something failed; what was measured is kept\n"
          "    2      wrong usage; nothing was measured\n"
          "    3      a required tool is missing\n"
          "    128+n  ended by signal n\n"
          "\n"
          "EXAMPLES\n"
          "    tsobench run                       the quick suite, two minutes\n"
          "    tsobench run --only memcpy         only the sets of one kernel\n"
          "    tsobench report results/*/2*       tables and plots of every run\n",
          out);
    fclose(out);
    return text;
}

static void print_manual(bool in_full) {
    char *text = manual();
    if (in_full)
        fputs(text, stdout);
    else
        options_print_help(text, "");
    free(text);
}

int main(int argc, char **argv) {
    const char *names[COMMANDS];
    inherited_mend();
    setlocale(LC_ALL, "C");
    if (argc < 2)
        die(EXIT_USAGE,
            "no command was given: tsobench run measures this machine, --help lists all");
    bool in_full = strcmp(argv[1], "--manual") == 0;
    if (in_full || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
        print_manual(in_full);
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
