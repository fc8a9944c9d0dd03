/* SPDX-License-Identifier: MIT
 *
 * survey.h: measures the probes of a core: processes one after the other, in each rounds, in a
 * round every point of a probe once in random order, in each memory model that the machine has.
 */
#ifndef SURVEY_H
#define SURVEY_H

#include "core/probes.h"
#include "machine/memmodel.h"
#include "stats/stats.h"

enum {
    SURVEY_BLOCKS = STATS_FEWEST_BLOCKS,
    SURVEY_ROUNDS = 64,
    SURVEY_WHY = 160,
    SURVEY_PROBES = 256
};

struct survey_request {
    const char *cpus; /* a list, or NULL; measured on its first, where its second may write */
    const char *only; /* probes whose id it fits, or NULL */
    uint64_t seed;
    enum source source;  /* measured by processes; otherwise once, and simulated in this process */
    void (*ready)(void); /* called before the first sample of a block, or NULL */
};

/* A probe's code in this process, and where its values are. */
struct survey_code {
    struct turn_code code;
    replay_function *mapped; /* NULL: not to be measured */
    struct turn_point points[PROBE_POINTS];
    size_t count, first; /* points; its first value */
};

struct survey {
    struct probe *probes;
    struct survey_code *codes; /* one a probe */
    size_t count;
    enum memmodel models[MEMMODEL_COUNT];
    unsigned model_count, blocks, rounds, turns, cpu, writer; /* writer == cpu: none */
    enum source source;
    void (*ready)(void);
    uint64_t seed;
    char model_reason[SURVEY_WHY];
    /* Shared by the processes: how far one is, why a probe has no values, pages, the values. */
    struct survey_shared {
        size_t at;
        unsigned page_kib;
        uint64_t lines;
        char skipped[SURVEY_PROBES][SURVEY_WHY];
    } * shared;
    double *values;
    size_t value_count;
};

/* Measures. Dies with EXIT_USAGE where a CPU or a pattern is wrong. Free with survey_free(). */
struct survey *survey_make(const struct survey_request *request);
void survey_free(struct survey *survey);

/* A round's values of a probe: ns of a turn at each point, then the core's GHz. */
double *survey_row(const struct survey *survey, size_t probe, unsigned model, unsigned block,
                   unsigned round);

/* Measures what is still to be measured of a block, in this process. */
void survey_block(const struct survey *survey, unsigned block);

#endif
