/* SPDX-License-Identifier: MIT
 *
 * answers.h: what the values of a survey come to: an answer a probe and memory model, or that it is
 * undecided and why.
 *
 * A block is reduced to the medians of its rounds, of each point. Of these a block's answer is
 * read, and the interval is over the blocks (stats/stats.h). A knee is found in one curve of all
 * blocks (stats/knee.h), and its interval is over groups of rounds that have some of each.
 */
#ifndef ANSWERS_H
#define ANSWERS_H

#include "core/survey.h"

struct answer {
    const struct probe *probe;
    const struct survey_code *code;
    enum memmodel model;
    struct interval value; /* NAN where there is none */
    const char *word;      /* of a question that has yes and no: "waits"; or NULL */
    char undecided[128];   /* or "" */
    const char *skipped;   /* why it was not measured; or NULL */
    char how[256];         /* it was read */
    double *ns;            /* a turn's at each of the code's points: medians over blocks */
};

/* Of every probe in every model, in order; the caller frees them with answers_free(). */
struct answer *answers_of(const struct survey *survey, size_t *count);
void answers_free(struct answer *answers, size_t count);

/* One from values that were had elsewhere: blocks x (points + 1) positive ones, ns and GHz. The
 * caller frees `ns`. */
struct answer answer_of(const struct probe *probe, const struct survey_code *code,
                        const double *values, size_t blocks, uint64_t seed);

#endif
