/* SPDX-License-Identifier: MIT
 *
 * cmd_trim.c: `tsobench trim': a run made small enough to be published.
 */
#include <stdio.h>

#include "base/die.h"
#include "base/options.h"
#include "commands/commands.h"
#include "run/trim.h"

static const char help[] =
    "NAME\n"
    "    tsobench trim - a run made small enough to be published\n"
    "\n"
    "SYNOPSIS\n"
    "    tsobench trim DIR INTO\n"
    "\n"
    "DESCRIPTION\n"
    "    Makes the folder INTO a copy of the finished run in DIR, a tenth of its size\n"
    "    or less, with the same summary.tsv.\n"
    "\n"
    "    Of a set of several blocks the rounds go: of each block and cell stay the\n"
    "    medians of time, cycles, ratio to the baseline, metric and counts, the\n"
    "    number of samples that they are of, and what was seen in the rounds (two\n"
    "    modes, a warm-up). Other sets stay as they are. Intervals are over blocks;\n"
    "    the summary is made of the copy and of the whole run, and if they differ\n"
    "    in one byte there is no copy. Of two cells neither of which is the\n"
    "    baseline (claims, recommend) the ratio is the quotient of theirs to it,\n"
    "    block by block; counts are medians of blocks' medians. The copy holds the\n"
    "    size and the sha256 of the whole samples.jsonl.zst, by which that is found\n"
    "    again.\n"
    "\n"
    "    No copy is made of what the samples make again: benchmark.json, reports,\n"
    "    figures. A trimmed run cannot go on (run --resume).\n"
    "\n"
    "OPTIONS\n"
    "    --help     this text in short; --manual: in full\n"
    "\n"
    "EXIT STATUS\n"
    "    0 done; 1 damaged samples, or INTO cannot be written; 2 wrong usage, a run\n"
    "    that did not end or is trimmed, no set of several blocks, or INTO is there\n"
    "    already; 3 no sha256sum\n"
    "\n"
    "EXAMPLES\n"
    "    tsobench trim results/gem5-middle/20261123T011128Z trimmed\n";

int cmd_trim(int argc, char **argv) {
    static const struct option options[] = {{0}};
    while (options_next(argc, argv, options, help) != -1)
        ;
    if (argc - optind != 2)
        die(EXIT_USAGE, "trim wants a run directory and a new one (see tsobench trim --help)");
    trim_run(argv[optind], argv[optind + 1]);
    return EXIT_DONE;
}
