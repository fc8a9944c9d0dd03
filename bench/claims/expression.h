/* SPDX-License-Identifier: MIT
 *
 * expression.h: the tests of claims.def (which says what they look like) as data, and what a run
 * measured of them.
 *
 * A condition is judged by the interval of its ratio, widened twice: so that all intervals that
 * are compared in one run hold together with 95 % (Bonferroni), and by the floor of the set, which
 * is what the method cannot tell apart there. Of a simulation, which is deterministic, there are
 * points without intervals, and the floor alone. It holds if the widened interval lies on the right
 * side, is refuted if it lies on the other, and is undecided in between.
 */
#ifndef EXPRESSION_H
#define EXPRESSION_H

#include "summary/summary.h"

enum verdict { HOLDS, NOT_TESTABLE, UNDECIDED, REFUTED };
enum { MAX_CONDITIONS = 4 };

struct cell_name {
    char lowering[48];
    enum memmodel model;
};

struct condition {
    enum { EVERY, SOME, MEAN, SEEN, UNSEEN } kind;
    char text[192];               /* as it was written */
    char sets[96];                /* of EVERY, SOME, MEAN */
    struct cell_name top, bottom; /* no bottom: cycles of top */
    double low, high;             /* of what holds: -INFINITY and INFINITY where open */
    char litmus[16];              /* of SEEN and UNSEEN, under top.model */
    double runs;                  /* of UNSEEN: how many it takes */
};

struct expression {
    struct condition conditions[MAX_CONDITIONS];
    size_t count;
};

/* One interval that was compared. */
struct measure {
    const struct sample_set *set; /* NULL: a mean over kernels */
    size_t kernels;               /* of the mean */
    struct interval value;        /* 95 %; NAN where it is dead */
    double floor;                 /* a fraction */
    bool unsound;                 /* one of the cells does not keep TSO */
    bool deterministic;           /* simulated: there is no interval, and none is needed */
    enum verdict verdict;
    double
        margin; /* of the widened interval: how far inside, on the log scale; negative: outside */
    char dead[128]; /* why it cannot count */
};

struct finding {
    const struct condition *condition;
    struct measure *measures; /* the caller frees it */
    size_t count, comparisons;
    const struct measure *deciding; /* the one that made the verdict, or NULL */
    uint64_t seen, runs;            /* of litmus tests */
    enum verdict verdict;
    char why[192];
};

/* NULL, or from where the text is wrong. */
const char *expression_parse(const char *text, struct expression *out);

/* What the run measured of a condition in the sets that suits() likes. */
struct finding expression_measure(const struct condition *condition, const struct summary *summary,
                                  bool (*suits)(const struct sample_set *, const void *context),
                                  const void *context);

/* Fills in verdict, why and deciding; comparisons is the number of intervals in the whole run. */
void expression_judge(struct finding *finding, size_t comparisons);

#endif
