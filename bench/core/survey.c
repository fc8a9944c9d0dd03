/* SPDX-License-Identifier: MIT
 *
 * survey.c: what is measured where, and the processes.
 */
#include "core/survey.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/die.h"
#include "base/text.h"
#include "machine/feature.h"
#include "machine/ticks.h"
#include "machine/topology.h"

enum { TURNS = 8, SIMULATED_TURNS = 4, MOST_TURNS = 256, STEPS = 100, SHORT_NS = 150 };

double *survey_row(const struct survey *survey, size_t probe, unsigned model, unsigned block,
                   unsigned round) {
    const struct survey_code *code = &survey->codes[probe];
    size_t row = ((size_t)model * survey->blocks + block) * survey->rounds + round;
    return survey->values + code->first + row * (code->count + 1);
}

static void *shared(size_t bytes) {
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED)
        die(EXIT_FAILED, "out of memory for the samples");
    return memory;
}

static void choose_cpus(struct survey *survey, const char *list) {
    unsigned count, chosen[2];
    const unsigned *cpus = topology_cpus(&count);
    if (list) {
        int named = topology_parse_cpus(list, chosen, 2);
        if (named < 1 && named != -E2BIG)
            die(EXIT_USAGE, "--cpus wants a list like 0-3,8, not `%s'", list);
        count = named == 1 ? 1 : 2;
        cpus = chosen;
    }
    survey->cpu = cpus[0];
    survey->writer = count > 1 ? cpus[1] : cpus[0];
}

static void choose_models(struct survey *survey) {
    struct memmodel_support support;
    memmodel_probe(&support);
    for (int i = 0; i < MEMMODEL_COUNT; i++)
        if (memmodel_can(&support, (enum memmodel)i) && memmodel_set((enum memmodel)i) == 0)
            survey->models[survey->model_count++] = (enum memmodel)i;
    if (survey->model_count == 0)
        die(EXIT_FAILED, "no memory model can be measured here: %s", support.reason);
    memmodel_set(survey->models[0]);
    snprintf(survey->model_reason, sizeof survey->model_reason, "%s", support.reason);
}

/* A sample is STEPS steps of the clock, if a turn is of one miss only. What is simulated is the
 * same each time, what is emulated means nothing: both are made short. */
static void choose_lengths(struct survey *survey) {
    bool measured = survey->source == SOURCE_MEASURED;
    survey->blocks = measured ? SURVEY_BLOCKS : 1;
    survey->rounds = measured ? SURVEY_ROUNDS : 1;
    survey->turns = measured ? TURNS : survey->source == SOURCE_SIMULATED ? SIMULATED_TURNS : 1;
    double step = (double)ticks_step() / ticks_per_ns();
    while (measured && survey->turns < MOST_TURNS && survey->turns * SHORT_NS < STEPS * step)
        survey->turns *= 2;
}

/* The code of a probe, made before there are other processes; or why there is none. */
static void prepare(struct survey *survey, size_t i, unsigned have) {
    const struct probe *probe = &survey->probes[i];
    struct survey_code *code = &survey->codes[i];
    char *skipped = survey->shared->skipped[i];
    code->count = probe_points(probe, code->points);
    code->first = survey->value_count;
    survey->value_count +=
        (code->count + 1) * survey->model_count * survey->blocks * survey->rounds;
    feature_missing(turn_needs(isa_here(), &probe->turn), have, skipped, SURVEY_WHY);
    if (*skipped == 0 && replay_refused())
        snprintf(skipped, SURVEY_WHY, "%s", replay_refused());
    if (*skipped == 0 && probe->reading == READ_UNDONE && survey->writer == survey->cpu)
        snprintf(skipped, SURVEY_WHY, "there is one CPU only");
    if (*skipped)
        return;
    code->code = turn_generate(isa_here(), &probe->turn, code->points, code->count);
    code->mapped = replay_map(&code->code.code);
    if (code->mapped == NULL)
        die(EXIT_FAILED, "cannot map machine code: %s", strerror(errno));
}

/* A block in a process, and in others that go on where one died. */
static void run_block(struct survey *survey, unsigned block) {
    survey->shared->at = 0;
    fflush(NULL);
    for (int status = 1; status;) {
        pid_t child = fork();
        if (child < 0)
            die(EXIT_FAILED, "cannot start a process: %s", strerror(errno));
        if (child == 0) {
            survey_block(survey, block);
            _exit(0);
        }
        if (waitpid(child, &status, 0) != child)
            die(EXIT_FAILED, "cannot wait for a process: %s", strerror(errno));
        if (status && survey->shared->at < survey->count) {
            char name[32];
            snprintf(survey->shared->skipped[survey->shared->at++], SURVEY_WHY,
                     "the process that measured it died: %s",
                     WIFSIGNALED(status) ? text_signal(WTERMSIG(status), name, sizeof name)
                                         : "its status is not 0");
        } else if (status)
            die(EXIT_FAILED, "a measuring process failed; measure again");
    }
}

struct survey *survey_make(const struct survey_request *request) {
    struct survey *survey = allocate(1, sizeof *survey);
    survey->seed = request->seed;
    survey->source = request->source;
    survey->ready = request->ready;
    survey->probes = probes_of(isa_here(), request->only, &survey->count);
    if (survey->count == 0)
        die(EXIT_USAGE, "no question fits `%s' (see tsobench core --list)", request->only);
    survey->codes = allocate(survey->count, sizeof *survey->codes);
    survey->shared = shared(sizeof *survey->shared);
    choose_cpus(survey, request->cpus);
    choose_models(survey);
    choose_lengths(survey);
    unsigned have = feature_detect();
    for (size_t i = 0; i < survey->count; i++)
        prepare(survey, i, have);
    survey->values = shared((survey->value_count + 1) * sizeof *survey->values);
    for (unsigned block = 0; block < survey->blocks; block++)
        if (survey->source == SOURCE_SIMULATED) /* where there are no other processes */
            survey_block(survey, block);
        else
            run_block(survey, block);
    return survey;
}

void survey_free(struct survey *survey) {
    for (size_t i = 0; i < survey->count; i++) {
        if (survey->codes[i].mapped)
            replay_unmap(survey->codes[i].mapped, &survey->codes[i].code.code);
        turn_code_free(&survey->codes[i].code);
    }
    munmap(survey->values, (survey->value_count + 1) * sizeof *survey->values);
    munmap(survey->shared, sizeof *survey->shared);
    free(survey->codes);
    free(survey->probes);
    free(survey);
}
