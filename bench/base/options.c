/* SPDX-License-Identifier: MIT */
#include "base/options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/text.h"

enum { MAX_OPTIONS = 32, HELP = 0x7001 };

int options_next(int argc, char **argv, const struct option *options, const char *help) {
    struct option all[MAX_OPTIONS + 2] = {{"help", no_argument, NULL, HELP}};
    char names[MAX_OPTIONS + 1][40];
    const char *candidates[MAX_OPTIONS + 1];
    char letters[2 * MAX_OPTIONS + 2] = ":", *letter = letters + 1;
    size_t count = 1;
    for (; options->name && count <= MAX_OPTIONS; options++) {
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
    if (option == HELP) {
        fputs(help, stdout);
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
