/* SPDX-License-Identifier: MIT
 *
 * cmd_recommend.c: `tsobench recommend': what a translator should emit on the core of a run.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "advise/cheapest.h"
#include "advise/gains.h"
#include "base/die.h"
#include "base/options.h"
#include "base/text.h"
#include "commands/commands.h"

static const char help[] =
    "NAME\n"
    "    tsobench recommend - the cheapest sound instructions for each x86 access\n"
    "\n"
    "SYNOPSIS\n"
    "    tsobench recommend DIR [--search] [--traces DIR]\n"
    "                       [--trace NAME | --counts LIST] [--json]\n"
    "\n"
    "DESCRIPTION\n"
    "    Names, from a run, the cheapest sound instructions for each operation of an\n"
    "    x86 program: loads, stores, vectors, unaligned accesses, locked\n"
    "    instructions, CMPXCHG16B, MFENCE, REP MOVS and STOS.\n"
    "\n"
    "    For each operation it lists the sequences that the run has measured by\n"
    "    themselves, what each costs over plain code with its 95 % interval, and in\n"
    "    which combinations it is sound; all accesses of a thread must follow one\n"
    "    combination. If the intervals do not tell two sequences apart (above the\n"
    "    floor of their set, if it has one), it says \"tie\". What was not measured is\n"
    "    n/a: the quick suite has loads and stores of 8 bytes, locked instructions\n"
    "    and MFENCE; the full suite has the rest: tsobench run --suite full --only\n"
    "    '_forms|rep_movs|memset'.\n"
    "\n"
    "    Operations are weighted by their mean frequency in the traces of real\n"
    "    programs, if there are any; for each trace a linear model predicts what\n"
    "    order costs with the recommended sequences and with those that translators\n"
    "    emit.\n"
    "\n"
    "    --search looks at every mapping that can be assembled from the sequences\n"
    "    measured for loads, stores, locked instructions and MFENCE, and finds the\n"
    "    cheapest that is sound by the tests of `tsobench sound', the next ones, and\n"
    "    what the cheaper ones break.\n"
    "\n"
    "    On arm64 the question is what gives x86-TSO, on x86-64, which is TSO, what\n"
    "    gives sequential consistency. Sequences and the rules by which they are\n"
    "    combined are rows of bench/advise/*.def; what a rule chose is judged by the\n"
    "    tests of `tsobench sound'.\n"
    "\n"
    "OPTIONS\n"
    "    --traces DIR   folder of traces (default: those that come with the\n"
    "                   program); without traces 25 loads and 10 stores count\n"
    "    --trace NAME   weight operations by this trace alone\n"
    "    --counts LIST  weights: load=25,store=10,exchange=1 (operations as --json\n"
    "                   names them); others count 0\n"
    "    --search       the cheapest sound mapping of all\n"
    "    --json         as one JSON object\n"
    "    --help         this text in short; --manual: in full\n"
    "\n"
    "JSON\n"
    "      run, machine, source, goal, plain_model, weights_from\n"
    "      cheapest      identifier of a combination, or null\n"
    "      combinations  of each: combination, text, evidence, complete, refused,\n"
    "                    missing (operations), uses (operation: sequence),\n"
    "                    ns_over_plain, ns_over_cheapest, tie\n"
    "      operations    of each: operation, text, set, weight, options, skipped,\n"
    "                    emit, next (options or null), next_costs_ns, tie\n"
    "      an option has sequence, model, sound, sound_in, why, torn_without (the\n"
    "                    feature without which its 16 bytes are two accesses, here,\n"
    "                    or null), sum (of two cells), ns_per_op, over_plain, floor,\n"
    "                    latency_over_plain\n"
    "      core          what core.json of the run means for accesses that miss:\n"
    "                    sentences, or null\n"
    "      traces        of each: trace, codes: of each of these code\n"
    "                    (\"recommended\", or a policy), sound, ns_per_100 (guest\n"
    "                    instructions, over plain: fitted, least, most), missing\n"
    "                    (what was not measured)\n"
    "      searched      of --search: refused (why, or null), possible, judged\n"
    "                    (mappings), sound, cheaper_unsound (the dearest last); of\n"
    "                    each of these uses, ns_over_plain, ns_over_cheapest, tie,\n"
    "                    breaks (a test, or null)\n"
    "    numbers with an interval are [value, low, high]; no number is null\n"
    "\n"
    "EXIT STATUS\n"
    "    0 done, whatever is recommended; 1 damaged samples; 2 wrong usage, no\n"
    "    samples, or no set of single instructions in them\n"
    "\n"
    "EXAMPLES\n"
    "    tsobench recommend results/gem5-middle/20261123T011128Z\n"
    "    tsobench recommend --search --counts load=30,store=12,cmpxchg=0.2 DIR\n";

static bool measured_anything(const struct advice *advice) {
    for (size_t i = 0; i < OPERATIONS; i++)
        if (advice->operations[i].count)
            return true;
    return false;
}

/* "load=25,store=10" as weights. */
static void parse_counts(const char *list, double weights[OPERATIONS]) {
    char word[64];
    for (size_t i = 0; i < OPERATIONS; i++)
        weights[i] = 0;
    while (text_next(&list, word, sizeof word)) {
        char *equals = strchr(word, '='), *end = NULL;
        double count = equals ? strtod(equals + 1, &end) : 0;
        if (!equals || end == equals + 1 || *end || !(count >= 0) || !isfinite(count))
            die(EXIT_USAGE, "--counts wants OPERATION=NUMBER, as load=25, not `%s'", word);
        *equals = '\0';
        size_t at = 0;
        while (at < OPERATIONS && strcasecmp(operations[at].id, word) != 0)
            at++;
        if (at == OPERATIONS)
            die(EXIT_USAGE, "--counts: unknown operation `%s'; tsobench recommend --json names all",
                word);
        weights[at] = count;
    }
}

struct request {
    bool json, search;
    const char *traces, *trace, *counts;
};

static struct request parse(int argc, char **argv) {
    enum { JSON = 1, TRACES, TRACE, COUNTS, SEARCH };
    static const struct option options[] = {
        {"json", no_argument, NULL, JSON},           {"search", no_argument, NULL, SEARCH},
        {"traces", required_argument, NULL, TRACES}, {"trace", required_argument, NULL, TRACE},
        {"counts", required_argument, NULL, COUNTS}, {0}};
    struct request request = {0};
    for (int option; (option = options_next(argc, argv, options, help)) != -1;) {
        request.json |= option == JSON;
        request.search |= option == SEARCH;
        if (option == TRACES)
            request.traces = optarg;
        else if (option == TRACE)
            request.trace = optarg;
        else if (option == COUNTS)
            request.counts = optarg;
    }
    if (argc - optind != 1)
        die(EXIT_USAGE, "recommend wants one run directory (see tsobench recommend --help)");
    if (request.trace && request.counts)
        die(EXIT_USAGE, "--trace and --counts both weight the operations: give one of them");
    return request;
}

static struct gains open_traces(const struct request *request) {
    struct gains gains = gains_open(traces_folder(request->traces));
    if (request->traces && gains.count == 0)
        die(EXIT_USAGE, "no trace in %s: name a folder of traces with --traces", request->traces);
    if (request->trace && !gains_keep(&gains, request->trace))
        die(EXIT_USAGE, "no trace `%s' in %s", request->trace, traces_folder(request->traces));
    return gains;
}

static struct advice *advise(const struct report *report, const struct request *request,
                             const struct gains *gains) {
    static char from[128];
    double weights[OPERATIONS];
    if (request->counts) {
        parse_counts(request->counts, weights);
        return advice_make(report, weights, "the counts of --counts");
    }
    if (gains->count == 0)
        return advice_make(report, NULL, "25 loads and 10 stores");
    gains_weights(gains, weights);
    snprintf(from, sizeof from, "100 instructions, %s",
             request->trace ? request->trace : "mean of the traces");
    return advice_make(report, weights, from);
}

static void print(const struct report *report, const struct advice *advice,
                  const struct gains *gains, const struct cheapest *cheapest, bool json) {
    if (json) {
        json_t *root = advice_json(advice);
        json_object_set_new(root, "traces", gains_json(gains, advice));
        if (cheapest)
            json_object_set_new(root, "searched", cheapest_json(cheapest));
        json_dumpf(root, stdout, JSON_INDENT(2));
        putchar('\n');
        json_decref(root);
        return;
    }
    struct page page = report_page(report, stdout, PAGE_TEXT);
    advice_print(advice, &page);
    if (cheapest)
        cheapest_print(cheapest, advice, &page);
    gains_print(gains, advice, &page);
}

int cmd_recommend(int argc, char **argv) {
    struct request request = parse(argc, argv);
    struct report *report = report_open(argv[optind]);
    struct gains gains = open_traces(&request);
    struct advice *advice = advise(report, &request, &gains);
    if (!measured_anything(advice))
        die(EXIT_USAGE,
            "%s has no set of single instructions; they are in the full suite: "
            "tsobench run --suite full --only '_forms|rep_movs|memset'",
            argv[optind]);
    struct cheapest *cheapest = request.search ? cheapest_make(advice) : NULL;
    print(report, advice, &gains, cheapest, request.json);
    free(cheapest);
    advice_free(advice);
    gains_close(&gains);
    report_free(report);
    return EXIT_DONE;
}
