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
    "    Measures what an emulator pays for unaligned ordered accesses: LDAR, LDAPR\n"
    "    and STLR fault on an address that crosses 16 bytes (without FEAT_LSE2 on\n"
    "    every unaligned one), and x86 programs use such addresses.\n"
    "\n"
    "    FEX patches the access, in its signal handler, to a plain one with a\n"
    "    barrier (LDR; DMB ISHLD, or DMB ISH; STR), and the patch stays for all\n"
    "    later executions. This command does the same with its own code and\n"
    "    measures the original access, the patched access on an aligned address,\n"
    "    and the access that faults and is patched, signal included. A\n"
    "    read-modify-write cannot be patched: the handler emulates it each time,\n"
    "    with two compare-and-exchange operations. If the CPU has a switch, all of\n"
    "    it is measured in TSO mode, too.\n"
    "\n"
    "    One operation is one access. All on one CPU, in 8 processes of 25 rounds\n"
    "    each, the events of a round in random order. The number is the geometric\n"
    "    mean of the processes' medians, with its 95 % interval.\n"
    "\n"
    "OPTIONS\n"
    "    --json  one JSON object: events (ns: value, low, high; or skipped: the\n"
    "            reason)\n"
    "    --help  this text in short; --manual: in full\n"
    "\n"
    "EXIT STATUS\n"
    "    0 done, or an architecture without such accesses; 1 something failed or\n"
    "    nothing could be measured; 2 wrong usage\n";

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
