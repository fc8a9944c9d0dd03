/* SPDX-License-Identifier: MIT */
#include "litmus/battery.h"

#include <stdio.h>
#include <string.h>

#include "litmus/litmus_run.h"
#include "plan/registry.h"

/* Plain accesses only: it is the CPU that is asked, and no lowering. */
static const char *const names[BATTERY_TESTS] = {"MP", "LB", "S", "2+2W", "IRIW", "R", "SB"};

static size_t test_named(const char *name) {
    size_t test = 0;
    while (strcmp(litmus_tests[test].name, name) != 0)
        test++;
    return test;
}

int battery_run(struct crew *crew, const enum memmodel models[LITMUS_THREADS], uint64_t runs,
                double seconds, unsigned latest, uint64_t seed,
                struct battery_result results[BATTERY_TESTS]) {
    static struct litmus_counts counts;
    struct litmus *litmus = litmus_open(crew, seed);
    int error = 0;
    for (unsigned i = 0; i < BATTERY_TESTS; i++) {
        size_t test = test_named(names[i]);
        const struct litmus_view *view = litmus_view(test);
        struct litmus_job job = {
            .test = test, .lowering = registry_lowering("plain"), .latest = latest};
        memcpy(job.model, models, sizeof job.model);
        memset(&counts, 0, sizeof counts);
        if (error == 0 && crew_threads(crew) >= view->threads)
            error = litmus_run(litmus, &job, runs, seconds, &counts);
        results[i] = (struct battery_result){.test = names[i],
                                             .threads = view->threads,
                                             .forbidden = view->test->rule != TSO_ALLOWS,
                                             .runs = counts.runs,
                                             .moved = counts.moved,
                                             .relaxed = litmus_relaxed(view, &counts)};
    }
    litmus_close(litmus);
    return error;
}

bool battery_unproven(const struct battery_result results[BATTERY_TESTS], char *why, size_t size) {
    unsigned long long runs = 0, moved = 0;
    bool none = false;
    for (unsigned i = 0; i < BATTERY_TESTS; i++) {
        runs += results[i].runs;
        moved += results[i].moved;
        none |= results[i].runs == 0 && results[i].moved;
    }
    if (none)
        snprintf(why, size,
                 "threads were not on the CPUs they were pinned to in %llu of %llu litmus runs",
                 moved, runs + moved);
    return none;
}

json_t *battery_json(const struct battery_result *result, const char *model) {
    json_t *row = json_pack("{s:s, s:s, s:I, s:I, s:b}", "model", model, "test", result->test,
                            "runs", (json_int_t)result->runs, "relaxed",
                            (json_int_t)result->relaxed, "forbidden", result->forbidden);
    if (result->moved)
        json_object_set_new(row, "moved", json_integer((json_int_t)result->moved));
    return row;
}
