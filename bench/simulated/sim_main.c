/* SPDX-License-Identifier: MIT
 *
 * sim_main.c: what runs inside the simulator: one memory model, some sets, a line of JSON for each.
 * scripts/simulate starts it, once a model and set; `tsobench import` makes a run of the lines.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/options.h"
#include "base/text.h"
#include "block/block.h"
#include "block/runner.h"
#include "config.h"
#include "core/core.h"
#include "count/counting.h"
#include "litmus/battery.h"
#include "machine/stamp.h"
#include "plan/request.h"
#include "simulated/sim_selection.h"
#include "simulated/simulated.h"

static const char help[] =
    "NAME\n"
    "    tsobench-simulated - the kernels of tsobench inside a simulator\n"
    "\n"
    "SYNOPSIS\n"
    "    tsobench-simulated list    --machine FILE [--suite NAME] [--only REGEX]\n"
    "    tsobench-simulated run     --machine FILE [--suite NAME] [--only REGEX] [--set NAME]\n"
    "                               [--lowerings LIST] [--sample-ns N | --ops N] [--seed N]\n"
    "                               [--fault NAME=REASON]...\n"
    "    tsobench-simulated battery --machine FILE [--runs N] [--latest N] [--seed N]\n"
    "    tsobench-simulated core    --machine FILE [--only GLOB] [--seed N]\n"
    "\n"
    "DESCRIPTION\n"
    "    list prints a line a set: its name, its threads, and why it is skipped, separated by\n"
    "    tabs. run measures the sets in the memory model of the machine and prints a line of\n"
    "    JSON for each; a set is measured with n operations a sample, and again with 2n, which\n"
    "    must take twice as long. battery runs the litmus tests that prove the memory model.\n"
    "    core prints what `tsobench core' finds out, of questions whose id fits GLOB.\n"
    "\n"
    "OPTIONS\n"
    "    --machine FILE    the simulated machine: a JSON object of cpus, memory_model, caches\n"
    "    --suite NAME      smoke, quick (the default), full or exhaustive\n"
    "    --only REGEX      only sets whose name matches\n"
    "    --set NAME        only the set of this name; found faster than by --only\n"
    "    --lowerings LIST  only cells of these lowerings, separated by commas\n"
    "    --leave-out LEVEL no sets that take minutes, but the reason: those whose data is in this\n"
    "                      level of the caches, L3 or DRAM, and traces on several threads\n"
    "    --sample-ns N     length of a sample in simulated ns (default 4000)\n"
    "    --ops N           operations of a sample, whatever time they take\n"
    "    --fault NAME=REASON\n"
    "                      cells of this name fault, as the simulator said: none is tried\n"
    "    --runs N          of each litmus test (default 1024)\n"
    "    --latest N        threads of a litmus test start up to N turns of a loop apart\n"
    "    --seed N          of the order of cells and of all that litmus tests draw (default 1)\n"
    "    --functional      there is no simulator: execute none of its instructions\n";

struct settings {
    const char *machine, *suite, *only, *set, *lowerings, *left_out;
    unsigned long runs, latest, seed, ops; /* ops 0: as many as fill a sample */
};

/* Longer than 60 lines: a row and a case an option. */
static struct settings parse(int argc, char **argv) {
    enum {
        MACHINE = 1,
        SUITE,
        ONLY,
        SET,
        LOWERINGS,
        LEAVE_OUT,
        SAMPLE,
        OPS,
        RUNS,
        LATEST,
        SEED,
        FAULT,
        FUNCTIONAL
    };
    static const struct option options[] = {{"machine", required_argument, NULL, MACHINE},
                                            {"suite", required_argument, NULL, SUITE},
                                            {"only", required_argument, NULL, ONLY},
                                            {"set", required_argument, NULL, SET},
                                            {"lowerings", required_argument, NULL, LOWERINGS},
                                            {"leave-out", required_argument, NULL, LEAVE_OUT},
                                            {"sample-ns", required_argument, NULL, SAMPLE},
                                            {"ops", required_argument, NULL, OPS},
                                            {"runs", required_argument, NULL, RUNS},
                                            {"latest", required_argument, NULL, LATEST},
                                            {"seed", required_argument, NULL, SEED},
                                            {"fault", required_argument, NULL, FAULT},
                                            {"functional", no_argument, NULL, FUNCTIONAL},
                                            {0}};
    struct settings settings = {.suite = "quick", .runs = 1024, .seed = 1};
    for (int option; (option = options_next(argc, argv, options, help)) != -1;) {
        switch (option) {
        case MACHINE:
            settings.machine = optarg;
            break;
        case SUITE:
            settings.suite = optarg;
            break;
        case ONLY:
            settings.only = optarg;
            break;
        case SET:
            settings.set = optarg;
            break;
        case LOWERINGS:
            settings.lowerings = optarg;
            break;
        case LEAVE_OUT:
            settings.left_out = optarg;
            break;
        case SAMPLE:
            simulated.sample_ns = (double)text_number("--sample-ns", optarg, 100, 1000000);
            break;
        case OPS:
            settings.ops = text_number("--ops", optarg, 1, 1000000000);
            break;
        case RUNS:
            settings.runs = text_number("--runs", optarg, 1, 1000000000);
            break;
        case LATEST:
            settings.latest = text_number("--latest", optarg, 1, 1000000);
            break;
        case SEED:
            settings.seed = text_number("--seed", optarg, 0, INT64_MAX);
            break;
        case FAULT:
            if (strchr(optarg, '=') == NULL || simulated.fault_count == MAX_CELLS)
                die(EXIT_USAGE, "--fault wants a cell and a reason, NAME=REASON, not `%s'", optarg);
            simulated.faults[simulated.fault_count++] = optarg;
            break;
        case FUNCTIONAL:
            simulated_functional = true;
            break;
        }
    }
    options_end(argc, argv);
    if (settings.machine == NULL)
        die(EXIT_USAGE, "no machine was named: --machine FILE is missing");
    simulated_read(settings.machine);
    return settings;
}

/* How this program was built and what it was asked for: the first line. */
static void print_guest(const struct job *job, const struct settings *settings) {
    json_t *footprints = json_object();
    for (int i = 0; i < TOPOLOGY_LEVELS; i++)
        json_object_set_new(footprints, topology_level_name((enum topology_level)i),
                            job->request.level[i].bytes
                                ? json_integer((json_int_t)job->request.level[i].bytes)
                                : json_string(job->request.level[i].reason));
    simulated_print(json_pack("{s:i, s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:o, s:f}", "format", 1,
                              "type", "guest", "version", TSOBENCH_VERSION, "git", TSOBENCH_GIT,
                              "compiler", TSOBENCH_COMPILER, "kernel_flags", TSOBENCH_CFLAGS,
                              "suite", settings->suite, "seed", (json_int_t)settings->seed,
                              "footprints", footprints, "sample_ns", simulated.sample_ns));
}

/* Until the first item of work a simulator may be fast, and there must be no second thread yet
 * (scripts/gem5/machine.py). Where a kernel makes its code when it is first called, it is called
 * here. */
static void start_alone(const struct job *job, const struct set *set) {
    char why[128];
    struct set alone = *set;
    struct runner runner;
    struct crew *crew = crew_start(job->cpus, 1, why, sizeof why);
    if (crew == NULL)
        die(EXIT_FAILED, "%s", why);
    alone.threads = 1;
    if (kernel_extras(set->kernel)->at) {
        runner_open(&runner, &alone, crew, job->seed);
        runner_close(&runner);
    } else {
        counting_close(counting_open(crew, 1, job->seed), crew);
    }
    crew_stop(crew);
}

static void measure(struct job *job, struct set *set, unsigned long ops) {
    /* If it is the last thing that this process says, this is the set it died of. */
    simulated_print(json_pack("{s:i, s:s, s:s, s:s, s:s, s:i}", "format", 1, "type", "start", "set",
                              set->name, "kernel", set->kernel->name, "params", set->parameters,
                              "threads", (int)set->threads));
    if (set->threads > 1)
        start_alone(job, set);
    job->block = 0;
    for (unsigned cell = 0; cell < MAX_CELLS; cell++)
        job->ops[cell] = ops;
    json_t *line = block_measure_set(job, set), *cell;
    size_t i;
    json_array_foreach(json_object_get(line, "cells"), i, cell) job->ops[i] =
        2 * (uint64_t)json_integer_value(json_object_get(cell, "ops"));
    json_object_set_new(line, "twice", block_measure_set(job, set));
    json_object_set_new(line, "uses", json_integer(set->uses)); /* for the import's verdicts */
    json_object_set_new(line, "features", json_integer(set->features));
    simulated_print(line);
}

static void run(struct plan *plan, struct job *job, const struct settings *settings) {
    print_guest(job, settings);
    for (size_t i = 0; i < plan->count; i++) {
        struct set *set = &plan->sets[i];
        if (set->skip[0]) {
            simulated_print(json_pack("{s:i, s:s, s:s, s:s, s:s, s:i, s:s}", "format", 1, "type",
                                      "skipped", "set", set->name, "kernel", set->kernel->name,
                                      "params", set->parameters, "threads", (int)set->threads,
                                      "reason", set->skip));
            continue;
        }
        selection_keep(set, settings->lowerings);
        if (set->cell_count)
            measure(job, set, settings->ops);
    }
}

static void list(const struct plan *plan) {
    for (size_t i = 0; i < plan->count; i++)
        printf("%s\t%u\t%s\n", plan->sets[i].name, plan->sets[i].threads, plan->sets[i].skip);
}

static void battery(const struct job *job, const struct settings *settings) {
    char why[128];
    struct battery_result results[BATTERY_TESTS];
    enum memmodel models[LITMUS_THREADS];
    unsigned threads = job->request.cpu_count < LITMUS_THREADS ? job->request.cpu_count : 4;
    if (threads < 2)
        die(EXIT_USAGE, "a litmus test needs two CPUs");
    for (int i = 0; i < LITMUS_THREADS; i++)
        models[i] = simulated.model;
    struct crew *crew = crew_start(job->cpus, threads, why, sizeof why);
    if (crew == NULL || battery_run(crew, models, settings->runs, 0, (unsigned)settings->latest,
                                    settings->seed, results))
        die(EXIT_FAILED, "no litmus tests: %s", crew ? "wrong memory model" : why);
    crew_stop(crew);
    json_t *rows = json_array();
    for (int i = 0; i < BATTERY_TESTS; i++)
        json_array_append_new(rows, battery_json(&results[i], memmodel_name(simulated.model)));
    simulated_print(json_pack("{s:i, s:s, s:s, s:o}", "format", 1, "type", "battery", "model",
                              memmodel_name(simulated.model), "rows", rows));
}

static void begin_core(void) {
    simulated_work_begin(0);
}

/* The same code that runs on machines, one memory model a process. */
static int core(const struct settings *settings) {
    const struct survey_request request = {.only = settings->only,
                                           .seed = settings->seed,
                                           .source = simulated_functional ? SOURCE_EMULATED
                                                                          : SOURCE_SIMULATED,
                                           .ready = begin_core};
    json_t *found = core_measure(&request, "simulated");
    simulated_work_end(0);
    simulated_print(json_pack("{s:i, s:s, s:o}", "format", 1, "type", "core", "core", found));
    return EXIT_DONE;
}

int main(int argc, char **argv) {
    static struct job job;
    char missing[256];
    static const char *const commands[] = {"list", "run", "battery", "core"};
    const char *command = argc > 1 ? argv[1] : "--help";
    bool known = false;
    for (int i = 0; i < 4; i++)
        known |= strcmp(command, commands[i]) == 0;
    if (*command != '-' && !known)
        text_unknown("command", command, commands, 4);
    struct settings settings = known ? parse(argc - 1, argv + 1) : parse(argc, argv);
    if (!known)
        die(EXIT_USAGE, "no command was given (see --help)");
    if (strcmp(command, "core") == 0)
        return core(&settings);
    request_from_machine(&job, plan_suite_named(settings.suite), NULL, "weak,tso", missing,
                         sizeof missing);
    job.source = SOURCE_SIMULATED;
    job.seed = settings.seed;
    job.request.set = settings.set;
    if (strcmp(command, "battery") == 0) {
        battery(&job, &settings);
        return EXIT_DONE;
    }
    struct plan plan = plan_make(&job.request);
    if (settings.only)
        plan_filter(&plan, settings.only);
    if (plan.count == 0)
        die(EXIT_USAGE, "no set `%s' in this suite", settings.set);
    selection_leave_out(&plan, settings.left_out);
    if (strcmp(command, "list") == 0)
        list(&plan);
    else
        run(&plan, &job, &settings);
    plan_free(&plan);
    return EXIT_DONE;
}
