/* SPDX-License-Identifier: MIT
 *
 * cmd_run.c: `tsobench run`: plan, start block after block, keep every line.
 */
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/die.h"
#include "base/layout.h"
#include "base/options.h"
#include "base/seconds.h"
#include "block/block.h"
#include "commands/commands.h"
#include "machine/ticks.h"
#include "machine/virt.h"
#include "mapping/given.h"
#include "plan/request.h"
#include "probe/machine.h"
#include "run/campaign.h"
#include "run/conditions.h"
#include "run/experiment.h"
#include "run/finish.h"
#include "run/progress.h"
#include "run/rundir.h"
#include "run/spawn.h"
#include "samples/samples.h"
#include "selftest/pmu_selftest.h"

enum { BLOCK_TIMEOUT_SECONDS = 120 };

static const char help[] =
    "NAME\n"
    "    tsobench run - measure this machine; leave a run directory\n"
    "\n"
    "SYNOPSIS\n"
    "    tsobench run [--suite smoke|quick|full] [--only REGEX] [--rounds N]\n"
    "                 [--blocks N] [--seed N] [--cpus LIST] [--memory-model LIST]\n"
    "                 [--mapping FILE]... [--out DIR]\n"
    "    tsobench run --resume DIR\n"
    "\n"
    "DESCRIPTION\n"
    "    Measures kernels under every lowering and memory model that this machine\n"
    "    has, and leaves a run directory; `tsobench report` makes tables and plots\n"
    "    of it.\n"
    "\n"
    "    A set is a kernel at one point of its parameters. It is measured in blocks,\n"
    "    each a process of its own with a fresh address space; a block in rounds;\n"
    "    and in a round every cell of the set once, in random order. A set whose\n"
    "    intervals are wider than asked (half-width 0.2 % of the ratio on one\n"
    "    thread, 1 % on several) gets more blocks, up to the suite's limits.\n"
    "\n"
    "    A block that dies is repeated later, at most three times; then its set is\n"
    "    marked as failed, with the block's own message as the reason.\n"
    "\n"
    "    The last line of standard output is the run directory; progress goes to\n"
    "    standard error. The directory holds machine.json, samples.jsonl (one line\n"
    "    per block, appended when the block is done; compressed with zstd at the\n"
    "    end), benchmark.json (Google Benchmark's layout) and summary.tsv.\n"
    "\n"
    "OPTIONS\n"
    "    --suite NAME         smoke, quick (default), full: tsobench list --suites\n"
    "    --only REGEX         only sets whose name matches: tsobench list --sets\n"
    "    --rounds N           rounds of a block (default: as many as fill its time)\n"
    "    --blocks N           exactly N blocks of every set\n"
    "    --seed N             of all random orders (default: from the clock)\n"
    "    --cpus LIST          CPUs to use, in this order: 0-3,8 (default: all\n"
    "                         allowed, one thread of each core first)\n"
    "    --memory-model LIST  comma-separated: weak, tso, fixed-tso (default: all\n"
    "                         that this CPU offers)\n"
    "    --count LIST         sets of PMU events, comma-separated: mix, rmw, stall,\n"
    "                         mem, coh, order; or all (default), none. They take\n"
    "                         turns, one per round (see tsobench probe --pmu)\n"
    "    --mapping FILE       also measure this mapping, in replayed traces and in\n"
    "                         the single-instruction kernels; may be repeated\n"
    "    --out DIR            the run directory (default: results/MACHINE/UTC-TIME)\n"
    "    --resume DIR         continue or finish a stopped run with its own options,\n"
    "                         and retry what failed; refused on another machine,\n"
    "                         kernel or build\n"
    "    --help               this text in short; --manual: in full\n"
    "\n"
    "ENVIRONMENT\n"
    "    TSOBENCH_TRACES  the folder of traces, or the trace, that trace_replay\n"
    "                     replays (default: traces/ beside the program, or\n"
    "                     share/tsobench/traces where it is installed)\n"
    "\n"
    "EXIT STATUS\n"
    "    0 done; 1 a set failed, a result was wrong, or nothing could be measured or\n"
    "    written (all else is kept, see --resume); 2 wrong usage, a folder that\n"
    "    cannot be written, or a run that cannot be continued: nothing was measured;\n"
    "    3 a required tool is missing; 128+n ended by signal n (continue with\n"
    "    --resume)\n"
    "\n"
    "EXAMPLES\n"
    "    tsobench run --suite smoke\n"
    "    tsobench run --only '^memcpy/.*size=16K' --cpus 1\n";

static void on_signal(int number) {
    spawn_interrupted = number;
}

static void catch_signals(void) {
    struct sigaction action = {.sa_handler = on_signal}, inherited;
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    if (sigaction(SIGHUP, NULL, &inherited) == 0 && inherited.sa_handler != SIG_IGN) /* nohup */
        sigaction(SIGHUP, &action, NULL);
    signal(SIGPIPE, SIG_IGN); /* a block that died is told by its status */
}

static struct experiment parse(int argc, char **argv, const char **out, const char **resume) {
    enum { KEY = 1, OUT = KEY + EXPERIMENT_KEYS, RESUME };
    static const struct option options[] = {
        {"suite", required_argument, NULL, KEY + EXPERIMENT_SUITE},
        {"only", required_argument, NULL, KEY + EXPERIMENT_ONLY},
        {"rounds", required_argument, NULL, KEY + EXPERIMENT_ROUNDS},
        {"blocks", required_argument, NULL, KEY + EXPERIMENT_BLOCKS},
        {"seed", required_argument, NULL, KEY + EXPERIMENT_SEED},
        {"cpus", required_argument, NULL, KEY + EXPERIMENT_CPUS},
        {"memory-model", required_argument, NULL, KEY + EXPERIMENT_MODELS},
        {"count", required_argument, NULL, KEY + EXPERIMENT_COUNT},
        {"mapping", required_argument, NULL, KEY + EXPERIMENT_MAPPING},
        {"out", required_argument, NULL, OUT},
        {"resume", required_argument, NULL, RESUME},
        {0}};
    struct experiment run = {.suite = "quick"};
    unsigned given = 0;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    run.seed = rng_hash((uint64_t)now.tv_nsec, "run") >> 1;
    for (int option; (option = options_next(argc, argv, options, help)) != -1; given++) {
        char name[32] = "";
        for (const struct option *o = options; o->name; o++)
            if (o->val == option)
                snprintf(name, sizeof name, "--%s", o->name);
        if (option == OUT)
            *out = optarg;
        else if (option == RESUME)
            *resume = optarg;
        else
            experiment_set(&run, (enum experiment_key)(option - KEY), name, optarg);
    }
    options_end(argc, argv);
    if (*resume && given > 1)
        die(EXIT_USAGE, "--resume uses the run's own options: give no others");
    return run;
}

static void append_skips(struct rundir *dir, const struct campaign *campaign) {
    for (size_t i = 0; i < campaign->plan->count; i++) {
        const struct set *set = &campaign->plan->sets[i];
        if (set->skip[0] && !campaign->sets[i].said)
            rundir_append(dir, json_pack("{s:i, s:s, s:s, s:s, s:s, s:i, s:s}", "format", 1, "type",
                                         "skipped", "set", set->name, "kernel", set->kernel->name,
                                         "params", set->parameters, "threads", (int)set->threads,
                                         "reason", set->skip));
    }
}

/* Measures one block and keeps what came of it. The seconds it took. */
static double measure(struct campaign *campaign, struct rundir *dir, const struct job *job,
                      unsigned index) {
    const struct set *set = &campaign->plan->sets[index];
    char *text = job_print(job);
    char *program = job->layout ? layout_path(job->layout) : NULL;
    struct spawned block = spawn_program(program, text, BLOCK_TIMEOUT_SECONDS);
    json_t *line = block.answer ? json_loads(block.answer, 0, NULL) : NULL;
    free(text);
    free(program);
    if (!block.started)
        die(EXIT_FAILED, "%s; go on later with --resume %s", block.reason, rundir_path(dir));
    if (block.answer && line == NULL)
        snprintf(block.reason, sizeof block.reason, "its answer is no JSON");
    if (line)
        rundir_append_text(dir, block.answer);
    free(block.answer);
    if (line == NULL && spawn_interrupted)
        return block.seconds;
    if (line == NULL) {
        warn("%s, block %u failed: %s", set->name, job->block, block.reason);
        line = json_pack("{s:i, s:s, s:s, s:s, s:s, s:i, s:i, s:s}", "format", 1, "type", "failed",
                         "set", set->name, "kernel", set->kernel->name, "params", set->parameters,
                         "threads", (int)set->threads, "block", (int)job->block, "reason",
                         block.reason);
        rundir_append(dir, json_incref(line));
        campaign->sets[index].failed_at = seconds_now();
    }
    campaign_absorb(campaign, line);
    json_decref(line);
    return block.seconds;
}

/* A set that failed is given time before it is tried again. */
static void wait_for(const struct campaign *campaign, unsigned index) {
    double until = campaign->sets[index].failed_at + campaign_patience(campaign, index);
    while (campaign->sets[index].tries && seconds_now() < until && !spawn_interrupted)
        usleep(100000);
}

/* The seconds it took, but for those that the program was stopped in. */
static double measure_all(struct campaign *campaign, struct rundir *dir, struct job *job,
                          long rounds) {
    struct progress progress;
    double elapsed = 0, limit = campaign->options.limit_seconds;
    unsigned already = campaign->done, layouts = virt_ends_at_exec() ? 0 : layout_count();
    progress_start(&progress);
    for (int index; !spawn_interrupted && (index = campaign_next(campaign, elapsed)) >= 0;) {
        unsigned done = campaign->done, remaining = campaign_remaining(campaign);
        double each = done > already ? elapsed / (done - already) : 0;
        double left = each == 0 ? -1 : each * remaining;
        if (left >= 0 && elapsed + left < limit)
            left = limit - elapsed; /* sets may ask for more */
        progress_show(&progress, done, done + (remaining ? remaining : 1),
                      campaign->plan->sets[index].name, campaign->sets[index].attempts + 1,
                      campaign->sets[index].rounds, elapsed, left);
        wait_for(campaign, (unsigned)index);
        if (spawn_interrupted)
            break;
        campaign_assign(campaign, (unsigned)index, rounds, layouts, job);
        elapsed += measure(campaign, dir, job, (unsigned)index);
    }
    progress_end(&progress);
    return elapsed;
}

static unsigned check_failures(const struct campaign *campaign) {
    unsigned failures = 0;
    for (size_t i = 0; i < campaign->plan->count; i++) {
        if (campaign->sets[i].check_failures)
            warn("%s: sound lowerings computed a wrong result in %u samples",
                 campaign->plan->sets[i].name, campaign->sets[i].check_failures);
        failures += campaign->sets[i].check_failures;
    }
    return failures;
}

/* What is known of a run that is gone on with. */
struct past {
    json_t *begin;  /* its first line */
    bool ended;     /* its end line is there */
    double seconds; /* says the end line */
    size_t lacking; /* sets whose blocks failed, so that they have fewer than they are to have */
};

static void visit_past(void *context, const json_t *line) {
    struct past *past = context;
    const char *type = json_string_value(json_object_get(line, "type"));
    if (past->begin == NULL)
        past->begin = json_deep_copy(line);
    past->ended |= strcmp(type, "end") == 0;
    if (past->ended)
        past->seconds = json_number_value(json_object_get(line, "seconds"));
}

static void visit_block(void *context, const json_t *line) {
    campaign_absorb(context, line);
}

/* complete -> archived. */
static void finish(const struct rundir *dir) {
    char remedy[PATH_MAX + 64];
    printf("%s\n", rundir_path(dir)); /* all is measured, whatever happens now */
    snprintf(remedy, sizeof remedy, "all is measured; end it with --resume %s", rundir_path(dir));
    finish_run(rundir_path(dir), remedy);
}

static size_t count_lacking(const struct samples *samples) {
    size_t lacking = 0;
    size_t wanted =
        samples->blocks ? samples->blocks : plan_suite_named(samples->suite)->min_blocks;
    for (size_t i = 0; i < samples->set_count; i++)
        lacking += samples->sets[i].failure_count && samples->sets[i].block_count < wanted;
    return lacking;
}

/* Opens the run, unless there is nothing to do with it. */
static struct rundir *go_on(const char *path, struct past *past) {
    char why[512];
    struct rundir *dir = rundir_resume(path);
    struct samples *samples = samples_open(rundir_path(dir), NULL, why, sizeof why);
    if (samples == NULL)
        die(EXIT_USAGE, "%s/%s", rundir_path(dir), why);
    if (samples->whole)
        die(EXIT_USAGE, "%s was trimmed and cannot be resumed: resume the whole run",
            rundir_path(dir));
    past->lacking = count_lacking(samples);
    samples_free(samples);
    rundir_replay(dir, visit_past, past);
    if (past->ended && rundir_archived(dir) && past->lacking == 0)
        die(EXIT_USAGE, "%s holds a finished run: see it with tsobench report", rundir_path(dir));
    return dir;
}

/* complete -> archived, of a run that was stopped there: the exit status. Needs no machine. */
static int end_past(struct rundir *dir, const struct past *past) {
    finish(dir);
    rundir_close(dir);
    json_decref(past->begin);
    return past->lacking ? EXIT_FAILED : EXIT_DONE;
}

/* What the run has come to. */
static int verdict(const struct campaign *campaign, const struct rundir *dir) {
    unsigned lacking = campaign_lacking(campaign), wrong = check_failures(campaign);
    if (lacking)
        warn("%u sets lack blocks, which failed; to try them again: tsobench run --resume %s",
             lacking, rundir_path(dir));
    if (campaign->done == 0 && lacking == 0)
        warn("nothing was measured: every set was skipped, the first because: %s",
             campaign->plan->sets[0].skip);
    return lacking || wrong || campaign->done == 0 ? EXIT_FAILED : EXIT_DONE;
}

/* new -> running: all that the lines of blocks follow. */
static struct rundir *begin(const char *out, const struct experiment *run,
                            const struct campaign_options *options, const struct job *job,
                            json_t *machine) {
    char path[512];
    if (out == NULL)
        conditions_folder(path, sizeof path);
    struct rundir *dir = rundir_create(out ? out : path);
    pmu_describe(machine, job->cpus, job->request.cpu_count);
    rundir_write_json(dir, "machine.json", machine);
    rundir_append(dir, experiment_line(run, options));
    return dir;
}

/* stopped, complete or archived -> running, under the same conditions. */
static void rejoin(struct rundir *dir, const struct past *past, const json_t *machine,
                   struct campaign *campaign) {
    conditions_compare(rundir_path(dir), machine);
    rundir_replay(dir, visit_block, campaign);
    campaign_resume(campaign);
    if (past->ended && campaign_lacking(campaign) == 0)
        die(EXIT_USAGE, "%s holds a finished run: see it with tsobench report", rundir_path(dir));
    if (past->ended)
        rundir_reopen(dir);
}

/* Measures what is missing: the exit status. */
static int work(struct campaign *campaign, struct rundir *dir, struct job *job, long rounds,
                double seconds) {
    append_skips(dir, campaign);
    seconds += measure_all(campaign, dir, job, rounds);
    if (spawn_interrupted) {
        fprintf(stderr, "interrupted; go on with: tsobench run --resume %s\n", rundir_path(dir));
        return EXIT_SIGNAL + spawn_interrupted;
    }
    rundir_append(dir,
                  json_pack("{s:i, s:s, s:b, s:f, s:I}", "format", 1, "type", "end", "complete", 1,
                            "seconds", seconds, "sets", (json_int_t)campaign->plan->count));
    finish(dir);
    return verdict(campaign, dir);
}

int cmd_run(int argc, char **argv) {
    char missing[256];
    const char *out = NULL, *resume = NULL;
    struct campaign campaign;
    struct job job = {0};
    struct past past = {.begin = NULL};
    struct experiment run = parse(argc, argv, &out, &resume);
    struct rundir *dir = resume ? go_on(resume, &past) : NULL;
    if (past.ended && !rundir_archived(dir))
        return end_past(dir, &past);
    if (resume)
        run = experiment_read(past.begin, rundir_path(dir));
    given_must_run();
    const struct suite *suite = plan_suite_named(run.suite);
    request_from_machine(&job, suite, run.cpus, run.models, missing, sizeof missing);
    if (missing[0])
        warn("%s", missing);
    struct plan plan = plan_make(&job.request);
    if (run.only)
        plan_filter(&plan, run.only);
    struct campaign_options options = {.min_blocks = run.blocks ? run.blocks : suite->min_blocks,
                                       .max_blocks = run.blocks ? run.blocks : suite->max_blocks,
                                       .limit_seconds = past.ended ? 0 : suite->limit_seconds,
                                       .target_single = 0.002,
                                       .target_multi = 0.01,
                                       .seed = run.seed};
    job.ticks_per_ns = ticks_per_ns();
    job.source = machine_source();
    snprintf(job.count, sizeof job.count, "%s", run.count ? run.count : "all");
    campaign_open(&campaign, &plan, &options);
    json_t *machine = conditions_describe(&job, missing);
    catch_signals();
    if (resume)
        rejoin(dir, &past, machine, &campaign);
    else
        dir = begin(out, &run, &options, &job, machine);
    long rounds = run.rounds ? run.rounds : suite->rounds;
    int status = work(&campaign, dir, &job, rounds, past.seconds);
    rundir_close(dir);
    campaign_close(&campaign);
    plan_free(&plan);
    json_decref(machine);
    json_decref(past.begin);
    return status;
}
