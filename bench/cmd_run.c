/* SPDX-License-Identifier: MIT
 *
 * cmd_run.c: `tsobench run`: plan, start block after block, keep every line.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "block.h"
#include "campaign.h"
#include "commands.h"
#include "config.h"
#include "die.h"
#include "events.h"
#include "finish.h"
#include "machine.h"
#include "options.h"
#include "pmu_selftest.h"
#include "progress.h"
#include "request.h"
#include "rundir.h"
#include "seconds.h"
#include "spawn.h"
#include "text.h"
#include "ticks.h"

enum { MAX_BLOCKS = 1000, BLOCK_TIMEOUT_SECONDS = 120 };

static const char help[] =
    "NAME\n"
    "    tsobench run - measure this machine; leave a run directory\n"
    "\n"
    "SYNOPSIS\n"
    "    tsobench run [--suite smoke|quick|full] [--only REGEX] [--rounds N] [--blocks N]\n"
    "                 [--seed N] [--cpus LIST] [--memory-model LIST] [--out DIR]\n"
    "    tsobench run --resume DIR\n"
    "\n"
    "DESCRIPTION\n"
    "    Measures sets: a kernel at one point of its parameters, under every lowering and memory\n"
    "    model this machine has. Each set is measured in blocks, each a process of its own with\n"
    "    a fresh address space; each block in rounds, and in a round every cell of the set once,\n"
    "    in random order. A set whose intervals are wider than asked (half-width 0.2 % of the\n"
    "    ratio on one thread, 1 % on several) gets more blocks, up to the suite's limits.\n"
    "\n"
    "    The last line on standard output is the run directory; talk goes to standard error. It\n"
    "    holds machine.json, samples.jsonl (a line a block, appended when the block is done;\n"
    "    compressed with zstd at the end), benchmark.json (Google Benchmark's layout) and\n"
    "    summary.tsv. `tsobench report` makes tables and plots of it.\n"
    "\n"
    "OPTIONS\n"
    "    --suite NAME         smoke, quick (the default) or full; see tsobench list --suites\n"
    "    --only REGEX         only sets whose name matches the extended regular expression;\n"
    "                         names as tsobench list --sets prints them\n"
    "    --rounds N           rounds of a block (default: as many as fill its time)\n"
    "    --blocks N           blocks of every set, no more and no fewer\n"
    "    --seed N             of all orders (default: from the clock); recorded in any case\n"
    "    --cpus LIST          CPUs to use, in this order: 0-3,8 (default: all allowed, one\n"
    "                         thread of each core first)\n"
    "    --memory-model LIST  of weak, tso, fixed-tso, separated by commas (default: all this\n"
    "                         CPU can be put into)\n"
    "    --count LIST         sets of PMU events to count, of mix, rmw, stall, mem, coh, order,\n"
    "                         separated by commas; or all (the default), or none. They take "
    "turns,\n"
    "                         a round each; cycles and instructions are counted in every round.\n"
    "                         See tsobench probe --pmu\n"
    "    --out DIR            the run directory (default: results/<machine>/<UTC time>)\n"
    "    --resume DIR         go on with an unfinished run, with its own options\n"
    "    --help               this text\n"
    "\n"
    "ENVIRONMENT\n"
    "    TSOBENCH_TRACES  the folder of traces, or the trace, that trace_replay replays (default:\n"
    "                     traces/ beside the program, or share/tsobench/traces where it is\n"
    "                     installed)\n"
    "\n"
    "EXIT STATUS\n"
    "    0 done; 1 a block failed or a check found a wrong result (all else is kept); 2 wrong\n"
    "    usage or an output folder that cannot be written, nothing was measured; 3 a needed tool\n"
    "    is missing; 128+n ended by signal n (go on with --resume)\n"
    "\n"
    "EXAMPLES\n"
    "    tsobench run --suite smoke\n"
    "    tsobench run --only '^memcpy/.*size=16K' --cpus 1\n";

/* What makes a run the run it is; kept in its first line, so that --resume finds it again. */
struct run {
    const char *suite, *only, *cpus, *models, *count; /* NULL: default */
    long rounds;
    unsigned blocks; /* 0: adaptive */
    uint64_t seed;
    json_t *resumed; /* the first line that the texts above stand in, or NULL */
    bool ended;      /* its end line is there */
    double seconds;  /* says the end line */
};

static void utc(char *text, size_t size, const char *format) {
    time_t now = time(NULL);
    strftime(text, size, format, gmtime(&now));
}

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

static json_t *or_null(const char *text) {
    return text ? json_string(text) : json_null();
}

static json_t *begin_line(const struct run *run, const struct campaign_options *options) {
    char time_text[32], seed[32];
    utc(time_text, sizeof time_text, "%Y-%m-%dT%H:%M:%SZ");
    snprintf(seed, sizeof seed, "0x%016llx", (unsigned long long)run->seed);
    return json_pack("{s:i, s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:I, s:i, s:{s:f, s:f}}",
                     "format", 1, "type", "begin", "suite", run->suite, "seed", seed, "version",
                     TSOBENCH_VERSION, "time", time_text, "only", or_null(run->only), "cpus",
                     or_null(run->cpus), "models", or_null(run->models), "count",
                     or_null(run->count), "rounds", (json_int_t)run->rounds, "blocks",
                     (int)run->blocks, "targets", "single", options->target_single, "multi",
                     options->target_multi);
}

/* The options of the run that is resumed: its first line. */
static void visit_ends(void *context, const json_t *line) {
    struct run *run = context;
    const char *type = json_string_value(json_object_get(line, "type"));
    if (type && strcmp(type, "end") == 0) {
        run->ended = true;
        run->seconds = json_number_value(json_object_get(line, "seconds"));
    }
    if (run->suite || type == NULL || strcmp(type, "begin"))
        return;
    json_t *kept = run->resumed = json_deep_copy(line);
    run->suite = json_string_value(json_object_get(kept, "suite"));
    run->only = json_string_value(json_object_get(kept, "only"));
    run->cpus = json_string_value(json_object_get(kept, "cpus"));
    run->models = json_string_value(json_object_get(kept, "models"));
    run->count = json_string_value(json_object_get(kept, "count"));
    run->rounds = (long)json_integer_value(json_object_get(kept, "rounds"));
    run->blocks = (unsigned)json_integer_value(json_object_get(kept, "blocks"));
    const char *seed = json_string_value(json_object_get(kept, "seed"));
    run->seed = seed ? strtoull(seed, NULL, 16) : 0;
}

static void visit_block(void *context, const json_t *line) {
    campaign_absorb(context, line);
}

static struct run parse(int argc, char **argv, const char **out, const char **resume) {
    enum { SUITE = 1, ONLY, ROUNDS, BLOCKS, SEED, CPUS, MODELS, COUNT, OUT, RESUME };
    static const struct option options[] = {{"suite", required_argument, NULL, SUITE},
                                            {"only", required_argument, NULL, ONLY},
                                            {"rounds", required_argument, NULL, ROUNDS},
                                            {"blocks", required_argument, NULL, BLOCKS},
                                            {"seed", required_argument, NULL, SEED},
                                            {"cpus", required_argument, NULL, CPUS},
                                            {"memory-model", required_argument, NULL, MODELS},
                                            {"count", required_argument, NULL, COUNT},
                                            {"out", required_argument, NULL, OUT},
                                            {"resume", required_argument, NULL, RESUME},
                                            {0}};
    struct run run = {.suite = NULL};
    unsigned given = 0;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    run.seed = rng_hash((uint64_t)now.tv_nsec, "run") >> 1;
    for (int option; (option = options_next(argc, argv, options, help)) != -1; given++) {
        switch (option) {
        case SUITE:
            run.suite = optarg;
            break;
        case ONLY:
            run.only = optarg;
            break;
        case ROUNDS:
            run.rounds = (long)text_number("--rounds", optarg, 1, 1000000);
            break;
        case BLOCKS:
            run.blocks = (unsigned)text_number("--blocks", optarg, 1, MAX_BLOCKS);
            break;
        case SEED:
            run.seed = text_number("--seed", optarg, 0, INT64_MAX);
            break;
        case CPUS:
            run.cpus = optarg;
            break;
        case MODELS:
            run.models = optarg;
            break;
        case COUNT:
            events_check_list(optarg);
            run.count = optarg;
            break;
        case OUT:
            *out = optarg;
            break;
        case RESUME:
            *resume = optarg;
            break;
        }
    }
    options_end(argc, argv);
    if (*resume && given > 1)
        die(EXIT_USAGE, "--resume goes on with the run's own options and takes no other");
    return run;
}

static void default_out(char *path, size_t size) {
    char machine[128], time_text[32];
    machine_slug(machine, sizeof machine);
    utc(time_text, sizeof time_text, "%Y%m%dT%H%M%SZ");
    snprintf(path, size, "results/%s/%s", machine, time_text);
}

static void append_skips(struct rundir *dir, const struct plan *plan) {
    for (size_t i = 0; i < plan->count; i++) {
        const struct set *set = &plan->sets[i];
        if (set->skip[0])
            rundir_append(dir, json_pack("{s:i, s:s, s:s, s:s, s:s, s:i, s:s}", "format", 1, "type",
                                         "skipped", "set", set->name, "kernel", set->kernel->name,
                                         "params", set->parameters, "threads", (int)set->threads,
                                         "reason", set->skip));
    }
}

/* machine.json: the machine, and what this program and its plan make of it. */
static void write_machine(struct rundir *dir, const struct job *job, const char *missing) {
    static const char *const levels[] = {"L1", "L2", "L3", "DRAM"};
    json_t *machine = machine_probe(), *footprints = json_object(), *cpus = json_array();
    for (int i = 0; i < 4; i++)
        json_object_set_new(footprints, levels[i],
                            job->request.level[i].bytes
                                ? json_integer((json_int_t)job->request.level[i].bytes)
                                : json_string(job->request.level[i].reason));
    for (unsigned i = 0; i < job->request.cpu_count; i++)
        json_array_append_new(cpus, json_integer(job->cpus[i]));
    json_object_set_new(machine, "run",
                        json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:f, s:s}", "version",
                                  TSOBENCH_VERSION, "git", TSOBENCH_GIT, "compiler",
                                  TSOBENCH_COMPILER, "kernel_flags", TSOBENCH_CFLAGS, "footprints",
                                  footprints, "cpus", cpus, "ticks_per_ns", ticks_per_ns(),
                                  "missing", missing));
    pmu_describe(machine, job->cpus, job->request.cpu_count);
    rundir_write_json(dir, "machine.json", machine);
    json_decref(machine);
}

/* Measures one block and keeps what came of it. */
static void measure(struct campaign *campaign, struct rundir *dir, struct job *job,
                    unsigned index) {
    const struct set *set = &campaign->plan->sets[index];
    const struct standing *standing = &campaign->sets[index];
    char reason[128];
    snprintf(job->set, sizeof job->set, "%s", set->name);
    job->block = standing->attempts;
    job->seed = campaign_seed(campaign, index);
    if (standing->blocks) {
        job->rounds = standing->rounds;
        memcpy(job->ops, standing->ops, sizeof job->ops);
    } else {
        memset(job->ops, 0, sizeof job->ops);
    }
    char *text = job_print(job);
    char *answer = spawn_block(text, BLOCK_TIMEOUT_SECONDS, reason, sizeof reason);
    json_t *line = answer ? json_loads(answer, 0, NULL) : NULL;
    free(text);
    if (answer && line == NULL)
        snprintf(reason, sizeof reason, "its answer is no JSON");
    if (line == NULL && spawn_interrupted)
        return;
    if (line == NULL) {
        warn("%s, block %u failed: %s", set->name, job->block, reason);
        line = json_pack("{s:i, s:s, s:s, s:s, s:s, s:i, s:i, s:s}", "format", 1, "type", "failed",
                         "set", set->name, "kernel", set->kernel->name, "params", set->parameters,
                         "threads", (int)set->threads, "block", (int)job->block, "reason", reason);
        rundir_append(dir, json_incref(line));
    } else {
        rundir_append_text(dir, answer);
    }
    campaign_absorb(campaign, line);
    json_decref(line);
    free(answer);
}

static void measure_all(struct campaign *campaign, struct rundir *dir, struct job *job,
                        long rounds) {
    struct progress progress;
    double begin = seconds_now(), limit = campaign->options.limit_seconds;
    unsigned already = campaign->done + campaign->failed;
    progress_start(&progress);
    for (int index; !spawn_interrupted;) {
        double elapsed = seconds_now() - begin;
        index = campaign_next(campaign, elapsed);
        if (index < 0)
            break;
        unsigned done = campaign->done + campaign->failed, remaining = campaign_remaining(campaign);
        double each = done > already ? elapsed / (done - already) : 0;
        double left = each == 0 ? -1 : each * remaining;
        if (left >= 0 && elapsed + left < limit)
            left = limit - elapsed; /* sets may ask for more */
        progress_show(&progress, done, done + (remaining ? remaining : 1),
                      campaign->plan->sets[index].name, campaign->sets[index].attempts + 1,
                      campaign->sets[index].rounds, elapsed, left);
        job->rounds = rounds;
        measure(campaign, dir, job, (unsigned)index);
    }
    progress_end(&progress);
}

static unsigned check_failures(const struct campaign *campaign) {
    unsigned failures = 0;
    for (size_t i = 0; i < campaign->plan->count; i++) {
        if (campaign->sets[i].check_failures)
            warn("%s: %u samples computed a wrong result under a sound lowering",
                 campaign->plan->sets[i].name, campaign->sets[i].check_failures);
        failures += campaign->sets[i].check_failures;
    }
    return failures;
}

int cmd_run(int argc, char **argv) {
    char path[512], missing[256];
    const char *out = NULL, *resume = NULL;
    struct campaign campaign;
    struct job job = {0};
    struct run run = parse(argc, argv, &out, &resume);
    struct rundir *dir = NULL;
    if (resume) {
        dir = rundir_resume(resume);
        rundir_replay(dir, visit_ends, &run);
        if (run.suite == NULL)
            die(EXIT_USAGE, "%s does not begin as a run", resume);
    }
    if (run.suite == NULL)
        run.suite = "quick";
    const struct suite *suite = plan_suite_named(run.suite);
    request_from_machine(&job, suite, run.cpus, run.models, missing, sizeof missing);
    if (missing[0])
        warn("%s", missing);
    struct plan plan = plan_make(&job.request);
    if (run.only)
        plan_filter(&plan, run.only);
    struct campaign_options options = {.min_blocks = run.blocks ? run.blocks : suite->min_blocks,
                                       .max_blocks = run.blocks ? run.blocks : suite->max_blocks,
                                       .limit_seconds = suite->limit_seconds,
                                       .target_single = 0.002,
                                       .target_multi = 0.01,
                                       .seed = run.seed};
    if (!resume) {
        if (out == NULL)
            default_out(path, sizeof path);
        dir = rundir_create(out ? out : path);
    }
    catch_signals();
    job.ticks_per_ns = ticks_per_ns();
    snprintf(job.source, sizeof job.source, "%s", machine_source());
    snprintf(job.count, sizeof job.count, "%s", run.count ? run.count : "all");
    campaign_open(&campaign, &plan, &options);
    if (resume) {
        rundir_replay(dir, visit_block, &campaign);
    } else {
        write_machine(dir, &job, missing);
        rundir_append(dir, begin_line(&run, &options));
        append_skips(dir, &plan);
    }
    double begin = seconds_now();
    if (run.ended && (campaign_remaining(&campaign) || rundir_archived(dir))) {
        if (campaign_remaining(&campaign) == 0)
            die(EXIT_USAGE, "%s holds a finished run", rundir_path(dir));
        rundir_reopen(dir);
        run.ended = false;
    }
    if (!run.ended)
        measure_all(&campaign, dir, &job, run.rounds ? run.rounds : suite->rounds);
    int status = EXIT_DONE;
    if (spawn_interrupted) {
        fprintf(stderr, "interrupted; go on with: tsobench run --resume %s\n", rundir_path(dir));
        status = EXIT_SIGNAL + spawn_interrupted;
    } else {
        char remedy[600];
        if (!run.ended)
            rundir_append(dir,
                          json_pack("{s:i, s:s, s:b, s:f, s:I}", "format", 1, "type", "end",
                                    "complete", 1, "seconds", run.seconds + seconds_now() - begin,
                                    "sets", (json_int_t)plan.count));
        printf("%s\n", rundir_path(dir)); /* all is measured, whatever happens now */
        snprintf(remedy, sizeof remedy, "all is measured; end it with --resume %s",
                 rundir_path(dir));
        finish_run(rundir_path(dir), remedy);
        if (campaign.failed + check_failures(&campaign))
            status = EXIT_FAILED;
    }
    rundir_close(dir);
    campaign_close(&campaign);
    plan_free(&plan);
    json_decref(run.resumed);
    return status;
}
