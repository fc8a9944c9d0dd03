/* SPDX-License-Identifier: MIT
 *
 * verb_show.c: `tsobench trace show': what traces hold.
 */
#include <stdio.h>

#include "die.h"
#include "options.h"
#include "trace.h"
#include "verbs.h"

static const char help[] = "NAME\n"
                           "    tsobench trace show - what traces hold\n"
                           "\n"
                           "SYNOPSIS\n"
                           "    tsobench trace show FILE...\n";

int trace_show(int argc, char **argv) {
    static const struct option options[] = {{0}};
    char why[512];
    while (options_next(argc, argv, options, help) != -1)
        ;
    if (optind == argc)
        die(EXIT_USAGE, "%s: which files? (see tsobench %s --help)", argv[0], argv[0]);
    for (int i = optind; i < argc; i++) {
        struct trace *trace = trace_read(argv[i], why, sizeof why);
        if (trace == NULL)
            die(EXIT_FAILED, "%s", why);
        printf("%s: %zu windows\n", trace->provenance.name, trace->window_count);
        trace_free(trace);
    }
    return EXIT_DONE;
}
