/* SPDX-License-Identifier: MIT
 *
 * claims.h: what has been claimed and published (claims.def, published.def), and what a run says
 * to it. A verdict follows from intervals only, so a run that is too short or too noisy leaves a
 * claim undecided; it is never decided by a point estimate.
 */
#ifndef CLAIMS_H
#define CLAIMS_H

#include <jansson.h>

#include "claims/expression.h"

struct citation {
    const char *id, *who, *date, *where;
    char grade; /* P: read, S: second hand, M: from memory */
};

struct claim {
    const char *id, *text;
    const struct citation *source;
    const char *cores, *test, *refuted;
};

struct figure {
    const char *claim, *cores, *what;
    double value;
    const struct citation *source;
};

/* A published figure of one of the three numbers, over plain code. */
enum known_number { KNOWN_TSO_TAX, KNOWN_SOFTWARE_TSO, KNOWN_PORTABLE_REWRITE, KNOWN_NUMBERS };
struct known {
    const char *core;
    enum known_number number;
    double least, most; /* ratios of times; equal where there is one */
    const char *what;
    const struct citation *source;
};

extern const struct known known[];
extern const size_t known_count;
extern const struct claim claims[];
extern const size_t claim_count;
extern const struct figure figures[];
extern const size_t figure_count;

/* What a run says to a claim. */
struct judgement {
    const struct claim *claim;
    enum verdict verdict;
    char why[192]; /* where it is not "holds" */
    struct expression expression;
    struct finding findings[MAX_CONDITIONS]; /* a condition each; empty where it is not testable */
};

/* A run directory among those that are tested together. */
struct given_run {
    const char *directory;
    json_t *machine; /* machine.json, once it was asked for */
    bool asked;
};

/* A run and its judgements, claim_count of them. */
struct tested_run {
    struct side side;
    json_t *events[2];          /* of expression_event_files, or NULL */
    json_t *core;               /* core.json, or NULL */
    char name[128];             /* of the machine */
    size_t comparisons, tested; /* intervals compared; claims that were decided or could be */
    struct judgement *judgements;
    struct given_run *given; /* the caller's */
    size_t given_count, which;
    struct side *others; /* of those given, what was read to compare with */
};

/* Reads a run, the one of `count` that `which` says, and judges all claims, or those of ids
 * (NULL-ended) where that is not NULL; claims of two runs by the others of them, which are read
 * where one is wanted. Dies as samples_read does. */
struct tested_run *claims_test(struct given_run *given, size_t count, size_t which,
                               const char *const *ids);
void claims_free(struct tested_run *run);

/* Frees what given runs hold. */
void claims_forget(struct given_run *given, size_t count);

/* "holds", "refuted", "undecided", "not testable here". */
const char *claims_verdict_name(enum verdict verdict);

/* What would test the claim, in words: "a run on Apple M1*, with load_throughput". The caller frees
 * it. */
char *claims_wanted(const struct claim *claim);

/* For other programs; the caller owns them. */
json_t *claims_json(const struct claim *claim);
json_t *claims_run_json(const struct tested_run *run);

#endif
