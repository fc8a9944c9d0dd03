/* SPDX-License-Identifier: MIT */
#include "events/event.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/die.h"
#include "machine/ticks.h"
#include "machine/topology.h"
#include "probe/machine.h"
#include "stats/rng.h"
#include "stats/stats.h"

enum { SEED = 1, SAMPLE_NS = 100000, MOST_OPS = 1 << 20 };

/* What one process found out about one event; in memory that it shares with its parent. */
struct finding {
    char skipped[128]; /* or "" */
    double ns[EVENT_ROUNDS];
};

static void skip(struct finding *finding, const char *reason) {
    snprintf(finding->skipped, sizeof finding->skipped, "%s", reason);
}

/* Nanoseconds of one sample; a failure goes into the finding. */
static double sample(const struct event *event, unsigned ops, struct finding *finding) {
    if (event->prepare)
        event->prepare();
    uint64_t begin = ticks_begin();
    const char *wrong = event->run(ops);
    uint64_t ticks = ticks_end() - begin;
    if (wrong)
        skip(finding, wrong);
    return (double)ticks / ticks_per_ns();
}

static unsigned calibrate(const struct event *event, struct finding *finding) {
    unsigned ops = event->ops ? event->ops : 1;
    while (2 * sample(event, ops, finding) < SAMPLE_NS && event->ops == 0 && ops < MOST_OPS &&
           finding->skipped[0] == 0)
        ops *= 2;
    return ops;
}

/* One process: every event once in every round. */
static void measure_block(const struct event *events, unsigned count, struct finding *findings,
                          unsigned block) {
    struct rng rng;
    unsigned ops[EVENT_MAX] = {0}, order[EVENT_MAX] = {0};
    rng_seed(&rng, SEED + block);
    for (unsigned i = 0; i < count; i++) {
        const char *missing = events[i].open();
        order[i] = i;
        if (missing)
            skip(&findings[i], missing);
        else
            ops[i] = calibrate(&events[i], &findings[i]);
    }
    for (unsigned round = 0; round < EVENT_ROUNDS; round++) {
        rng_shuffle(&rng, order, count);
        for (unsigned k = 0; k < count; k++) {
            unsigned i = order[k];
            if (findings[i].skipped[0] == 0)
                findings[i].ns[round] = sample(&events[i], ops[i], &findings[i]) / ops[i];
        }
    }
    for (unsigned i = 0; i < count; i++)
        if (events[i].close)
            events[i].close();
}

/* The same reason for every event of a process. */
static void skip_all(struct finding *findings, unsigned count, const char *reason) {
    for (unsigned i = 0; i < count; i++)
        skip(&findings[i], reason);
}

/* In the process of a block. */
_Noreturn static void be_block(const struct event *events, unsigned count, struct finding *findings,
                               unsigned block, unsigned cpu) {
    char why[128];
    int error = topology_pin(cpu);
    topology_pin_why(cpu, error, why, sizeof why);
    if (error)
        skip_all(findings, count, why);
    else
        measure_block(events, count, findings, block);
    _exit(0);
}

static json_t *result_json(const struct event *event, struct finding *findings, unsigned stride) {
    struct block_values blocks[EVENT_BLOCKS];
    for (unsigned b = 0; b < EVENT_BLOCKS; b++) {
        struct finding *finding = &findings[(size_t)b * stride];
        if (finding->skipped[0])
            return json_pack("{s:s, s:s, s:s}", "event", event->name, "what", event->what,
                             "skipped", finding->skipped);
        blocks[b] = (struct block_values){.values = finding->ns, .count = EVENT_ROUNDS};
    }
    struct interval ns = stats_interval(blocks, EVENT_BLOCKS, SEED);
    if (!isfinite(ns.value) || !isfinite(ns.low) ||
        !isfinite(ns.high)) /* JSON has no such number */
        return json_pack("{s:s, s:s, s:s}", "event", event->name, "what", event->what, "skipped",
                         "no interval: a sample took no time");
    return json_pack("{s:s, s:s, s:[f, f, f], s:i, s:i}", "event", event->name, "what", event->what,
                     "ns", ns.value, ns.low, ns.high, "blocks", EVENT_BLOCKS, "rounds",
                     EVENT_ROUNDS);
}

json_t *event_measure(const struct event *events, unsigned count) {
    size_t bytes = sizeof(struct finding) * EVENT_BLOCKS * count;
    struct finding *findings =
        mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (findings == MAP_FAILED || count > EVENT_MAX)
        die(EXIT_FAILED, "out of memory for %u events", count);
    ticks_per_ns();
    unsigned cpus;
    unsigned cpu = topology_cpus(&cpus)[0];
    fflush(NULL);
    for (unsigned b = 0; b < EVENT_BLOCKS; b++) {
        int status = 0;
        pid_t child = fork();
        if (child < 0)
            die(EXIT_FAILED, "cannot start a process: %s", strerror(errno));
        struct finding *of_block = findings + (size_t)b * count;
        if (child == 0)
            be_block(events, count, of_block, b, cpu);
        waitpid(child, &status, 0);
        if (status)
            skip_all(of_block, count, "the process that measured it died");
    }
    json_t *results = json_array();
    for (unsigned i = 0; i < count; i++)
        json_array_append_new(results, result_json(&events[i], findings + i, count));
    munmap(findings, bytes);
    return results;
}

bool event_measured(const json_t *results, char *why, size_t size) {
    size_t index;
    const json_t *result;
    snprintf(why, size, "no events");
    json_array_foreach(results, index, result) {
        if (json_object_get(result, "ns"))
            return true;
        snprintf(why, size, "%s", json_string_value(json_object_get(result, "skipped")));
    }
    return false;
}

void event_print(const json_t *results) {
    size_t index;
    const json_t *result;
    printf("%-28s %12s   %s\n", "event", "ns", "95 % interval");
    json_array_foreach(results, index, result) {
        const char *reason = json_string_value(json_object_get(result, "skipped"));
        const json_t *ns = json_object_get(result, "ns");
        printf("%-28s ", json_string_value(json_object_get(result, "event")));
        if (reason)
            printf("skipped: %s\n", reason);
        else
            printf("%12.4g   [%.4g, %.4g]\n", json_real_value(json_array_get(ns, 0)),
                   json_real_value(json_array_get(ns, 1)), json_real_value(json_array_get(ns, 2)));
    }
    if (machine_source() != SOURCE_MEASURED)
        printf("%s: these times say nothing about any CPU\n", source_name(machine_source()));
}

void event_print_json(json_t *results, const char *key, json_t *more) {
    char machine[128];
    machine_slug(machine, sizeof machine);
    json_t *root = json_pack("{s:i, s:s, s:s, s:o}", "format", 1, "source",
                             source_name(machine_source()), "machine", machine, "events", results);
    if (more)
        json_object_set_new(root, key, more);
    json_dumpf(root, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
    putchar('\n');
    json_decref(root);
}
