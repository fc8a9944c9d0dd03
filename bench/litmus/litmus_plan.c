/* SPDX-License-Identifier: MIT */
#include "litmus/litmus_plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/folder.h"
#include "machine/feature.h"
#include "oracle/oracle.h"
#include "plan/registry.h"

bool litmus_chosen(const struct litmus_choice *choice, size_t test,
                   const struct lowering *lowering) {
    return (choice->lowering == NULL || choice->lowering == lowering) &&
           (!choice->by_name ||
            regexec(&choice->expression, litmus_tests[test].name, 0, NULL, 0) == 0);
}

static void skip(struct litmus_cases *cases, const char *what, const char *reason) {
    json_array_append_new(cases->skipped, json_pack("{s:s, s:s}", "what", what, "reason", reason));
}

static void add_case(struct litmus_cases *cases, size_t test, const struct lowering *lowering,
                     int model) {
    if (cases->count == cases->room) {
        cases->room = 2 * cases->room + 64;
        cases->list = realloc(cases->list, cases->room * sizeof *cases->list);
        if (cases->list == NULL)
            die(EXIT_FAILED, "out of memory for litmus tests");
    }
    litmus_case_make(&cases->list[cases->count++], test, lowering, model);
}

static void add_models(struct litmus_cases *cases, size_t test, const struct lowering *lowering,
                       const struct plan_request *request, bool one_sided) {
    for (int model = 0; model < MEMMODEL_COUNT; model++)
        if (request->model[model])
            add_case(cases, test, lowering, model);
    for (unsigned alone = 0; one_sided && alone < litmus_view(test)->threads; alone++)
        add_case(cases, test, lowering, LITMUS_ONE_SIDED - (int)alone);
}

static void add_lowering(struct litmus_cases *cases, const struct litmus_choice *choice,
                         const struct plan_request *request, const struct lowering *lowering,
                         bool one_sided) {
    char missing[128], rmw_missing[128], what[96];
    bool rmw_wanted = false;
    feature_missing(lowering->needs, request->features, missing, sizeof missing);
    feature_missing(lowering->rmw_needs, request->features, rmw_missing, sizeof rmw_missing);
    if (missing[0]) {
        skip(cases, lowering->name, missing);
        return;
    }
    for (size_t test = 0; test < litmus_test_count; test++) {
        const struct litmus_view *view = litmus_view(test);
        if (!litmus_chosen(choice, test, lowering) || view->threads > request->cpu_count)
            continue;
        if (view->uses & USES_RMW && rmw_missing[0])
            rmw_wanted = true;
        else
            add_models(cases, test, lowering, request, one_sided);
    }
    snprintf(what, sizeof what, "%s, tests with read-modify-writes", lowering->name);
    if (rmw_wanted)
        skip(cases, what, rmw_missing);
}

struct litmus_cases litmus_cases_make(const struct litmus_choice *choice,
                                      const struct plan_request *request) {
    struct litmus_cases cases = {.skipped = json_array()};
    struct memmodel_support support;
    size_t count;
    const struct lowering *const *lowerings = registry_lowerings(&count);
    memmodel_probe(&support);
    bool can_switch = support.can_weak && support.can_tso;
    if (choice->one_sided && !can_switch)
        skip(&cases, "one-sided", support.reason);
    for (size_t test = 0; test < litmus_test_count; test++) {
        const struct litmus_view *view = litmus_view(test);
        char reason[64];
        snprintf(reason, sizeof reason, "needs %u CPUs, %u allowed", view->threads,
                 request->cpu_count);
        if (view->threads > request->cpu_count && litmus_chosen(choice, test, choice->lowering))
            skip(&cases, view->test->name, reason);
    }
    for (size_t i = 0; i < count; i++)
        if (choice->lowering == NULL || choice->lowering == lowerings[i])
            add_lowering(&cases, choice, request, lowerings[i], choice->one_sided && can_switch);
    return cases;
}

void litmus_cases_free(struct litmus_cases *cases) {
    free(cases->list);
    json_decref(cases->skipped);
}

size_t litmus_export_all(const struct litmus_choice *choice, const char *folder) {
    size_t count, known, written = 0;
    const struct lowering *const *lowerings = registry_lowerings(&count);
    const struct test *tests = tests_all(&known);
    if (isa_here() != ISA_AARCH64)
        die(EXIT_FAILED,
            "%s is not an arm64 lowering; tsobench sound --export writes these anywhere",
            lowerings[0]->name);
    folder_make(folder, "");
    for (size_t i = 0; i < count; i++) {
        const struct mapping mapping = mapping_of(lowerings[i], isa_here());
        for (size_t test = 0; test < known; test++)
            if ((choice->lowering == NULL || choice->lowering == lowerings[i]) &&
                (!choice->by_name ||
                 regexec(&choice->expression, tests[test].name, 0, NULL, 0) == 0))
                written += oracle_export(&mapping, &tests[test], folder);
    }
    if (written == 0)
        die(EXIT_FAILED, "no test of this choice has a form for herd7; see --test and --lowering");
    return written;
}
