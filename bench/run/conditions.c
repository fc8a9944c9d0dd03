/* SPDX-License-Identifier: MIT */
#include "run/conditions.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/build.h"
#include "base/die.h"
#include "config.h"
#include "machine/ticks.h"
#include "probe/machine.h"
#include "run/rundir.h"
#include "samples/document.h"

json_t *conditions_describe(const struct job *job, const char *missing) {
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
                        json_pack("{s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:f, s:s}", "version",
                                  TSOBENCH_VERSION, "git", TSOBENCH_GIT, "build", build_id(),
                                  "compiler", TSOBENCH_COMPILER, "kernel_flags", TSOBENCH_CFLAGS,
                                  "footprints", footprints, "cpus", cpus, "ticks_per_ns",
                                  ticks_per_ns(), "missing", missing));
    return machine;
}

/* What is not the same each time it is measured, and how far it may be apart: relative, or
 * anything. */
static const struct {
    const char *path;
    double apart;
} measured[] = {
    {"clock.measured_hz", 0.01},
    {"clock.step_ns", INFINITY},
    {"clock.overhead_ns", INFINITY},
    {"frequency.now_ghz", INFINITY},
    {"limits.throttled_before", INFINITY},
    {"memory.size_bytes", 0.05},
    {"run.ticks_per_ns", 0.01},
    {"system.interrupts_per_second", INFINITY},
    {"missing", INFINITY},
    {"pmu_selftest", INFINITY},
    {"pmu_selftest_skipped", INFINITY},
    {"pmu_overhead", INFINITY},
};

/* How far values at a path may be apart. */
static double may_be_apart(const char *path) {
    for (size_t i = 0; i < sizeof measured / sizeof measured[0]; i++)
        if (strcmp(path, measured[i].path) == 0)
            return measured[i].apart;
    return 0;
}

static void say(const char *path, const json_t *then, const json_t *now, char *text, size_t size) {
    char *was = json_dumps(then, JSON_ENCODE_ANY | JSON_COMPACT);
    char *is = json_dumps(now, JSON_ENCODE_ANY | JSON_COMPACT);
    snprintf(text, size, "%s was %.100s, is %.100s", path, was ? was : "not said",
             is ? is : "not said");
    free(was);
    free(is);
}

static bool differs_at(const char *path, const json_t *then, const json_t *now, char *text,
                       size_t size) {
    double apart = may_be_apart(path), left = json_number_value(then);
    const char *key;
    json_t *value;
    if (isinf(apart) || (apart > 0 && fabs(json_number_value(now) - left) <= apart * fabs(left)))
        return false;
    if (!json_is_object(then) || !json_is_object(now)) {
        bool same = json_equal(then, now) || (then == NULL && now == NULL);
        if (!same)
            say(path, then, now, text, size);
        return !same;
    }
    json_t *keys_of_both = json_deep_copy(then);
    json_object_update_missing(keys_of_both, (json_t *)now);
    bool differs = false;
    json_object_foreach(keys_of_both, key, value) {
        char longer[160];
        snprintf(longer, sizeof longer, "%s%s%s", path, *path ? "." : "", key);
        differs = differs || differs_at(longer, json_object_get(then, key),
                                        json_object_get(now, key), text, size);
    }
    json_decref(keys_of_both);
    return differs;
}

bool conditions_differ(const json_t *then, const json_t *now, char *text, size_t size) {
    return differs_at("", then, now, text, size);
}

void conditions_compare(const char *directory, const json_t *now) {
    static const struct schema_rules rules = {.refuse = NULL};
    char text[512];
    json_t *then = document_read(directory, "machine.json", &rules, text, sizeof text);
    if (then == NULL)
        die(EXIT_USAGE, "%s/%s: the machine on which the run began is not known; start a new run",
            directory, *text ? text : "machine.json is not there");
    char *written =
        json_dumps(now, JSON_REAL_PRECISION(RUNDIR_DIGITS)); /* numbers as in the file */
    json_t *read = written ? json_loads(written, 0, NULL) : NULL;
    if (conditions_differ(then, read, text, sizeof text))
        die(EXIT_USAGE, "%s was begun under other conditions: %s", directory, text);
    free(written);
    json_decref(read);
    json_decref(then);
}

void conditions_folder(char *path, size_t size) {
    char machine[128], time_text[32];
    time_t now = time(NULL);
    machine_slug(machine, sizeof machine);
    strftime(time_text, sizeof time_text, "%Y%m%dT%H%M%SZ", gmtime(&now));
    snprintf(path, size, "results/%s/%s", machine, time_text);
    for (int i = 2; access(path, F_OK) == 0; i++)
        snprintf(path, size, "results/%s/%s-%d", machine, time_text, i);
}
