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

#include "summary/compare.h"

enum verdict { HOLDS, NOT_TESTABLE, UNDECIDED, REFUTED };
enum { MAX_CONDITIONS = 4 };

/* What is to stand at a place in a run's machine.json: "memory.page_kib=16". */
struct run_field {
    char path[48], value[32]; /* the value with * and ? */
    bool other;               /* "!=": anything else */
};

struct cell_name {
    char lowering[48];
    enum memmodel model;
    struct run_field from; /* of which run; no path: of the one under test */
};

enum condition_kind { EVERY, SOME, MEAN, TRACES, SEEN, UNSEEN, EVENT, CORE };

struct condition {
    enum condition_kind kind;
    char text[192];               /* as it was written */
    char sets[96];                /* of EVERY, SOME, MEAN, TRACES; of CORE an answer's id */
    struct cell_name top, bottom; /* no bottom: cycles of top */
    char with[48];                /* what bottom's set has in place of top's: "access=8"; or "" */
    double low, high;             /* of what holds: -INFINITY and INFINITY where open */
    char litmus[16];              /* of SEEN and UNSEEN, under top.model */
    double runs;                  /* of UNSEEN: how many it takes */
    char event[2][48];            /* of EVENT, over the second; no second: in nanoseconds */
};

struct expression {
    struct condition conditions[MAX_CONDITIONS];
    size_t count;
};

/* One interval that was compared. */
struct measure {
    const struct sample_set *set;  /* NULL: a mean over kernels or traces, an event, a core */
    const struct sample_set *over; /* the other cell's */
    size_t items;                  /* of the mean */
    struct interval value;         /* 95 %; NAN where it is dead */
    double floor;                  /* a fraction */
    bool unsound;                  /* one of the cells does not keep TSO */
    bool deterministic;            /* simulated: there is no interval, and none is needed */
    enum verdict verdict;
    double
        margin; /* of the widened interval: how far inside, on the log scale; negative: outside */
    char dead[128]; /* why it cannot count */
};

struct finding {
    const struct condition *condition;
    const char *top, *bottom; /* the directories, where two runs are compared; or NULL */
    struct measure *measures; /* the caller frees it */
    size_t count, comparisons;
    const struct measure *deciding; /* the one that made the verdict, or NULL */
    uint64_t seen, runs;            /* of litmus tests */
    enum verdict verdict;
    char why[192];
};

/* NULL, or from where the text is wrong. */
const char *expression_parse(const char *text, struct expression *out);

/* Whether a condition speaks of cells of sets; of two runs. */
bool expression_of_sets(const struct condition *condition);
bool expression_of_two_runs(const struct condition *condition);

/* Whether a machine.json (or NULL) has what the field wants there. */
bool expression_field_fits(const struct run_field *field, const json_t *machine);

/* What was measured of a condition on such cores (cores.h): in the runs of its two cells, which are
 * mostly one. */
struct finding expression_measure(const struct condition *condition, const struct side *top,
                                  const struct side *bottom, const char *cores);

/* The files that events stand in, which a run may have; NULL behind the last. */
extern const char *const expression_event_files[];

/* What they say of an EVENT, files[i] being the document of expression_event_files[i], or NULL. */
struct finding expression_event(const struct condition *condition, json_t *const *files,
                                enum source source);

/* What core.json (or NULL) answers to a CORE. */
struct finding expression_core(const struct condition *condition, const json_t *core,
                               enum source source);

/* Fills in verdict, why and deciding; comparisons is the number of intervals in the whole run. */
void expression_judge(struct finding *finding, size_t comparisons);

#endif
