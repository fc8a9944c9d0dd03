/* SPDX-License-Identifier: MIT */
#include "request.h"

#include <stdio.h>
#include <string.h>

#include "die.h"
#include "feature.h"
#include "memmodel.h"
#include "text.h"
#include "topology.h"

/* The CPUs of a list, each one that this process may use. */
static void choose_cpus(struct job *job, const char *list) {
    unsigned allowed, wanted[MAX_CPUS];
    const unsigned *cpus = topology_cpus(&allowed);
    if (list == NULL) {
        for (unsigned i = 0; i < allowed && i < MAX_CPUS; i++)
            job->cpus[job->request.cpu_count++] = cpus[i];
        return;
    }
    int count = topology_parse_cpus(list, wanted, MAX_CPUS);
    if (count <= 0)
        die(EXIT_USAGE, "--cpus wants a list like 0-3,8, each CPU once, not `%s'", list);
    for (int i = 0; i < count; i++) {
        unsigned nearest = cpus[0];
        bool found = false;
        for (unsigned j = 0; j < allowed; j++) {
            found |= cpus[j] == wanted[i];
            unsigned now = nearest > wanted[i] ? nearest - wanted[i] : wanted[i] - nearest;
            unsigned then = cpus[j] > wanted[i] ? cpus[j] - wanted[i] : wanted[i] - cpus[j];
            nearest = then < now ? cpus[j] : nearest;
        }
        if (!found)
            die(EXIT_USAGE, "CPU %u does not exist or may not be used by this process; nearest: %u",
                wanted[i], nearest);
        job->cpus[job->request.cpu_count++] = wanted[i];
    }
}

static void choose_models(struct plan_request *request, const char *list, char *missing,
                          size_t size) {
    static const char *const names[] = {"weak", "tso", "fixed-tso"};
    struct memmodel_support support;
    bool any = false;
    memmodel_probe(&support);
    for (int model = 0; list == NULL && model < MEMMODEL_COUNT; model++)
        request->model[model] = memmodel_can(&support, (enum memmodel)model);
    if (list == NULL)
        return;
    char words[64], *rest = words, *word;
    snprintf(words, sizeof words, "%s", list);
    while ((word = strsep(&rest, ",")) != NULL) {
        enum memmodel model;
        if (!memmodel_parse(word, &model))
            text_unknown("memory model", word, names, MEMMODEL_COUNT);
        /* Who asks for TSO is served by a CPU that is TSO always. */
        if (model == MEMMODEL_TSO && support.fixed)
            model = MEMMODEL_FIXED_TSO;
        bool can = memmodel_can(&support, model);
        request->model[model] |= can;
        any |= can;
        size_t used = strlen(missing);
        if (!can)
            snprintf(missing + used, size - used, "%sno memory model %s here: %s", used ? "; " : "",
                     word, support.reason);
    }
    if (!any)
        die(EXIT_USAGE, "%s", missing);
}

void request_from_machine(struct job *job, const struct suite *suite, const char *cpus,
                          const char *models, char *missing, unsigned long size) {
    struct plan_request *request = &job->request;
    missing[0] = 0;
    *request = (struct plan_request){.suite = suite, .features = feature_detect()};
    choose_cpus(job, cpus);
    choose_models(request, models, missing, size);
    for (int level = 0; level < TOPOLOGY_LEVELS; level++)
        request->level[level].bytes =
            topology_footprint((enum topology_level)level, job->cpus[0],
                               request->level[level].reason, sizeof request->level[level].reason);
}
