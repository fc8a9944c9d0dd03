/* SPDX-License-Identifier: MIT
 *
 * survey_block.c: a block of a survey: the rounds of every probe in one process, whose lines lie on
 * pages of its own.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/die.h"
#include "core/region.h"
#include "core/survey.h"
#include "machine/ticks.h"
#include "machine/topology.h"
#include "stats/rng.h"

/* Turns before a sample, which bring code and lines that hit to where they are used; and how long
 * a probe may take. */
enum { LEAD = 2, PATIENCE_SECONDS = 60, WRITES_APART = 32 };

/* A thread on another CPU that writes a word while it is asked to. */
struct writer {
    pthread_t thread;
    uint64_t *word;
    unsigned cpu;
    int pinned;         /* 0 */
    int wanted, is_now; /* 1: writes, 0: does not, -1: ends */
};

struct context {
    const struct survey *survey;
    struct region region;
    struct rng rng;
    uint64_t *table;
    struct writer *writer; /* of this probe, or NULL */
};

static turn_function *function_of(const struct survey_code *code, size_t point) {
    turn_function *function;
    uintptr_t address;
    memcpy(&address, &code->mapped, sizeof address);
    address += code->code.begin[point];
    memcpy(&function, &address, sizeof function);
    return function;
}

/* It writes the 0 that is there, so that what reads it gets what it got. */
static void *write_all_the_time(void *argument) {
    struct writer *writer = argument;
    __atomic_store_n(&writer->pinned, topology_pin(writer->cpu), __ATOMIC_RELEASE);
    for (int wanted = 0; wanted >= 0;) {
        wanted = __atomic_load_n(&writer->wanted, __ATOMIC_ACQUIRE);
        __atomic_store_n(&writer->is_now, wanted, __ATOMIC_RELEASE);
        if (wanted > 0)
            __atomic_store_n(writer->word, 0, __ATOMIC_RELAXED);
        for (volatile int i = 0; i < WRITES_APART; i++)
            ;
    }
    return NULL;
}

static void writer_ask(struct writer *writer, int wanted) {
    __atomic_store_n(&writer->wanted, wanted, __ATOMIC_RELEASE);
    while (__atomic_load_n(&writer->is_now, __ATOMIC_ACQUIRE) != wanted)
        ;
}

/* Nanoseconds of a turn at a point, now. */
static double sample(struct context *context, const struct probe *probe,
                     const struct survey_code *code, size_t point) {
    unsigned turns = context->survey->turns;
    unsigned misses = turn_misses(&probe->turn, code->points[point]);
    turn_function *function = function_of(code, point);
    uint8_t *hits = context->region.hits;
    region_lines(&context->region, context->table, (size_t)misses * (LEAD + turns));
    if (context->writer)
        writer_ask(context->writer, point == UNDONE_WRITTEN);
    function(hits, context->table, LEAD, 0);
    uint64_t begin = ticks_begin();
    function(hits, context->table + LEAD * misses, turns, 0);
    uint64_t ticks = ticks_end() - begin;
    return (double)ticks / ticks_per_ns() / turns;
}

static double ghz_now(void) {
    return (double)ticks_chain_adds() / ((double)ticks_chain() / ticks_per_ns());
}

static void measure_probe(struct context *context, size_t which, unsigned block) {
    const struct survey *survey = context->survey;
    const struct survey_code *code = &survey->codes[which];
    unsigned order[PROBE_POINTS];
    for (unsigned i = 0; i < code->count; i++)
        order[i] = i;
    for (unsigned round = 0; round < survey->rounds; round++)
        for (unsigned model = 0; model < survey->model_count; model++) {
            double *row = survey_row(survey, which, model, block, round);
            if (memmodel_set(survey->models[model])) {
                snprintf(survey->shared->skipped[which], SURVEY_WHY, "the switch to %s failed",
                         memmodel_name(survey->models[model]));
                return;
            }
            rng_shuffle(&context->rng, order, (unsigned)code->count);
            for (size_t i = 0; i < code->count; i++)
                row[order[i]] = sample(context, &survey->probes[which], code, order[i]);
            row[code->count] = ghz_now();
        }
}

/* The same with the thread that writes. */
static void measure_written(struct context *context, size_t which, unsigned block) {
    const struct survey *survey = context->survey;
    struct writer writer = {.word = (uint64_t *)(void *)(context->region.hits + HITS_SHARED),
                            .cpu = survey->writer,
                            .pinned = -1,
                            .is_now = -2};
    if (pthread_create(&writer.thread, NULL, write_all_the_time, &writer))
        die(EXIT_FAILED, "cannot start a thread");
    writer_ask(&writer, 0);
    context->writer = &writer;
    if (__atomic_load_n(&writer.pinned, __ATOMIC_ACQUIRE))
        snprintf(survey->shared->skipped[which], SURVEY_WHY, "CPU %u cannot be used",
                 survey->writer);
    else
        measure_probe(context, which, block);
    context->writer = NULL;
    writer_ask(&writer, -1);
    pthread_join(writer.thread, NULL);
}

static void skip_all(const struct survey *survey, const char *why) {
    for (size_t i = 0; i < survey->count; i++)
        if (survey->shared->skipped[i][0] == 0)
            snprintf(survey->shared->skipped[i], SURVEY_WHY, "%s", why);
}

void survey_block(const struct survey *survey, unsigned block) {
    struct context context = {.survey = survey};
    struct survey_shared *shared = survey->shared;
    char why[SURVEY_WHY];
    int error = topology_pin(survey->cpu);
    topology_pin_why(survey->cpu, error, why, sizeof why);
    if (error || !region_make(&context.region, survey->cpu, survey->source, why, sizeof why)) {
        skip_all(survey, why);
        return;
    }
    shared->page_kib = context.region.page_kib;
    shared->lines = UINT64_C(1) << context.region.bits;
    context.table = allocate((size_t)TURN_MISSES * (LEAD + survey->turns), sizeof *context.table);
    rng_seed(&context.rng, survey->seed + block);
    if (survey->ready)
        survey->ready();
    for (; shared->at < survey->count; shared->at++) {
        if (shared->skipped[shared->at][0])
            continue;
        if (survey->source != SOURCE_SIMULATED) /* whose time passes slowly */
            alarm(PATIENCE_SECONDS);
        const struct probe *probe = &survey->probes[shared->at];
        if (probe->reading == READ_UNDONE)
            measure_written(&context, shared->at, block);
        else
            measure_probe(&context, shared->at, block);
    }
    if (survey->source != SOURCE_SIMULATED)
        alarm(0);
    free(context.table);
    region_free(&context.region);
}
