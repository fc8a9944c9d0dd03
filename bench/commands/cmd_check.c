/* SPDX-License-Identifier: MIT
 *
 * cmd_check.c: `tsobench check': one verdict for a run that somebody sends.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/die.h"
#include "base/options.h"
#include "check/check.h"
#include "commands/commands.h"

static const char help[] =
    "NAME\n"
    "    tsobench check - is a run whole, proven, quiet, and fit to be published?\n"
    "\n"
    "SYNOPSIS\n"
    "    tsobench check DIR...\n"
    "\n"
    "DESCRIPTION\n"
    "    Checks whether a run is complete, proven, quiet and fit to be published.\n"
    "    Prints one line per problem, or \"DIR: ok\".\n"
    "\n"
    "    What is checked:\n"
    "\n"
    "        files         machine.json, samples.jsonl.zst and summary.tsv are\n"
    "                      there, and nothing else than what belongs to a run\n"
    "        checksum      the archive has one, and it is right (zstd compares it);\n"
    "                      summary.tsv, made again from the samples, is the same\n"
    "        schema        every line, document and table (core.json, switch.json,\n"
    "                      counts.tsv and so on, where they are there): known keys\n"
    "                      only, of the right types and in their ranges, texts\n"
    "                      without control characters, nothing larger than\n"
    "                      bench/samples/bounds.h says; and each is of this run and\n"
    "                      this machine\n"
    "        completeness  an end line; all planned sets measured or skipped with a\n"
    "                      reason; all blocks that the suite asks for; in each set\n"
    "                      A/A and twin\n"
    "        mode proof    a litmus battery for each memory model in each set: long\n"
    "                      enough, or the mode is unproven; which did not disprove\n"
    "                      it\n"
    "        results       no wrong result under a sound lowering\n"
    "        noise         of measured runs: the baseline against itself reaches at\n"
    "                      most 2 % from 1 (median over sets of one thread); at most\n"
    "                      20 % of its intervals miss 1; at most 20 % of the samples\n"
    "                      are spoiled\n"
    "        privacy       no path, no user@host, not this machine's host name or\n"
    "                      user's name\n"
    "\n"
    "    Lines with \"note:\" are not problems: blocks that died, a weak mode in which\n"
    "    nothing weak was seen.\n"
    "\n"
    "OPTIONS\n"
    "    --help     this text in short; --manual: in full\n"
    "\n"
    "EXIT STATUS\n"
    "    0 all are fine; 1 something is wrong; 2 wrong usage, or no such folder\n"
    "\n"
    "EXAMPLES\n"
    "    tsobench check results/*/2*\n";

int cmd_check(int argc, char **argv) {
    static const struct option options[] = {{0}};
    struct stat info;
    bool fine = true;
    while (options_next(argc, argv, options, help) != -1)
        ;
    if (optind == argc)
        die(EXIT_USAGE, "no run directory was named (see tsobench check --help)");
    for (int i = optind; i < argc; i++)
        if (stat(argv[i], &info) || !S_ISDIR(info.st_mode))
            die(EXIT_USAGE, "%s is not a folder: name a run directory, as results/*/2*", argv[i]);
    for (int i = optind; i < argc; i++)
        fine &= check_directory(argv[i]);
    return fine ? EXIT_DONE : EXIT_FAILED;
}
