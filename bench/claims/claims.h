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

/* A run and its judgements, claim_count of them. */
struct tested_run {
    const char *directory;
    struct samples *samples;
    struct summary *summary;
    json_t *machine;            /* machine.json, or NULL */
    char name[128];             /* of the machine */
    size_t comparisons, tested; /* intervals compared; claims that were decided or could be */
    struct judgement *judgements;
};

/* Reads a run and judges all claims, or those of ids (NULL-ended) where that is not NULL. Dies as
 * samples_read does. */
struct tested_run *claims_test(const char *directory, const char *const *ids);
void claims_free(struct tested_run *run);

/* "holds", "refuted", "undecided", "not testable here". */
const char *claims_verdict_name(enum verdict verdict);

/* For other programs; the caller owns them. */
json_t *claims_json(const struct claim *claim);
json_t *claims_run_json(const struct tested_run *run);

/* Whether a core's name is among those a claim speaks of. */
bool claims_core_matches(const char *cores, const char *name);

#endif
