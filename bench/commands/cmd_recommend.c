/* SPDX-License-Identifier: MIT
 *
 * cmd_recommend.c: `tsobench recommend': what a translator should emit on the core of a run.
 */
#include <stdio.h>
#include <stdlib.h>

#include "advise/advise.h"
#include "advise/gains.h"
#include "base/die.h"
#include "base/options.h"
#include "commands/commands.h"

static const char help[] =
    "NAME\n"
    "    tsobench recommend - the cheapest sound instructions for each x86 access on this core\n"
    "\n"
    "SYNOPSIS\n"
    "    tsobench recommend DIR [--traces DIR] [--json]\n"
    "\n"
    "DESCRIPTION\n"
    "    Reads a run directory. For each operation of a guest (load, store, vectors, unaligned,\n"
    "    locked instructions, MFENCE, REP MOVS and STOS) it lists the sequences that the run has\n"
    "    measured by themselves, what each costs over plain code with its 95 % interval, and in\n"
    "    which combinations it is sound, and names the cheapest combination: all accesses of a\n"
    "    thread must follow one. Where the intervals do not tell two apart above the noise floor\n"
    "    of their set, it says \"tie\". What was not measured is n/a: the quick suite has loads "
    "and\n"
    "    stores of 8 bytes, locked instructions and MFENCE; the rest is in the full one: run "
    "--suite\n"
    "    full --only '_forms|rep_movs|memset'.\n"
    "\n"
    "    How often each operation comes is the mean of the traces of real programs, where there "
    "are\n"
    "    any, and for each trace a linear model says what order costs in it with the recommended\n"
    "    sequences and with what translators emit.\n"
    "\n"
    "    On arm64 the question is what gives x86-TSO, on x86-64, which is TSO, what gives\n"
    "    sequential consistency. Sequences, combinations and their evidence are rows of\n"
    "    bench/advise/*.def.\n"
    "\n"
    "OPTIONS\n"
    "    --traces DIR  the folder of traces (default: as trace replay has it); without any, 25\n"
    "                  loads and 10 stores decide\n"
    "    --json   as one JSON object:\n"
    "               run, machine, source, goal, plain_model, weights_from\n"
    "               cheapest      identifier of a combination, or null\n"
    "               combinations  of each: combination, text, evidence, complete, refused,\n"
    "                             missing (operations), uses (operation: sequence),\n"
    "                             ns_over_plain, ns_over_cheapest, tie\n"
    "               operations    of each: operation, text, set, weight, options, skipped, emit,\n"
    "                             next (options or null), next_costs_ns, tie\n"
    "               an option has sequence, model, sound, sound_in, why, sum (of two cells),\n"
    "                             ns_per_op, over_plain, floor, latency_over_plain\n"
    "               traces        of each: trace, codes: of each of these code (\"recommended\", "
    "or a\n"
    "                             policy), sound, ns_per_100 (guest instructions, over plain:\n"
    "                             fitted, least, most), missing (what was not measured)\n"
    "             numbers with an interval are [value, low, high]; no number is null\n"
    "    --help   this text\n"
    "\n"
    "EXIT STATUS\n"
    "    0 done, whatever is recommended; 1 damaged samples; 2 wrong usage, no samples, or no\n"
    "    set of single instructions in them\n"
    "\n"
    "EXAMPLES\n"
    "    tsobench recommend results/intel-xeon-processor-c06f2-kvm/20261122T180738Z\n";

static bool measured_anything(const struct advice *advice) {
    for (size_t i = 0; i < OPERATIONS; i++)
        if (advice->operations[i].count)
            return true;
    return false;
}

int cmd_recommend(int argc, char **argv) {
    enum { JSON = 1, TRACES };
    static const struct option options[] = {
        {"json", no_argument, NULL, JSON}, {"traces", required_argument, NULL, TRACES}, {0}};
    bool json = false;
    const char *asked = NULL;
    for (int option; (option = options_next(argc, argv, options, help)) != -1;) {
        json |= option == JSON;
        asked = option == TRACES ? optarg : asked;
    }
    if (argc - optind != 1)
        die(EXIT_USAGE, "recommend wants one run directory (see tsobench recommend --help)");
    struct report *report = report_open(argv[optind]);
    struct gains gains = gains_open(traces_folder(asked));
    if (asked && gains.count == 0)
        die(EXIT_USAGE, "no trace in %s", asked);
    double weights[OPERATIONS];
    if (gains.count)
        gains_weights(&gains, weights);
    struct advice *advice = advice_make(report, gains.count ? weights : NULL,
                                        gains.count ? "100 instructions, mean of the traces"
                                                    : "25 loads and 10 stores");
    if (!measured_anything(advice))
        die(EXIT_USAGE,
            "%s has no set of single instructions; they are in the full suite: "
            "tsobench run --suite full --only '_forms|rep_movs|memset'",
            argv[optind]);
    if (json) {
        json_t *root = advice_json(advice);
        json_object_set_new(root, "traces", gains_json(&gains, advice));
        json_dumpf(root, stdout, JSON_INDENT(2));
        putchar('\n');
        json_decref(root);
    } else {
        struct page page = report_page(report, stdout, PAGE_TEXT);
        advice_print(advice, &page);
        gains_print(&gains, advice, &page);
    }
    advice_free(advice);
    gains_close(&gains);
    report_free(report);
    return EXIT_DONE;
}
