/* SPDX-License-Identifier: MIT */
#include "plan/request.h"

#include <stdio.h>
#include <string.h>

#include "base/die.h"
#include "base/text.h"
#include "machine/cpu_use.h"
#include "machine/feature.h"
#include "machine/memmodel.h"
#include "machine/topology.h"

/* The CPUs of a list, each one tried; or those that this process is meant to use. */
static void choose_cpus(struct job *job, const char *list) {
    unsigned count;
    const unsigned *cpus = topology_cpus(&count);
    if (list == NULL) {
        memcpy(job->cpus, cpus, count * sizeof *cpus);
        job->request.cpu_count = count;
        return;
    }
    int wanted = topology_parse_cpus(list, job->cpus, MAX_CPUS);
    if (wanted <= 0)
        die(EXIT_USAGE, "--cpus wants a list like 0-3,8, each CPU once, not `%s'", list);
    job->request.cpu_count = (unsigned)wanted;
    for (int i = 0; i < wanted; i++) {
        struct cpu_reason reason;
        if (!cpu_usable(job->cpus[i], &reason))
            die(EXIT_USAGE, "CPU %u may not be used: %s; to get it: %s", job->cpus[i], reason.why,
                reason.how);
    }
}

static void choose_models(struct plan_request *request, const char *list, char *missing,
                          size_t size) {
    const char *names[MEMMODEL_COUNT];
    struct memmodel_support support;
    bool any = false;
    memmodel_probe(&support);
    for (enum memmodel model = 0; model < MEMMODEL_COUNT; model++) {
        names[model] = memmodel_name(model);
        request->model[model] = list == NULL && memmodel_can(&support, model);
    }
    if (list == NULL)
        return;
    for (char word[64]; text_next(&list, word, sizeof word);) {
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
