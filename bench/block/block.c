/* SPDX-License-Identifier: MIT */
#include "block/block.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/die.h"
#include "base/layout.h"
#include "base/seconds.h"
#include "block/gb_shim.h"
#include "block/runner.h"
#include "count/counting.h"
#include "machine/cgroup.h"
#include "machine/errata.h"
#include "machine/ticks.h"

static json_t *numbers(const uint64_t *values, long count, uint64_t null_value) {
    json_t *array = json_array();
    for (long i = 0; i < count; i++)
        json_array_append_new(array, values[i] == null_value ? json_null()
                                                             : json_integer((json_int_t)values[i]));
    return array;
}

/* Of a metric twelve bits are kept: more would be most of the file and no more true. */
static json_t *metric(const double *values, long count) {
    json_t *array = json_array();
    for (long i = 0; i < count; i++) {
        int exponent;
        double mantissa = round(4096 * frexp(values[i], &exponent)) / 4096;
        json_array_append_new(array, isnan(values[i]) ? json_null()
                                                      : json_real(ldexp(mantissa, exponent)));
    }
    return array;
}

static void set_string(json_t *object, const char *key, const char *text) {
    json_object_set_new(object, key, text ? json_string(text) : json_null());
}

static void set_number(json_t *object, const char *key, uint64_t value) {
    json_object_set_new(object, key, json_integer((json_int_t)value));
}

/* The erratum by which a thread's core does something else than the lowering says. */
static json_t *erratum(const struct runner *runner, const struct cell *cell) {
    for (unsigned i = 0; cell->lowering && i < runner->set->threads; i++) {
        unsigned cpu = crew_cpu(runner->crew, i);
        if (errata_on(&cpu, 1, cell->lowering->erratum))
            return json_integer(cell->lowering->erratum);
    }
    return json_null();
}

static json_t *cell_json(const struct runner *runner, unsigned which) {
    const struct cell *cell = &runner->set->cells[which];
    const struct cell_samples *samples = &runner->samples[which];
    int sound = plan_sound(runner->set, cell);
    json_t *json = json_object();
    set_string(json, "lowering", cell->name);
    set_string(json, "role", role_name(cell->role));
    set_string(json, "coverage",
               coverage_name(cell->lowering ? cell->lowering->coverage : COVERAGE_NONE));
    set_string(json, "model", memmodel_name(cell->model));
    json_object_set_new(json, "sound", sound < 0 ? json_null() : json_boolean(sound));
    set_string(json, "witness", sound == 0 ? plan_witness(runner->set, cell) : NULL);
    json_object_set_new(json, "erratum", erratum(runner, cell));
    set_string(json, "symbol", plan_symbol(cell));
    set_number(json, "ops", samples->ops);
    json_object_set_new(json, "ticks", numbers(samples->ticks, runner->rounds, SPOILED));
    json_object_set_new(json, "chain_before", numbers(samples->chain_before, runner->rounds, 0));
    json_object_set_new(json, "chain_after", numbers(samples->chain_after, runner->rounds, 0));
    counting_add_cell(runner->counting, which, runner->rounds, json);
    if (kernel_extras(runner->set->kernel)->metric)
        json_object_set_new(json, "metric", metric(samples->metric, runner->rounds));
    set_number(json, "migrated", samples->migrated);
    set_number(json, "preempted", samples->preempted);
    set_number(json, "check_failed", samples->check_failed);
    set_string(json, "check_message", samples->check_message);
    return json;
}

static void on_begin(void *context, long rounds) {
    runner_begin(context, rounds);
}

static double on_round(void *context) {
    return runner_round(context);
}

/* Which of the program's layouts this is. */
static json_t *link_json(void) {
    char seed[32];
    struct layout own = layout_own();
    snprintf(seed, sizeof seed, "0x%016llx", (unsigned long long)own.seed);
    return json_pack("{s:i, s:i, s:s}", "layout", (int)own.number, "layouts", (int)own.count,
                     "seed", seed);
}

static void describe(json_t *line, const struct job *job, const struct set *set) {
    static char placement[5 * MAX_CPUS];
    char text[32];
    size_t used = 0;
    time_t now = time(NULL);
    json_object_set_new(line, "format", json_integer(1));
    set_string(line, "type", "block");
    set_string(line, "set", set->name);
    set_string(line, "kernel", set->kernel->name);
    set_string(line, "family", set->kernel->family);
    set_string(line, "params", set->parameters);
    set_string(line, "op", set->kernel->op);
    if (kernel_extras(set->kernel)->metric)
        set_string(line, "metric", kernel_extras(set->kernel)->metric_name);
    set_number(line, "weight", set->weight);
    set_number(line, "threads", set->threads);
    set_number(line, "op_threads", set->kernel->joint ? 1 : set->threads);
    for (unsigned i = 0; i < set->threads && used < sizeof placement; i++)
        used += (size_t)snprintf(placement + used, sizeof placement - used, "%s%u", i ? "+" : "",
                                 job->cpus[i]);
    set_string(line, "placement", placement);
    set_string(line, "layout", getenv("TSOBENCH_LAYOUT") ? "inherited" : "fresh");
    json_object_set_new(line, "link", link_json());
    set_number(line, "footprint", set->footprint);
    set_number(line, "block", job->block);
    snprintf(text, sizeof text, "0x%016llx", (unsigned long long)job->seed);
    set_string(line, "seed", text);
    set_string(line, "source", source_name(job->source));
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", gmtime(&now));
    set_string(line, "time", text);
    json_object_set_new(line, "ticks_per_ns", json_real(ticks_per_ns()));
    set_number(line, "chain_adds", ticks_chain_adds());
}

/* TSOBENCH_FAULT=<set>:<signal number>, <set>:hang or <set>:die, with @<block> in that block only:
 * how tests show that a block that dies is noticed, that the others go on, and that it is tried
 * again. */
static void plant_fault(const char *set, unsigned block) {
    const char *fault = getenv("TSOBENCH_FAULT"), *kind = fault ? strrchr(fault, ':') : NULL;
    if (kind == NULL || strncmp(fault, set, (size_t)(kind - fault)) || set[kind - fault])
        return;
    const char *only = strchr(kind, '@');
    if (only && strtoul(only + 1, NULL, 10) != block)
        return;
    if (strncmp(kind, ":hang", 5) == 0)
        pause();
    if (strncmp(kind, ":die", 4) == 0)
        die(EXIT_FAILED, "planted: cannot read /planted/folder/file: %s", strerror(EACCES));
    raise(atoi(kind + 1));
}

enum { FEWEST_ROUNDS = 16, MOST_TIMES = 4 };

double block_seconds(double suite, double round) {
    return fmax(suite, fmin(FEWEST_ROUNDS * round, MOST_TIMES * suite));
}

json_t *block_measure_set(const struct job *job, struct set *set) {
    static const struct gb_callbacks callbacks = {on_begin, on_round};
    char why[128];
    struct runner runner;
    ticks_use_rate(job->ticks_per_ns);
    counting_choose(job->count);

    plant_fault(set->name, job->block);
    uint64_t throttled = cgroup_throttled();
    json_t *line = json_object(), *cells = json_array(), *order = json_array();
    json_t *battery = json_object(), *skipped = json_array();
    describe(line, job, set);
    json_object_set_new(battery, "before", block_battery(job, set, job->seed + 1, line));

    struct crew *crew = crew_start(job->cpus, set->threads, why, sizeof why);
    if (crew == NULL)
        die(EXIT_FAILED, "%s", why);
    runner_open(&runner, set, crew, job->seed);
    double width_before = ticks_issue_width();
    runner_balance(&runner);
    runner_calibrate(&runner, job->ops[0] ? job->ops : NULL);
    runner_settle(&runner, job->lead_in, job->settled);
    /* One round that is thrown away: every cell has run in this order of things before. */
    runner_begin(&runner, 1);
    double begin = seconds_now();
    runner_round(&runner);
    double seconds = block_seconds(job->request.suite->block_seconds, seconds_now() - begin);
    gb_run(set->name, job->rounds, seconds, &callbacks, &runner);
    json_object_set_new(line, "issue_width",
                        json_pack("[f, f]", width_before, ticks_issue_width()));
    set_number(line, "bytes_per_op", set->kernel->bytes ? set->kernel->bytes(&runner.work) : 0);
    set_number(line, "page_kib", runner.page_kib);
    json_object_set_new(line, "lead_in", json_real(runner.lead_in));
    json_object_set_new(line, "settled", json_boolean(runner.settled));
    set_number(line, "stack_offset", runner.stack_skip);
    set_number(line, "rounds", (uint64_t)runner.rounds);
    for (long i = 0; i < runner.rounds * (long)runner.slots; i++)
        json_array_append_new(order, json_integer(runner.order[i]));
    for (unsigned i = 0; i < set->cell_count; i++)
        json_array_append_new(cells, cell_json(&runner, i));
    counting_describe(runner.counting, line);
    runner_close(&runner);
    crew_stop(crew);

    json_object_set_new(battery, "after", block_battery(job, set, job->seed + 2, line));
    if (cgroup_cpu_time() > 0)
        set_number(line, "throttled", cgroup_throttled() - throttled);
    for (unsigned i = 0; i < set->skip_count; i++)
        json_array_append_new(
            skipped, json_pack("{s:s, s:s, s:s}", "lowering", set->skips[i].lowering, "model",
                               memmodel_name(set->skips[i].model), "reason", set->skips[i].reason));
    json_object_set_new(line, "order", order);
    json_object_set_new(line, "cells", cells);
    json_object_set_new(line, "battery", battery);
    json_object_set_new(line, "skipped", skipped);
    return line;
}

json_t *block_measure(const struct job *job) {
    struct plan_request request = job->request;
    request.set = job->set;
    struct plan plan = plan_make(&request);
    const struct set *found = plan_find(&plan, job->set);
    if (found == NULL || found->cell_count == 0)
        die(EXIT_USAGE, "no set `%s' in this plan", job->set);
    json_t *line = block_measure_set(job, &plan.sets[found - plan.sets]);
    plan_free(&plan);
    return line;
}
