/* SPDX-License-Identifier: MIT */
#include "litmus/litmus_plan.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/die.h"
#include "machine/feature.h"
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

/* False, and the reason in why, where herd7 has no words for it: then there is no file. */
static bool write_file(const char *path, size_t test, const struct lowering *lowering, char *why,
                       size_t why_size) {
    char *text = NULL;
    size_t size = 0;
    FILE *memory = open_memstream(&text, &size);
    bool known = memory && litmus_export(memory, litmus_view(test), lowering, why, why_size);
    if (memory == NULL || fclose(memory))
        die(EXIT_FAILED, "out of memory for a litmus test");
    FILE *file = known ? fopen(path, "w") : NULL;
    if (known && (file == NULL || fputs(text, file) == EOF || fclose(file)))
        die(EXIT_FAILED, "cannot write %s: %s", path, strerror(errno));
    free(text);
    return known;
}

size_t litmus_export_all(const struct litmus_choice *choice, const char *folder) {
    size_t count, written = 0;
    const struct lowering *const *lowerings = registry_lowerings(&count);
    char path[4096], why[128] = "";
    for (size_t i = 0; i < count; i++) {
        bool warned = lowerings[i]->scheme == NULL; /* of x86: nothing to ask herd7 about */
        for (size_t test = 0; test < litmus_test_count; test++) {
            if (!litmus_chosen(choice, test, lowerings[i]))
                continue;
            if (written == 0 && !warned && mkdir(folder, 0777) && errno != EEXIST)
                die(EXIT_USAGE, "cannot make %s: %s", folder, strerror(errno));
            snprintf(path, sizeof path, "%s/%s.%s.litmus", folder, litmus_tests[test].name,
                     lowerings[i]->name);
            bool known = write_file(path, test, lowerings[i], why, sizeof why);
            written += known;
            if (!known && !warned)
                warn("lowering %s: %s", lowerings[i]->name, why);
            warned |= !known;
        }
    }
    if (written == 0)
        die(EXIT_FAILED, "nothing to export: %s", why);
    return written;
}
