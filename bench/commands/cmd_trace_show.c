/* SPDX-License-Identifier: MIT
 *
 * verb_show.c: `tsobench trace show': what traces hold.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/die.h"
#include "base/options.h"
#include "commands/cmd_trace_show.h"
#include "commands/trace_commands.h"

static const char help[] =
    "NAME\n"
    "    tsobench trace show - what traces hold: the mix of their accesses\n"
    "\n"
    "SYNOPSIS\n"
    "    tsobench trace show [--windows] [--json] [--plot DIR] FILE...\n"
    "\n"
    "DESCRIPTION\n"
    "    Prints where each trace comes from and what it does to memory: accesses per\n"
    "    100 instructions, vectors, addressing, alignment, dependence, footprint,\n"
    "    sizes. The columns are explained below the tables.\n"
    "\n"
    "OPTIONS\n"
    "    --windows   one row per window instead of one per trace\n"
    "    --json      one JSON object instead of tables, with the recording commands\n"
    "    --plot DIR  draws them too: DIR/traces.svg, DIR/traces.png, from\n"
    "                DIR/plot.tsv\n"
    "    --help      this text in short; --manual: in full\n"
    "\n"
    "EXIT STATUS\n"
    "    0 done; 1 a file is no trace, or is damaged: one line says where; 2 wrong\n"
    "    usage; 3 no gnuplot: the tables are printed, the plot is not drawn\n"
    "\n"
    "EXAMPLES\n"
    "    tsobench trace show traces/*.trace\n"
    "    tsobench trace show --windows --plot /tmp/sqlite traces/sqlite.trace\n";

static struct shown show(const struct trace *trace, const struct trace_window *window) {
    struct shown row = {.trace = trace, .window = window};
    row.mix = window ? trace_mix_window(window) : trace_mix(trace);
    if (asprintf(&row.name, window ? "%s %td" : "%s", trace->provenance.name,
                 window ? window - trace->windows : 0) < 0)
        die(EXIT_FAILED, "out of memory");
    return row;
}

int trace_show(int argc, char **argv) {
    enum { WINDOWS = 1, JSON, PLOT };
    static const struct option options[] = {{"windows", no_argument, NULL, WINDOWS},
                                            {"json", no_argument, NULL, JSON},
                                            {"plot", required_argument, NULL, PLOT},
                                            {0}};
    bool windows = false, json = false;
    const char *plot = NULL;
    char why[512];
    for (int option; (option = options_next(argc, argv, options, help)) != -1;) {
        if (option == WINDOWS)
            windows = true;
        else if (option == JSON)
            json = true;
        else
            plot = optarg;
    }
    if (optind == argc)
        die(EXIT_USAGE, "%s: no trace was named, as traces/*.trace (see tsobench %s --help)",
            argv[0], argv[0]);
    size_t files = (size_t)(argc - optind), count = 0;
    struct trace **traces = allocate(files, sizeof(struct trace *));
    struct shown *rows = allocate(files * TRACE_MAX_WINDOWS, sizeof *rows);
    for (size_t i = 0; i < files; i++) {
        traces[i] = trace_read(argv[optind + (int)i], why, sizeof why);
        if (traces[i] == NULL)
            die(EXIT_FAILED, "%s", why);
        if (!windows)
            rows[count++] = show(traces[i], NULL);
        for (size_t w = 0; windows && w < traces[i]->window_count; w++)
            rows[count++] = show(traces[i], &traces[i]->windows[w]);
    }
    int status = plot ? show_plot(rows, count, plot) : EXIT_DONE;
    if (json)
        show_json(rows, count);
    else
        show_tables(rows, count);
    for (size_t i = 0; i < count; i++)
        free(rows[i].name);
    for (size_t i = 0; i < files; i++)
        trace_free(traces[i]);
    free(rows);
    free(traces);
    return status;
}
