/* SPDX-License-Identifier: MIT
 *
 * cmd_selftest.c: `tsobench selftest`: checks of the instrument itself, on this machine.
 */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/options.h"
#include "base/text.h"
#include "block/gb_shim.h"
#include "commands/commands.h"
#include "litmus/battery.h"
#include "machine/ticks.h"
#include "plan/request.h"
#include "probe/machine.h"
#include "samples/document.h"
#include "selftest/harness.h"
#include "selftest/identical.h"
#include "selftest/linearity.h"
#include "selftest/pmu_selftest.h"
#include "stats/stats.h"

static const char help[] =
    "NAME\n"
    "    tsobench selftest - check the instrument itself\n"
    "\n"
    "SYNOPSIS\n"
    "    tsobench selftest [--only REGEX]\n"
    "    tsobench selftest --harness [--seconds N] [--repeat N] [--only REGEX]\n"
    "    tsobench selftest --identical DIR\n"
    "\n"
    "DESCRIPTION\n"
    "    Checks the instrument: that the counter advances and its step is fine\n"
    "    enough, that a chain of twice the additions takes twice the time, that\n"
    "    threads stay where they are pinned, that twice the operations of a kernel\n"
    "    take twice the time (so that nothing but the kernel is timed), that the\n"
    "    code that runs is the code the plan names, and that the litmus battery sees\n"
    "    what this CPU's memory model allows and nothing that it forbids, and that\n"
    "    PMU events count loops of known instructions right (one that does not is\n"
    "    named and not trusted; only a wrong count of instructions is a failure).\n"
    "    Prints one line per check: ok, FAIL or skip, which includes times too\n"
    "    disturbed to judge.\n"
    "\n"
    "    --harness measures two pairs whose true ratio is 1 by this instrument and\n"
    "    by plain Google Benchmark (30 repetitions, random interleaving, its own\n"
    "    statistics) in the same wall time: plain code against itself (aa), and\n"
    "    against other code that is the same instructions (native where it is, else\n"
    "    the twin). Tab-separated rows: set, pair, method, wall_s, ratio,\n"
    "    half_width. Google Benchmark works in one process and has no intervals: its\n"
    "    half_width follows from the coefficients of variation that it prints. Ours\n"
    "    are blocks as in a run, each a process of another layout of the program,\n"
    "    for as long as the library took for both pairs.\n"
    "\n"
    "    --identical prints what the run in DIR says of code that is the same under\n"
    "    two names, whose true ratio is 1, as tab-separated rows: how many 95 %\n"
    "    intervals exclude 1 (5 % should) and the mean of the logarithms of the\n"
    "    ratios, for the same function twice (A/A), the same source compiled twice\n"
    "    (twin), and native against plain code where both are the same instructions\n"
    "    (on x86-64, in kernels without fences); then the kernels whose mean is more\n"
    "    than 0.2 % from 0.\n"
    "\n"
    "OPTIONS\n"
    "    --harness      the comparison\n"
    "    --seconds N    of Google Benchmark for each pair (default: 1)\n"
    "    --repeat N     comparisons of each set (default: 5)\n"
    "    --only REGEX   of the smoke suite's sets, those whose name matches\n"
    "                   (default: all)\n"
    "    --identical DIR  see the manual\n"
    "    --help         this text in short; --manual: in full\n"
    "\n"
    "EXIT STATUS\n"
    "    0 all checks passed or were skipped; 1 a check failed; 2 usage; 3\n"
    "    --harness, and the program is built without Google Benchmark\n";

static unsigned failures;

__attribute__((format(printf, 3, 4))) static void verdict(bool ok, const char *check,
                                                          const char *format, ...) {
    va_list args;
    printf("%-5s%-24s ", ok ? "ok" : "FAIL", check);
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    putchar('\n');
    failures += !ok;
}

static void skip(const char *check, const char *reason) {
    printf("skip %-24s %s\n", check, reason);
}

static void check_clock(bool timed) {
    uint64_t before = ticks_begin(), backwards = 0;
    for (int i = 0; i < 100000; i++) {
        uint64_t now = ticks_end();
        backwards += now < before;
        before = now;
    }
    verdict(backwards == 0, "clock-monotone", "%llu of 100000 readings went back",
            (unsigned long long)backwards);
    if (!timed) {
        skip("clock-step", "times mean nothing under emulation");
        return;
    }
    double step_ns = (double)ticks_step() / ticks_per_ns();
    verdict(step_ns < 1000, "clock-step", "%.2f ns a step at %.6f ticks/ns", step_ns,
            ticks_per_ns());
    enum { TRIES = 201 };
    double ratios[TRIES];
    for (int i = 0; i < TRIES; i++) {
        double one = (double)ticks_chain(), two = (double)(ticks_chain() + ticks_chain());
        ratios[i] = two / one;
    }
    double median = stats_median(ratios, TRIES);
    verdict(fabs(median - 2) < 0.02, "chain-linear", "two chains take %.4f of one", median);
}

static void check_linear(struct job *job, const struct set *set) {
    char why[128], name[64];
    snprintf(name, sizeof name, "linear %.40s", set->kernel->name);
    struct crew *crew = crew_start(job->cpus, set->threads, why, sizeof why);
    if (crew == NULL) {
        verdict(false, name, "%s", why);
        return;
    }
    struct linearity found = linearity_measure(set, crew, job->seed);
    enum linearity_verdict linear = linearity_verdict(&found);
    if (linear == LINEARITY_UNJUDGED)
        skip(name, "could not be judged: too few rounds were undisturbed, or they scatter");
    else
        verdict(linear == LINEARITY_HOLDS, name,
                "%u thread%s: 2n takes %.4f of n (2 within %.2f) at try %u; %u wrong results",
                set->threads, set->threads == 1 ? "" : "s", found.ratio, found.allowed, found.tries,
                found.wrong);
    crew_stop(crew);
}

/* The function each cell points to is the one its name says, by the loader's word. */
static void check_symbols(const struct plan *plan) {
    unsigned wrong = 0, seen = 0;
    char first[320] = "";
    for (size_t s = 0; s < plan->count; s++) {
        const struct set *set = &plan->sets[s];
        for (unsigned i = 0; i < set->cell_count; i++) {
            const struct cell *cell = &set->cells[i];
            char want[160];
            if (cell->lowering == NULL)
                continue;
            const char *stem = kernel_extras(set->kernel)->stem;
            snprintf(want, sizeof want, "%s%s__%s%s", stem ? "" : "run_",
                     stem ? stem : set->kernel->name, cell->name,
                     cell->role == ROLE_TWIN ? "_twin" : "");
            for (char *c = want; *c; c++)
                *c = *c == '-' ? '_' : *c;
            const char *symbol = plan_symbol(cell);
            bool found = symbol && strcmp(symbol, want) == 0;
            seen++;
            wrong += !found;
            if (!found && first[0] == 0)
                snprintf(first, sizeof first, "; the first: %s, want %s",
                         symbol ? symbol : "no symbol", want);
        }
    }
    if (seen == 0)
        skip("symbols", "no set that can be measured here");
    else
        verdict(wrong == 0, "symbols", "%u of %u cells run another function%s", wrong, seen, first);
}

static void check_battery(const struct job *job, bool timed) {
    char why[128];
    unsigned long long runs = 0, moved = 0;
    struct battery_result results[BATTERY_TESTS];
    if (job->request.cpu_count < 2) {
        skip("litmus", "a litmus test needs two CPUs");
        return;
    }
    struct crew *crew = crew_start(job->cpus, job->request.cpu_count < 4 ? 2 : 4, why, sizeof why);
    if (crew == NULL) {
        verdict(false, "pinning", "%s", why);
        return;
    }
    for (int model = 0; model < MEMMODEL_COUNT; model++) {
        if (!job->request.model[model])
            continue;
        enum memmodel models[LITMUS_THREADS];
        for (int thread = 0; thread < LITMUS_THREADS; thread++)
            models[thread] = (enum memmodel)model;
        int error = battery_run(crew, models, UINT64_MAX, 0.1, 0, job->seed, results);
        if (error)
            verdict(false, "litmus", "%s: %s", memmodel_name((enum memmodel)model),
                    strerror(-error));
        for (int i = 0; i < BATTERY_TESTS && error == 0; i++) {
            char name[32];
            const struct battery_result *result = &results[i];
            unsigned long long relaxed = result->relaxed, counted = result->runs;
            snprintf(name, sizeof name, "litmus %s %s", memmodel_name((enum memmodel)model),
                     result->test);
            runs += result->runs;
            moved += result->moved;
            if (result->runs == 0)
                skip(name, result->moved ? "unproven: its threads were not on their CPUs"
                                         : "needs four CPUs");
            else if (result->forbidden && model != MEMMODEL_WEAK)
                verdict(relaxed == 0, name, "forbidden by TSO, seen %llu of %llu", relaxed,
                        counted);
            else if (strcmp(result->test, "SB") == 0 && timed)
                /* A battery that never sees what every CPU here does would prove nothing. */
                verdict(relaxed > 0, name, "allowed, seen %llu of %llu", relaxed, counted);
            else
                verdict(true, name, "allowed, seen %llu of %llu", relaxed, counted);
        }
    }
    verdict(moved == 0, "pinning", "a thread was not where it was put in %llu of %llu litmus runs",
            moved, runs + moved);
    crew_stop(crew);
}

/* An event that counts something else is the core's affair, and is skipped; instructions are ours:
 * every row of the data has them. */
static void check_pmu(const struct job *job) {
    char why[128], name[96];
    size_t i;
    json_t *row, *rows = pmu_selftest(job->cpus, job->request.cpu_count, why, sizeof why);
    if (json_array_size(rows) == 0)
        skip("pmu", why);
    json_array_foreach(rows, i, row) {
        const char *event = json_string_value(json_object_get(row, "event"));
        const char *reason = json_string_value(json_object_get(row, "reason"));
        bool trusted = json_is_true(json_object_get(row, "trusted"));
        snprintf(name, sizeof name, "%s %s", event,
                 json_string_value(json_object_get(row, "loop")));
        if (trusted || strcmp(event, "instructions") == 0)
            verdict(trusted, name, "%s: %s", json_string_value(json_object_get(row, "pmu")),
                    reason ? reason : "counted as known");
        else
            skip(name, reason);
    }
    json_decref(rows);
}

static int harness(struct job *job, const struct plan *plan, double seconds, unsigned repeat) {
    if (gb_version() == NULL)
        die(EXIT_MISSING, "--harness: this program was built without Google Benchmark; build it "
                          "with -DGOOGLE_BENCHMARK=ON");
    job->ticks_per_ns = ticks_per_ns();
    job->source = machine_source();
    snprintf(job->count, sizeof job->count, "none");
    puts("set\tpair\tmethod\twall_s\tratio\thalf_width");
    for (size_t i = 0; i < plan->count; i++) {
        const struct set *set = &plan->sets[i];
        if (set->threads != 1 || set->skip[0])
            continue;
        for (unsigned r = 0; r < repeat; r++) {
            static const char *const methods[] = {"google-benchmark", "tsobench"};
            struct harness_row rows[HARNESS_PAIRS];
            job->seed++;
            harness_compare(job, set, seconds, rows);
            for (int k = 0; k < 2 * HARNESS_PAIRS; k++) {
                const struct harness_row *row = &rows[k / 2];
                printf("%s\t%s\t%s\t%.3f\t%.6f\t%.6f\n", set->name, row->pair, methods[k % 2],
                       row->seconds[k % 2], row->ratio[k % 2].value,
                       stats_half_width(row->ratio[k % 2]));
            }
            fflush(stdout);
        }
    }
    return EXIT_DONE;
}

static int check_all(struct job *job, const struct plan *plan) {
    bool timed = machine_source() == SOURCE_MEASURED;
    check_clock(timed);
    check_symbols(plan);
    check_battery(job, timed);
    check_pmu(job);
    for (size_t i = 0; i < plan->count; i++) {
        if (plan->sets[i].skip[0])
            skip(plan->sets[i].name, plan->sets[i].skip);
        else if (!timed)
            skip(plan->sets[i].name, "linearity: times mean nothing under emulation");
        else
            check_linear(job, &plan->sets[i]);
    }
    return failures ? EXIT_FAILED : EXIT_DONE;
}

static int identical(const char *directory) {
    struct samples *run = samples_read(directory);
    json_t *machine = document_if_any(directory, "machine.json", "no code is known to be native");
    const char *architecture = json_string_value(json_object_get(machine, "architecture"));
    struct summary *summary = summary_build(run);
    identical_print(summary, architecture ? architecture : "unknown", stdout);
    summary_free(summary);
    samples_free(run);
    json_decref(machine);
    return EXIT_DONE;
}

int cmd_selftest(int argc, char **argv) {
    enum { HARNESS = 1, SECONDS, REPEAT, ONLY, IDENTICAL };
    static const struct option options[] = {{"harness", no_argument, NULL, HARNESS},
                                            {"seconds", required_argument, NULL, SECONDS},
                                            {"repeat", required_argument, NULL, REPEAT},
                                            {"only", required_argument, NULL, ONLY},
                                            {"identical", required_argument, NULL, IDENTICAL},
                                            {0}};
    bool compare = false;
    const char *only = NULL, *directory = NULL;
    unsigned long seconds = 1, repeat = 5;
    char missing[256];
    struct job job = {.seed = 1};
    for (int option; (option = options_next(argc, argv, options, help)) != -1;) {
        if (option == HARNESS)
            compare = true;
        else if (option == SECONDS)
            seconds = text_number("--seconds", optarg, 1, 1000);
        else if (option == ONLY)
            only = optarg;
        else if (option == IDENTICAL)
            directory = optarg;
        else
            repeat = text_number("--repeat", optarg, 1, 1000);
    }
    options_end(argc, argv);
    if (directory)
        return identical(directory);
    request_from_machine(&job, plan_suite_named("smoke"), NULL, NULL, missing, sizeof missing);
    struct plan plan = plan_make(&job.request);
    if (only)
        plan_filter(&plan, only);
    int status =
        compare ? harness(&job, &plan, (double)seconds, (unsigned)repeat) : check_all(&job, &plan);
    plan_free(&plan);
    return status;
}
