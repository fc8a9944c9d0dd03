/* SPDX-License-Identifier: MIT
 *
 * cmd_trace.c: `tsobench trace': what may be done with traces, a row each.
 */
#include <stdio.h>
#include <string.h>

#include "base/die.h"
#include "base/text.h"
#include "commands/commands.h"
#include "commands/trace_commands.h"

static const struct verb {
    const char *name;
    int (*main)(int argc, char **argv);
    const char *summary;
} verbs[] = {
    {"trace record", trace_record, "a new one, of a program that runs under qemu-x86_64"},
    {"trace show", trace_show, "what traces hold: the mix of their accesses"},
    {"trace replay", trace_replay, "what a window costs under each translator's policy"},
    {"trace check", trace_check, "is the code of replays what traces and policies say?"},
};
enum { VERBS = sizeof verbs / sizeof verbs[0] };

static void help(void) {
    puts("NAME\n"
         "    tsobench trace - what real x86-64 programs do to memory\n"
         "\n"
         "SYNOPSIS\n"
         "    tsobench trace VERB [OPTION]... [FILE]...\n"
         "    tsobench trace VERB --help\n"
         "\n"
         "DESCRIPTION\n"
         "    A trace holds, for a few short windows of a program's run, each access to\n"
         "    memory: its kind, size, alignment, addressing, what it depends on, and the\n"
         "    number of instructions between. bench/trace/FORMAT.md describes the format.\n"
         "\n"
         "VERBS");
    for (int i = 0; i < VERBS; i++)
        printf("    %-10s%s\n", strchr(verbs[i].name, ' ') + 1, verbs[i].summary);
}

int cmd_trace(int argc, char **argv) {
    const char *names[VERBS];
    if (argc < 2)
        die(EXIT_USAGE,
            "trace: no verb was given: record, show, replay or check (see tsobench trace --help)");
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "--manual") == 0) {
        help();
        return EXIT_DONE;
    }
    for (int i = 0; i < VERBS; i++) {
        names[i] = strchr(verbs[i].name, ' ') + 1;
        if (strcmp(argv[1], names[i]) == 0) {
            argv[1] = (char *)verbs[i].name; /* so that messages name the whole command */
            return verbs[i].main(argc - 1, argv + 1);
        }
    }
    text_unknown("verb of trace", argv[1], names, VERBS);
}
