/* SPDX-License-Identifier: MIT */
#include "base/options.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/text.h"

enum { MAX_OPTIONS = 32, HELP = 0x7001, MANUAL };

static bool begins(const char *line, const char *const *headings, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (strncmp(line, headings[i], strlen(headings[i])) == 0)
            return true;
    return false;
}

void options_print_help(const char *manual, const char *command) {
    static const char *const left_out[] = {"ENVIRONMENT", "EXIT STATUS", "JSON", "OUTPUT"};
    bool shown = false, description = false;
    for (const char *line = manual; *line;) {
        size_t length = strcspn(line, "\n");
        bool blank = length == 0, heading = !blank && *line != ' ';
        length += line[length] == '\n';
        if (heading) {
            shown = !begins(line, left_out, sizeof left_out / sizeof *left_out);
            description = strncmp(line, "DESCRIPTION\n", length) == 0;
        }
        if (shown)
            fwrite(line, 1, length, stdout);
        shown = shown && !(blank && description);
        line += length;
    }
    const char *blank = *command ? " " : "", *dash = *command ? "-" : "";
    printf("\nIn full: tsobench%s%s --manual, or man tsobench%s", blank, command, dash);
    for (const char *p = command; *p; p++)
        putchar(*p == ' ' ? '-' : *p);
    putchar('\n');
}

int options_next(int argc, char **argv, const struct option *options, const char *manual) {
    enum { OWN = 2 };
    struct option all[MAX_OPTIONS + OWN + 1] = {{"help", no_argument, NULL, HELP},
                                                {"manual", no_argument, NULL, MANUAL}};
    char names[MAX_OPTIONS + OWN][40];
    const char *candidates[MAX_OPTIONS + OWN];
    char letters[2 * MAX_OPTIONS + 2] = ":", *letter = letters + 1;
    size_t count = OWN;
    for (; options->name && count < MAX_OPTIONS + OWN; options++) {
        all[count++] = *options;
        if (options->val < ' ') /* no letter */
            continue;
        *letter++ = (char)options->val;
        if (options->has_arg)
            *letter++ = ':';
    }
    all[count] = (struct option){0};

    opterr = 0;
    int word = optind ? optind : 1;
    int option = getopt_long(argc, argv, letters, all, NULL);
    if (option == HELP || option == MANUAL) {
        if (option == HELP)
            options_print_help(manual, argv[0]);
        else
            fputs(manual, stdout);
        output_end();
        exit(EXIT_DONE);
    }
    if (option == ':')
        die(EXIT_USAGE, "%s: option `%s' needs a value", argv[0], argv[optind - 1]);
    if (option != '?')
        return option;
    /* A cluster such as -xy has not moved optind yet; then the word is the one it began with. */
    const char *wrong = optind > word ? argv[optind - 1] : argv[word];
    for (size_t i = 0; i < count; i++) {
        snprintf(names[i], sizeof names[i], "--%s", all[i].name);
        candidates[i] = names[i];
    }
    text_unknown("option", wrong, candidates, count);
}

void options_end(int argc, char **argv) {
    if (optind < argc)
        die(EXIT_USAGE, "%s: unexpected argument `%s' (see tsobench %s --help)", argv[0],
            argv[optind], argv[0]);
}
