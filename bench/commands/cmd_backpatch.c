/* SPDX-License-Identifier: MIT
 *
 * cmd_backpatch.c: `tsobench backpatch`: what unaligned ordered accesses cost a translator.
 */
#include <stdbool.h>

#include "base/die.h"
#include "base/options.h"
#include "commands/commands.h"
#include "events/backpatch.h"

static const char help[] =
    "NAME\n"
    "    tsobench backpatch - what patching unaligned ordered accesses costs\n"
    "\n"
    "SYNOPSIS\n"
    "    tsobench backpatch [--json]\n"
    "\n"
    "DESCRIPTION\n"
    "    LDAR, LDAPR and STLR trap on an address across 16 bytes, and on CPUs without FEAT_LSE2 "
    "on\n"
    "    every unaligned one; x86 programs use such addresses. FEX then patches the access, in "
    "its\n"
    "    signal handler, to a plain one with a barrier (LDR; DMB ISHLD, or DMB ISH; STR), and it\n"
    "    stays so for everybody who comes along there. This does the same with code of its own\n"
    "    and measures: the access as it was, the access after it was patched, though aligned, and\n"
    "    the one that has it patched, signal included. A read-modify-write cannot be patched: the\n"
    "    handler emulates it with two compare and exchanges, every time; where the CPU has a "
    "switch,\n"
    "    in TSO mode, too.\n"
    "\n"
    "    One operation is one access. All on one CPU, in 8 processes of 25 rounds each, the "
    "events\n"
    "    of a round in random order. The number is the geometric mean of the processes' medians,\n"
    "    with its 95 % interval.\n"
    "\n"
    "OPTIONS\n"
    "    --json  one JSON object: events (ns: value, low, high; or skipped: the reason)\n"
    "    --help  this text\n"
    "\n"
    "EXIT STATUS\n"
    "    0 done, or an architecture without such accesses; 1 something failed or nothing could be\n"
    "    measured; 2 wrong usage\n";

int cmd_backpatch(int argc, char **argv) {
    enum { JSON = 1 };
    static const struct option options[] = {{"json", no_argument, NULL, JSON}, {0}};
    bool as_json = false;
    while (options_next(argc, argv, options, help) != -1)
        as_json = true;
    options_end(argc, argv);
    char why[128];
    unsigned count = 0;
    while (backpatch_events[count].name)
        count++;
    json_t *results = event_measure(backpatch_events, count);
    bool measured = event_measured(results, why, sizeof why);
    if (as_json) {
        event_print_json(results, NULL, NULL);
    } else {
        event_print(results);
        json_decref(results);
    }
#if !defined(__x86_64__) /* where there is nothing to patch, and the reason is the whole answer */
    if (!measured)
        die(EXIT_FAILED, "nothing was measured: %s", why);
#else
    (void)measured;
#endif
    return EXIT_DONE;
}
