/* SPDX-License-Identifier: MIT
 *
 * replayed.h: the replayed traces of a run beside what the linear model says of them.
 */
#ifndef REPLAYED_H
#define REPLAYED_H

#include "advise/predict.h"

/* One policy in one set, over the plain policy in the same rounds. */
struct replayed {
    const struct summary_row *row;
    const char *trace; /* the set's parameters without their keys */
    const struct policy *policy;
    const char *breaks; /* the litmus test that breaks it for what the window does, or NULL */
    struct interval measured;
    double predicted, least, most; /* ratios; NAN: see older and missing */
    bool older;                    /* the run had another policy of this name */
    double unmodelled;
    char missing[64];
};

struct replays {
    struct replayed *rows;
    size_t count;
    struct model *model;
    double error;            /* median of |predicted / measured - 1|; NAN: nothing to compare */
    size_t compared, inside; /* inside: what was measured meets least to most */
};

/* Everything that was replayed under the memory model of plain code, in the order of the run; those
 * whose trace is not in the folder are left out with a warning. NULL: there is none. Free with
 * replays_free(). */
struct replays *replays_of(const struct report *report, const char *folder);
void replays_free(struct replays *replays);

/* Report section: predicted against measured, with the errors. */
void replays_print(const struct replays *replays, const struct page *page);

/* The same in a row a policy: the mean of its replays, and the errors of all predictions. */
void replays_summary(const struct replays *replays, const struct page *page);

#endif
