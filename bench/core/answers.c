/* SPDX-License-Identifier: MIT */
#include "core/answers.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "stats/knee.h"

/* What a knee rises by: another miss is another whole time. What an interval may be wide, of the
 * value; what lies between yes and no. */
static const double knee_least = 0.25, widest_knee = 0.1, widest = 0.3, half_way = 1.5,
                    merged_cycles = 0.25, undone_least = 1.1;
/* Of a knee: see reduce(). */
static const double little_disturbed = 0.1;
enum { GROUPS = 16 };
enum { KNEE_SLACK = 3 }; /* entries that any interval may be wide */

#define UNDECIDED(...) snprintf(answer->undecided, sizeof answer->undecided, __VA_ARGS__)
#define HOW(...)       snprintf(answer->how, sizeof answer->how, __VA_ARGS__)

/* ---- of a block: GHz stand after its points ---- */

/* ns for each more of what is repeated, over the points from `from` on. */
static double slope(const struct survey_code *code, const double *ns, size_t from) {
    double n = 0, x = 0, y = 0, xx = 0, xy = 0;
    for (size_t i = from; i < code->count; i++) {
        double count = code->points[i].count;
        n++;
        x += count;
        y += ns[i];
        xx += count * count;
        xy += count * ns[i];
    }
    return (n * xy - x * y) / (n * xx - x * x);
}

static double cycles_each(const struct survey_code *code, const double *ns) {
    return slope(code, ns, code->count / 2) * ns[code->count];
}

/* A miss alone, over what one of many takes. */
static double overlap(const struct survey_code *code, const double *ns) {
    return (ns[1] - ns[0]) / slope(code, ns, code->count / 2);
}

/* The time of both in times of the shorter, where the longer hides as much as it can: 1 or 2. */
static double wait(const double *ns) {
    double first = ns[WAIT_FIRST] - ns[WAIT_NOTHING], second = ns[WAIT_SECOND] - ns[WAIT_NOTHING];
    double both = ns[WAIT_BOTH] - ns[WAIT_BARRIER];
    return 1 + (both - fmax(first, second)) / fmin(first, second);
}

static double value_of(const struct probe *probe, const struct survey_code *code,
                       const double *ns) {
    switch (probe->reading) {
    case READ_RATE:
        return 1 / cycles_each(code, ns);
    case READ_OVERLAP:
        return overlap(code, ns);
    case READ_WAIT:
        return wait(ns);
    case READ_UNDONE:
        return ns[UNDONE_WRITTEN] / ns[UNDONE_ALONE];
    case READ_MERGE: /* may be 0: what is asked is whether it is under a bound */
        return fmax(cycles_each(code, ns), 0.01);
    default:
        return cycles_each(code, ns);
    }
}

/* ---- of all blocks ---- */

static void answer_knee(struct answer *answer, const double *values, size_t blocks, uint64_t seed) {
    size_t points = answer->code->count, stride = points + 1;
    double *curves = allocate(blocks * points, sizeof *curves);
    for (size_t b = 0; b < blocks; b++)
        memcpy(curves + b * points, values + b * stride, points * sizeof *curves);
    struct knee knee = knee_find(curves, blocks, points, knee_least, seed);
    free(curves);
    unsigned extra = answer->probe->extra;
    if (knee.count == 0)
        UNDECIDED("no knee up to %zu of them between the misses", points - 1);
    else if (knee.count > 1)
        UNDECIDED("%u knees, after %zu and after %zu of them between the misses", knee.count,
                  knee.last, knee.second);
    double width = (double)(knee.high - knee.low);
    if (knee.count != 1)
        return;
    HOW("%.0f ns up to %zu between two misses, %.0f with more", knee.before, knee.last, knee.after);
    if (width > KNEE_SLACK && width > widest_knee * (double)(knee.last + extra))
        UNDECIDED("a rise between %zu and %zu, no knee", knee.low + extra, knee.high + extra);
    else
        answer->value = (struct interval){(double)(knee.last + extra), (double)(knee.low + extra),
                                          (double)(knee.high + extra), blocks};
}

/* Which side of the bound the interval lies on. */
static void decide(struct answer *answer, double bound, const char *below, const char *above) {
    if (answer->value.high < bound)
        answer->word = below;
    else if (answer->value.low > bound)
        answer->word = above;
    else
        UNDECIDED("%.2f to %.2f holds %.2f: neither yes nor no", answer->value.low,
                  answer->value.high, bound);
}

static void explain(struct answer *answer) {
    const double *ns = answer->ns;
    const struct survey_code *code = answer->code;
    unsigned last = code->points[code->count - 1].count;
    switch (answer->probe->reading) {
    case READ_WAIT:
        HOW("%.0f and %.0f ns alone, %.0f both", ns[WAIT_FIRST] - ns[WAIT_NOTHING],
            ns[WAIT_SECOND] - ns[WAIT_NOTHING], ns[WAIT_BOTH] - ns[WAIT_BARRIER]);
        break;
    case READ_OVERLAP:
        HOW("%.0f ns alone, %.1f more each in a row of %u", ns[1] - ns[0],
            slope(code, ns, code->count / 2), last);
        break;
    case READ_UNDONE:
        HOW("%.0f ns, %.0f where it is written", ns[UNDONE_ALONE], ns[UNDONE_WRITTEN]);
        break;
    default:
        HOW("%.3g ns more each in a row of %u", slope(code, ns, code->count / 2), last);
        break;
    }
}

static void answer_value(struct answer *answer, const double *values, size_t blocks,
                         uint64_t seed) {
    size_t stride = answer->code->count + 1;
    double *each = allocate(blocks, sizeof *each);
    struct block_values *of = allocate(blocks, sizeof *of);
    bool sensible = true;
    for (size_t b = 0; b < blocks; b++) {
        each[b] = value_of(answer->probe, answer->code, values + b * stride);
        of[b] = (struct block_values){.values = &each[b], .count = 1};
        sensible &= isfinite(each[b]) && each[b] > 0;
    }
    explain(answer);
    enum reading reading = answer->probe->reading;
    if (sensible)
        answer->value = stats_interval(of, blocks, seed);
    if (blocks == 1) /* simulated: it would be the same again */
        answer->value.low = answer->value.high = answer->value.value;
    free(each);
    free(of);
    if (!sensible || !stats_has_ends(answer->value))
        UNDECIDED("the noise is larger than what is measured");
    else if (reading == READ_WAIT)
        decide(answer, half_way, "does not wait", "waits");
    else if (reading == READ_MERGE)
        decide(answer, merged_cycles, "merged", "not merged");
    else if (reading == READ_UNDONE)
        decide(answer, undone_least, "costs nothing", "costs");
    else if (stats_half_width(answer->value) > widest)
        UNDECIDED("%.3g to %.3g is too wide an interval", answer->value.low, answer->value.high);
    if (answer->undecided[0])
        answer->value = (struct interval){NAN, NAN, NAN, 0};
}

struct answer answer_of(const struct probe *probe, const struct survey_code *code,
                        const double *values, size_t blocks, uint64_t seed) {
    struct answer result = {.probe = probe, .code = code, .value = {NAN, NAN, NAN, 0}};
    struct answer *answer = &result;
    double *column = allocate(blocks, sizeof *column);
    answer->ns = allocate(code->count, sizeof *answer->ns);
    for (size_t p = 0; p < code->count; p++) {
        for (size_t b = 0; b < blocks; b++)
            column[b] = values[b * (code->count + 1) + p];
        answer->ns[p] = stats_median(column, blocks);
    }
    free(column);
    if (probe->reading == READ_KNEE)
        answer_knee(answer, values, blocks, seed);
    else
        answer_value(answer, values, blocks, seed);
    return result;
}

/* What stands for a part of a probe's rounds at each point, and for their GHz. A part is a block,
 * and the median stands for it.
 *
 * Of a knee it is rounds of every block, and what they come to when little disturbs: a hardware
 * thread beside this one, be it another tenant's, may take half of the core's buffers for as long
 * as it runs, and asked is how large they are. They are as large in every block. */
static void reduce(const struct survey *survey, size_t probe, unsigned model, unsigned part,
                   double *values) {
    double column[SURVEY_BLOCKS * SURVEY_ROUNDS];
    bool knee = survey->probes[probe].reading == READ_KNEE;
    unsigned first = knee ? 0 : part, end = knee ? survey->blocks : part + 1;
    for (size_t p = 0; p <= survey->codes[probe].count; p++) {
        size_t count = 0;
        for (unsigned block = first; block < end; block++)
            for (unsigned round = knee ? part : 0; round < survey->rounds;
                 round += knee ? GROUPS : 1)
                column[count++] = survey_row(survey, probe, model, block, round)[p];
        values[p] = stats_quantile(column, count, knee ? little_disturbed : 0.5);
    }
}

static unsigned parts_of(const struct survey *survey, size_t probe) {
    if (survey->probes[probe].reading != READ_KNEE)
        return survey->blocks;
    return survey->rounds < GROUPS ? survey->rounds : GROUPS;
}

struct answer *answers_of(const struct survey *survey, size_t *count) {
    *count = survey->count * survey->model_count;
    struct answer *answers = allocate(*count + 1, sizeof *answers), *next = answers;
    double *values = allocate((size_t)GROUPS * (PROBE_POINTS + 1), sizeof *values);
    for (size_t i = 0; i < survey->count; i++)
        for (unsigned model = 0; model < survey->model_count; model++, next++) {
            const struct survey_code *code = &survey->codes[i];
            const char *skipped = survey->shared->skipped[i];
            if (*skipped)
                *next = (struct answer){.probe = &survey->probes[i],
                                        .code = code,
                                        .value = {NAN, NAN, NAN, 0},
                                        .skipped = skipped};
            else {
                unsigned parts = parts_of(survey, i);
                for (unsigned part = 0; part < parts; part++)
                    reduce(survey, i, model, part, values + part * (code->count + 1));
                *next = answer_of(&survey->probes[i], code, values, parts, survey->seed);
            }
            next->model = survey->models[model];
            if (survey->source == SOURCE_EMULATED && next->skipped == NULL) {
                next->value = (struct interval){NAN, NAN, NAN, 0};
                next->word = NULL;
                snprintf(next->undecided, sizeof next->undecided,
                         "an emulator's times say nothing");
            }
        }
    free(values);
    return answers;
}

void answers_free(struct answer *answers, size_t count) {
    for (size_t i = 0; i < count; i++)
        free(answers[i].ns);
    free(answers);
}
