/* SPDX-License-Identifier: MIT
 *
 * cmd_litmus.c: `tsobench litmus`: does this CPU, do these lowerings keep x86-TSO? And the same
 * tests as files for herd7, which answers for the model what a run can only fail to refute.
 */
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/die.h"
#include "base/options.h"
#include "base/seconds.h"
#include "base/text.h"
#include "block/block.h"
#include "commands/commands.h"
#include "litmus/litmus_plan.h"
#include "plan/registry.h"
#include "plan/request.h"
#include "probe/machine.h"

static const char help[] =
    "NAME\n"
    "    tsobench litmus - does this CPU, do these lowerings keep x86-TSO?\n"
    "\n"
    "SYNOPSIS\n"
    "    tsobench litmus [--time S] [--cpus LIST] [--lowering NAME]\n"
    "                    [--memory-model LIST] [--test REGEX] [--one-sided]\n"
    "                    [--seed N] [--json]\n"
    "    tsobench litmus --export DIR [--lowering NAME] [--test REGEX]\n"
    "\n"
    "DESCRIPTION\n"
    "    Runs the classic litmus tests under every lowering in every memory model of\n"
    "    this machine, as often as the time allows, and counts every outcome.\n"
    "    Threads change CPUs, variables change lines and owners, and starts are\n"
    "    delayed at random, because weak outcomes are rare and depend on timing.\n"
    "\n"
    "    For each test, lowering and model it prints a verdict, then how often each\n"
    "    outcome was seen, as final values of registers and of variables stored to\n"
    "    more than once: `0:r0=1 x=2'. `relaxed' marks outcomes that TSO allows and\n"
    "    sequential consistency does not, `TSO forbids this' those that the abstract\n"
    "    machine of x86-TSO never reaches; `?' is a value that nobody stored. `never\n"
    "    seen' is not a proof: a test can refute, not confirm. Runs in which a\n"
    "    thread left the CPU it was pinned to are not counted.\n"
    "\n"
    "    A run fails if a TSO-forbidden outcome is seen in a TSO mode or under a\n"
    "    lowering that is called sound for the test (tsobench list --lowerings), or\n"
    "    if any shows an outcome that even the weak model forbids. Loads and stores\n"
    "    of the tests are data accesses: under a lowering of coverage `sync'\n"
    "    (native) each test is a data race, and nothing is concluded from its\n"
    "    outcomes in weak mode.\n"
    "\n"
    "OPTIONS\n"
    "    --time S             seconds for all together (default: 30)\n"
    "    --cpus LIST          CPUs to use: 0,4 for a pair across clusters (default:\n"
    "                         all allowed)\n"
    "    --lowering NAME      only this one (default: all)\n"
    "    --memory-model LIST  comma-separated: weak, tso, fixed-tso (default: all\n"
    "                         that this CPU offers)\n"
    "    --test REGEX         only tests whose name matches: '^SB$' (default: all)\n"
    "    --one-sided          also with only one thread in TSO mode (model tso:0 or\n"
    "                         tso:1: in MP the writer or the reader). Nothing is\n"
    "                         promised of such pairs, so nothing can fail. Needs a\n"
    "                         CPU with a switch\n"
    "    --seed N             of everything random (default: from the clock)\n"
    "    --export DIR         write each test under each lowering as\n"
    "                         DIR/TEST.LOWERING.litmus for herd7, and run nothing;\n"
    "                         only arm64 lowerings\n"
    "    --json               one JSON object instead of text\n"
    "    --help               this text in short; --manual: in full\n"
    "\n"
    "EXIT STATUS\n"
    "    0 nothing was refuted; 1 a promise was broken, nothing could be run, or no\n"
    "    run of some test counts; 2 usage; 128+n ended by signal n, after printing\n"
    "    what had been seen\n"
    "\n"
    "EXAMPLES\n"
    "    tsobench litmus                              everything, half a minute\n"
    "    tsobench litmus --test '^MP$' --lowering plain --one-sided --cpus 0,4\n"
    "    tsobench litmus --export /tmp/l && herd7 /tmp/l/*.litmus\n";

struct settings {
    const char *cpus, *models, *export;
    struct litmus_choice choice;
    double seconds;
    uint64_t seed;
    bool as_json;
};

static volatile sig_atomic_t stopped_by;

static void on_signal(int number) {
    stopped_by = number;
}

/* In passes over all cases, so that whoever interrupts it has seen some of each. */
static void run_cases(struct litmus_cases *cases, const struct settings *settings,
                      const struct job *job) {
    char why[128];
    struct crew *crew = crew_start(job->cpus, job->request.cpu_count, why, sizeof why);
    if (crew == NULL)
        die(EXIT_FAILED, "%s", why);
    struct litmus *litmus = litmus_open(crew, settings->seed);
    struct sigaction action = {.sa_handler = on_signal};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    double end = seconds_now() + settings->seconds,
           slice = settings->seconds / (double)cases->count / 4;
    slice = slice > 0.1 ? 0.1 : slice < 0.001 ? 0.001 : slice;
    do {
        for (size_t i = 0; i < cases->count && !stopped_by; i++) {
            struct litmus_case *one = &cases->list[i];
            int error = litmus_run(litmus, &one->job, UINT64_MAX, slice, &one->counts);
            if (error)
                die(EXIT_FAILED, "cannot switch to memory model %s: %s", one->model,
                    strerror(-error));
        }
    } while (seconds_now() < end && !stopped_by);
    litmus_close(litmus);
    crew_stop(crew);
}

static void print_text(const struct litmus_cases *cases, const struct settings *settings) {
    size_t i;
    json_t *row;
    const char *what, *reason;
    bool emulated = machine_source() != SOURCE_MEASURED;
    printf("seed 0x%016llx%s\n", (unsigned long long)settings->seed,
           emulated ? "; emulated: what is not seen here says nothing about a CPU" : "");
    for (i = 0; i < cases->count; i++)
        litmus_case_print(&cases->list[i]);
    json_array_foreach(cases->skipped, i, row) {
        json_unpack(row, "{s:s, s:s}", "what", &what, "reason", &reason);
        printf("skipped %s: %s\n", what, reason);
    }
}

static void print_json(struct litmus_cases *cases, const struct settings *settings,
                       const struct job *job) {
    char seed[24];
    json_t *list = json_array(), *cpus = json_array();
    for (size_t i = 0; i < cases->count; i++)
        json_array_append_new(list, litmus_case_json(&cases->list[i]));
    for (unsigned i = 0; i < job->request.cpu_count; i++)
        json_array_append_new(cpus, json_integer(job->cpus[i]));
    snprintf(seed, sizeof seed, "0x%016llx", (unsigned long long)settings->seed);
    json_t *root =
        json_pack("{s:i, s:s, s:s, s:o, s:b, s:o, s:O}", "format", 1, "source",
                  source_name(machine_source()), "seed", seed, "cpus", cpus, "interrupted",
                  stopped_by != 0, "cases", list, "skipped", cases->skipped);
    json_dumpf(root, stdout, JSON_INDENT(1));
    putchar('\n');
    json_decref(root);
}

static int run(struct settings *settings) {
    static struct job job;
    char missing[256], text[256];
    bool failed = false, unproven = false;
    request_from_machine(&job, plan_suite_named("quick"), settings->cpus, settings->models, missing,
                         sizeof missing);
    if (missing[0])
        warn("%s", missing);
    struct litmus_cases cases = litmus_cases_make(&settings->choice, &job.request);
    if (cases.count)
        run_cases(&cases, settings, &job);
    if (settings->as_json)
        print_json(&cases, settings, &job);
    else
        print_text(&cases, settings);
    for (size_t i = 0; i < cases.count; i++) {
        failed |= !litmus_verdict(&cases.list[i], text, sizeof text);
        unproven |= litmus_unproven(&cases.list[i]);
    }
    size_t count = cases.count;
    litmus_cases_free(&cases);
    if (count == 0)
        die(EXIT_FAILED, "no litmus test can run here: each takes two CPUs or more (see --cpus)");
    return failed || unproven ? EXIT_FAILED : stopped_by ? EXIT_SIGNAL + stopped_by : EXIT_DONE;
}

static const struct lowering *lowering_named(const char *name) {
    enum { MOST = 256 };
    const char *names[MOST];
    size_t count;
    const struct lowering *const *lowerings = registry_lowerings(&count);
    for (size_t i = 0; i < count && i < MOST; i++)
        names[i] = lowerings[i]->name;
    const struct lowering *lowering = registry_lowering(name);
    if (lowering == NULL)
        text_unknown("lowering", name, names, count < MOST ? count : MOST);
    return lowering;
}

static void choose_tests(struct litmus_choice *choice, const char *expression) {
    if (regcomp(&choice->expression, expression, REG_EXTENDED | REG_NOSUB))
        die(EXIT_USAGE, "--test wants a regular expression, not `%s'", expression);
    choice->by_name = true;
    for (size_t test = 0; test < litmus_test_count; test++)
        if (litmus_chosen(choice, test, choice->lowering))
            return;
    const char *names[64];
    for (size_t test = 0; test < litmus_test_count && test < 64; test++)
        names[test] = litmus_tests[test].name;
    text_unknown("test", expression, names, litmus_test_count);
}

int cmd_litmus(int argc, char **argv) {
    enum { TIME = 1, CPUS, LOWERING, MODEL, TEST, ONE_SIDED, SEED, EXPORT, JSON };
    static const struct option options[] = {{"time", required_argument, NULL, TIME},
                                            {"cpus", required_argument, NULL, CPUS},
                                            {"lowering", required_argument, NULL, LOWERING},
                                            {"memory-model", required_argument, NULL, MODEL},
                                            {"test", required_argument, NULL, TEST},
                                            {"one-sided", no_argument, NULL, ONE_SIDED},
                                            {"seed", required_argument, NULL, SEED},
                                            {"export", required_argument, NULL, EXPORT},
                                            {"json", no_argument, NULL, JSON},
                                            {0}};
    struct settings settings = {.seconds = 30, .seed = (uint64_t)time(NULL)};
    for (int option; (option = options_next(argc, argv, options, help)) != -1;) {
        switch (option) {
        case TIME:
            settings.seconds = (double)text_number("--time", optarg, 1, 1000000);
            break;
        case CPUS:
            settings.cpus = optarg;
            break;
        case LOWERING:
            settings.choice.lowering = lowering_named(optarg);
            break;
        case MODEL:
            settings.models = optarg;
            break;
        case TEST:
            choose_tests(&settings.choice, optarg);
            break;
        case ONE_SIDED:
            settings.choice.one_sided = true;
            break;
        case SEED:
            settings.seed = text_number("--seed", optarg, 0, ULONG_MAX);
            break;
        case EXPORT:
            settings.export = optarg;
            break;
        default:
            settings.as_json = true;
        }
    }
    options_end(argc, argv);
    int status = EXIT_DONE;
    if (settings.export)
        printf("%zu files in %s\n", litmus_export_all(&settings.choice, settings.export),
               settings.export);
    else
        status = run(&settings);
    if (settings.choice.by_name)
        regfree(&settings.choice.expression);
    return status;
}
