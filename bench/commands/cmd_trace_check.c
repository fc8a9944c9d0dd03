/* SPDX-License-Identifier: MIT
 *
 * verb_check.c: `tsobench trace check': is the code of a replay what the trace and the policy say?
 * For generated code it is what scripts/audit is for compiled code.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/die.h"
#include "base/options.h"
#include "base/text.h"
#include "commands/trace_commands.h"
#include "machine/feature.h"
#include "mapping/given.h"
#include "replay/policy_torn.h"
#include "replay/replay_check.h"

static const char help[] =
    "NAME\n"
    "    tsobench trace check - hold the code of replays against their traces\n"
    "\n"
    "SYNOPSIS\n"
    "    tsobench trace check [--policy NAME]... [--mapping FILE]...\n"
    "                         [--execute PASSES] FILE...\n"
    "\n"
    "DESCRIPTION\n"
    "    Checks that the code of replays does what the trace says: makes the code of\n"
    "    every window under every policy, for AArch64 and x86-64, with either\n"
    "    addressing, and evaluates its disassembly by objdump.\n"
    "\n"
    "    One pass must do exactly the accesses of the trace, each with its word of\n"
    "    the policy, its size, kind of register and address, in their order, and\n"
    "    have the policy's barriers and NOPs between them and no others. It follows\n"
    "    values: the registers of an address and of stored data must come from the\n"
    "    access that the trace names and from no other, of those too that nothing\n"
    "    has written. Code of both ISAs is checked on any machine.\n"
    "\n"
    "    A policy is a row of bench/replay/policies_<isa>.def; a line for each trace\n"
    "    says how many instructions were held against how many accesses, and one\n"
    "    which of its accesses are one on x86 and torn on arm64, which no verdict on\n"
    "    order counts.\n"
    "\n"
    "OPTIONS\n"
    "    --policy NAME     this policy of either ISA; may be repeated (default: all)\n"
    "    --mapping FILE    also this mapping; may be repeated\n"
    "    --execute PASSES  also execute the code for this CPU, PASSES times with\n"
    "                      each of three contents of the registers, none of them 0,\n"
    "                      and check that it does not fault and leaves memory as it\n"
    "                      was\n"
    "    --help            this text in short; --manual: in full\n"
    "\n"
    "EXIT STATUS\n"
    "    0 as promised, 1 not so (a line for each piece of code on stderr), 2 wrong\n"
    "    usage, 3 no objdump (binutils-aarch64-linux-gnu, binutils-x86-64-linux-gnu)\n";

struct totals {
    uint64_t passes; /* to be executed */
    size_t pieces, wrong;
    uint64_t instructions, accesses, executed;
};

static void execute(struct checked *piece, const struct trace_window *window,
                    struct totals *totals) {
    if (piece->isa != isa_here() || policy_needs(piece->policy, window) & ~feature_detect())
        return;
    const char *wrong = replay_execute(&piece->code, window->arena_bytes, totals->passes);
    if (wrong) {
        snprintf(piece->why, sizeof piece->why, "%s", wrong);
        totals->wrong++;
    }
    totals->executed += EXECUTE_SEEDS * totals->passes * piece->accesses;
}

static void check_window(const struct trace *trace, size_t which, enum isa isa,
                         const struct policy_choice *chosen, struct totals *totals) {
    const struct trace_window *window = &trace->windows[which];
    size_t count = 0, known;
    const struct policy *all = policies(isa, &known);
    struct checked *pieces = allocate(known * 2 * window->stream_count + 1, sizeof *pieces);
    for (size_t i = 0; i < known; i++)
        for (size_t stream = 0; policy_chosen(chosen, &all[i]) && stream < window->stream_count;
             stream++)
            for (int addressing = 0; addressing < 2; addressing++) {
                struct checked *piece = &pieces[count++];
                *piece = (struct checked){.isa = isa,
                                          .policy = &all[i],
                                          .stream = &window->streams[stream],
                                          .addressing = (enum addressing)addressing};
                piece->code = replay_generate(isa, piece->policy, piece->stream, piece->addressing);
            }
    totals->wrong += replay_check(pieces, count);
    totals->pieces += count;
    for (size_t i = 0; i < count; i++) {
        totals->instructions += pieces[i].code.instructions;
        totals->accesses += pieces[i].accesses;
        if (totals->passes && pieces[i].why[0] == '\0')
            execute(&pieces[i], window, totals);
        if (pieces[i].why[0])
            fprintf(stderr, "tsobench: %s, window %zu, stream %td, %s, %s, %s addressing: %s\n",
                    trace->provenance.name, which, pieces[i].stream - window->streams,
                    isa_name(isa), pieces[i].policy->name,
                    pieces[i].addressing == ADDRESSING_SAME ? "same" : "folded", pieces[i].why);
        replay_code_free(&pieces[i].code);
    }
    free(pieces);
}

/* What of a trace's accesses is torn, and under how many of AArch64's policies. */
static void print_torn(const struct trace *trace, const struct policy_choice *chosen) {
    size_t known, held = 0, tears[TORN_KINDS] = {0};
    const struct policy *all = policies(ISA_AARCH64, &known);
    const char *between = "    order only, without more than each policy needs: ";
    for (size_t i = 0; i < known; i++) {
        unsigned torn = 0;
        for (size_t w = 0; w < trace->window_count && policy_chosen(chosen, &all[i]); w++) {
            const struct trace_window *window = &trace->windows[w];
            torn |= policy_torn(&all[i], ISA_AARCH64, window, policy_needs(&all[i], window));
        }
        held += policy_chosen(chosen, &all[i]);
        for (unsigned kind = 0; kind < TORN_KINDS; kind++)
            tears[kind] += torn >> kind & 1;
    }
    for (unsigned kind = 0; kind < TORN_KINDS; kind++)
        if (tears[kind]) {
            printf("%s%s torn under %zu of %zu policies", between,
                   oracle_torn_name((enum torn)(1u << kind)), tears[kind], held);
            between = ", ";
        }
    fputs(*between == ',' ? "\n" : "", stdout);
}

int trace_check(int argc, char **argv) {
    enum { POLICY = 1, MAPPING, EXECUTE };
    static const struct option options[] = {{"policy", required_argument, NULL, POLICY},
                                            {"mapping", required_argument, NULL, MAPPING},
                                            {"execute", required_argument, NULL, EXECUTE},
                                            {0}};
    struct policy_choice chosen = {.count = 0};
    uint64_t passes = 0;
    size_t wrong = 0;
    for (int option; (option = options_next(argc, argv, options, help)) != -1;) {
        if (option == MAPPING)
            given_read(optarg);
        else if (option == POLICY)
            policy_choose(&chosen, optarg);
        else
            passes = text_number("--execute", optarg, 1, 1000000);
    }
    if (optind == argc)
        die(EXIT_USAGE, "%s: which FILE? (see tsobench trace check --help)", argv[0]);
    if (passes && replay_refused())
        die(EXIT_FAILED, "nothing can be executed: %s", replay_refused());
    for (int i = optind; i < argc; i++) {
        char why[256];
        struct totals totals = {.passes = passes};
        struct trace *trace = trace_read(argv[i], why, sizeof why);
        if (trace == NULL)
            die(EXIT_FAILED, "%s", why);
        for (size_t window = 0; window < trace->window_count; window++)
            for (int isa = 0; isa < ISAS; isa++)
                check_window(trace, window, (enum isa)isa, &chosen, &totals);
        printf("%s: %zu windows, %zu pieces of code, %llu instructions, %llu accesses: ",
               trace->provenance.name, trace->window_count, totals.pieces,
               (unsigned long long)totals.instructions, (unsigned long long)totals.accesses);
        if (passes)
            printf("%llu executed: ", (unsigned long long)totals.executed);
        if (totals.wrong)
            printf("%zu WRONG\n", totals.wrong);
        else
            puts("as promised");
        print_torn(trace, &chosen);
        if (!trace->marked)
            printf("    %s\n", TRACE_UNMARKED_TEXT);
        wrong += totals.wrong;
        trace_free(trace);
    }
    return wrong ? EXIT_FAILED : EXIT_DONE;
}
