/* SPDX-License-Identifier: MIT
 *
 * cmd_claims.c: `tsobench claims': what runs say to what was claimed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/options.h"
#include "base/text.h"
#include "base/visible.h"
#include "claims/claims.h"
#include "commands/commands.h"

static const char help[] =
    "NAME\n"
    "    tsobench claims - tests published claims against measured runs\n"
    "\n"
    "SYNOPSIS\n"
    "    tsobench claims DIR... [--only ID]... [--json]\n"
    "    tsobench claims --list [--json]\n"
    "\n"
    "DESCRIPTION\n"
    "    Tests published claims about the cost of memory order\n"
    "    (bench/claims/claims.def) against runs. Each claim has a source, a test\n"
    "    over cells, and what would refute it.\n"
    "\n"
    "    The verdicts of a run:\n"
    "\n"
    "        holds              the widened interval of each condition lies where it\n"
    "                           says\n"
    "        refuted            that of some condition lies entirely elsewhere\n"
    "        undecided          neither, and why: interval too wide, or within the\n"
    "                           floor\n"
    "        not testable here  and why: core, mode, kernel or samples are missing;\n"
    "                           and which run would test it (wanted)\n"
    "\n"
    "    Intervals are compared, never point estimates. Each 95 % interval is\n"
    "    printed as it is, and widened for the comparison: by the set's floor, if\n"
    "    any, and so that all intervals compared in one run hold together with 95 %\n"
    "    probability (Bonferroni). So chance decides some verdict in at most one run\n"
    "    of twenty, however many claims there are.\n"
    "\n"
    "    Some claims are of two runs: of two page sizes, or of a virtual machine and\n"
    "    its host. Each run given is compared with the first of the others that is\n"
    "    the other side by its machine.json, on the same kind of core and, where\n"
    "    that is not what is compared, under the same hypervisor. Claims about\n"
    "    single events read switch.json and backpatch.json beside the samples.\n"
    "\n"
    "    A lowering that does not keep TSO is marked \"unsound\". A cell with wrong\n"
    "    results, without samples, or whose memory model was not proven supports\n"
    "    nothing. Emulated runs test nothing; verdicts of simulated ones are marked.\n"
    "\n"
    "    Published figures (bench/claims/published.def) are printed beside, with the\n"
    "    grade of their source: P primary text read, S second hand, M from memory.\n"
    "\n"
    "OPTIONS\n"
    "    --only ID   only this claim; may be repeated\n"
    "    --list      the claims with their sources, tests and published figures; no\n"
    "                run is read\n"
    "    --json      as one JSON object\n"
    "    --help      this text in short; --manual: in full\n"
    "\n"
    "EXIT STATUS\n"
    "    0 done, whatever the verdicts; 1 damaged samples; 2 wrong usage, or no\n"
    "    samples\n"
    "\n"
    "EXAMPLES\n"
    "    tsobench claims results/*/2*\n"
    "    tsobench claims --list --only S1\n";

static void print_figures(const struct claim *claim) {
    for (size_t i = 0; i < figure_count; i++)
        if (strcmp(figures[i].claim, claim->id) == 0)
            printf("      published: %.3g, %s, %s (%s, %s, grade %c)\n", figures[i].value,
                   figures[i].what, figures[i].cores, figures[i].source->id,
                   figures[i].source->date, figures[i].source->grade);
}

static void print_claim(const struct claim *claim) {
    const struct citation *source = claim->source;
    printf("%s  %s\n", claim->id, claim->text);
    printf("      source:    %s, %s, grade %c; %s\n", source->who, source->date, source->grade,
           source->where);
    if (*claim->cores)
        printf("      cores:     %s\n", claim->cores);
    printf("      test:      %s\n", claim->test);
    printf("      refuted:   %s\n", claim->refuted);
    print_figures(claim);
}

static void print_measure(const struct finding *finding) {
    const struct condition *condition = finding->condition;
    const struct measure *measure = finding->deciding;
    printf("      %s\n", condition->text);
    if (condition->kind == SEEN || condition->kind == UNSEEN) {
        if (finding->runs)
            printf("        %s: seen %llu times in %llu runs\n",
                   claims_verdict_name(finding->verdict), (unsigned long long)finding->seen,
                   (unsigned long long)finding->runs);
        return;
    }
    if (measure == NULL || *measure->dead) {
        printf("        %s: %s\n", claims_verdict_name(finding->verdict), finding->why);
        return;
    }
    bool single = condition->kind == EVENT && *condition->event[1] == 0;
    printf("        %s: %.4g%s", claims_verdict_name(finding->verdict), measure->value.value,
           single ? " ns" : "");
    if (stats_has_ends(measure->value))
        printf(" [%.4g, %.4g]", measure->value.low, measure->value.high);
    else
        printf(" (no interval)");
    if (measure->floor > 0)
        printf(", floor %.2f%%", 100 * measure->floor);
    printf("%s, ", measure->unsound ? ", unsound" : "");
    if (condition->kind == EVENT)
        printf("of single events\n");
    else if (condition->kind == CORE)
        printf("of the core\n");
    else if (measure->set == NULL)
        printf("mean of %zu %s\n", measure->items,
               condition->kind == TRACES ? "traces" : "kernels");
    else if (finding->count == 1)
        printf("%s\n", measure->set->name);
    else
        printf("%s (of %zu sets)\n", measure->set->name, finding->count);
    if (measure->over && finding->bottom == NULL)
        printf("          over %s\n", measure->over->name);
    if (finding->bottom)
        visible_printf("          in %s, over %s\n", finding->top, finding->bottom);
}

static bool is_simulated(const struct tested_run *run) {
    return samples_simulated(run->side.run);
}

static void print_judgement(const struct tested_run *run, const struct judgement *judgement) {
    printf("%-5s %s%s%s%s%s\n      %s\n", judgement->claim->id,
           claims_verdict_name(judgement->verdict),
           is_simulated(run) && judgement->verdict != NOT_TESTABLE ? " (simulated)" : "",
           *judgement->why ? " (" : "", judgement->why, *judgement->why ? ")" : "",
           judgement->claim->text);
    if (judgement->verdict == NOT_TESTABLE) {
        char *wanted = claims_wanted(judgement->claim);
        printf("      wanted:    %s\n", wanted);
        free(wanted);
        return;
    }
    for (size_t i = 0; i < judgement->expression.count; i++)
        print_measure(&judgement->findings[i]);
    print_figures(judgement->claim);
}

static void print_run(const struct tested_run *run) {
    static const enum verdict order[] = {HOLDS, REFUTED, UNDECIDED, NOT_TESTABLE};
    size_t counts[4] = {0};
    const struct samples *samples = run->side.run;
    visible_printf("%s: %s, %s %s\n", run->side.directory, run->name,
                   samples->source ? source_name(samples->source) : "nothing measured",
                   samples->time ? samples->time : "");
    putchar('\n');
    for (size_t k = 0; k < 4; k++)
        for (size_t i = 0; i < claim_count; i++) {
            if (run->judgements[i].claim == NULL || run->judgements[i].verdict != order[k])
                continue;
            counts[order[k]]++;
            print_judgement(run, &run->judgements[i]);
        }
    printf("\n%zu claims: %zu hold, %zu refuted, %zu undecided, %zu not testable here. ",
           counts[HOLDS] + counts[REFUTED] + counts[UNDECIDED] + counts[NOT_TESTABLE],
           counts[HOLDS], counts[REFUTED], counts[UNDECIDED], counts[NOT_TESTABLE]);
    if (is_simulated(run))
        printf("%zu numbers\nof a deterministic model were compared: they have no intervals, and a "
               "verdict is about\nthis model and no CPU.\n",
               run->comparisons);
    else
        printf("%zu intervals were compared;\nall of them hold together with 95%%.\n",
               run->comparisons);
}

/* ---- the command ---- */

static void print_json(json_t *json) {
    json_dumpf(json, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(json);
}

static bool is_asked(const char *const *ids, const char *id) {
    bool found = *ids == NULL;
    for (; *ids; ids++)
        found |= strcmp(*ids, id) == 0;
    return found;
}

static void list_all(const char *const *ids, bool json) {
    json_t *array = json_array();
    for (size_t i = 0; i < claim_count; i++) {
        if (!is_asked(ids, claims[i].id))
            continue;
        if (json)
            json_array_append_new(array, claims_json(&claims[i]));
        else
            print_claim(&claims[i]);
    }
    if (json)
        print_json(json_pack("{s:O}", "claims", array));
    json_decref(array);
}

static const char *checked_id(const char *word) {
    const char **names = allocate(claim_count, sizeof *names);
    for (size_t i = 0; i < claim_count; i++) {
        names[i] = claims[i].id;
        if (strcmp(word, claims[i].id) == 0) {
            free(names);
            return word;
        }
    }
    text_unknown("claim", word, names, claim_count);
}

int cmd_claims(int argc, char **argv) {
    enum { ONLY = 1, LIST, JSON };
    static const struct option options[] = {{"only", required_argument, NULL, ONLY},
                                            {"list", no_argument, NULL, LIST},
                                            {"json", no_argument, NULL, JSON},
                                            {0}};
    const char **ids = allocate((size_t)argc + 1, sizeof *ids);
    size_t id_count = 0;
    bool list = false, json = false;
    for (int option; (option = options_next(argc, argv, options, help)) != -1;) {
        if (option == ONLY)
            ids[id_count++] = checked_id(optarg);
        else if (option == LIST)
            list = true;
        else
            json = true;
    }
    if (list) {
        options_end(argc, argv);
        list_all(ids, json);
        free(ids);
        return EXIT_DONE;
    }
    if (optind == argc)
        die(EXIT_USAGE, "no run directory was named, as results/*/2* (see tsobench claims --help)");
    json_t *runs = json_array();
    size_t count = (size_t)(argc - optind);
    struct given_run *given = allocate(count, sizeof *given);
    for (size_t i = 0; i < count; i++)
        given[i].directory = argv[(size_t)optind + i];
    for (size_t i = 0; i < count; i++) {
        struct tested_run *run = claims_test(given, count, i, id_count ? ids : NULL);
        if (json)
            json_array_append_new(runs, claims_run_json(run));
        else
            print_run(run);
        claims_free(run);
        if (!json && i + 1 < count)
            putchar('\n');
    }
    claims_forget(given, count);
    free(given);
    if (json)
        print_json(json_pack("{s:O}", "runs", runs));
    json_decref(runs);
    free(ids);
    return EXIT_DONE;
}
