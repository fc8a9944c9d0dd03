/* SPDX-License-Identifier: MIT */
#include "claims/claims.h"

#include <fnmatch.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "samples/document.h"

enum { P = 'P', S = 'S', M = 'M' };

#define SOURCE(id, who, date, grade, where)                                                        \
    static const struct citation id = {#id, who, date, where, grade};
#define FIGURE(claim, cores, what, value, source)
#include "claims/published.def"
#undef SOURCE
#undef FIGURE

const struct figure figures[] = {
#define SOURCE(id, who, date, grade, where)
#define FIGURE(claim, cores, what, value, source) {#claim, cores, what, value, &(source)},
#include "claims/published.def"
#undef SOURCE
#undef FIGURE
};
const size_t figure_count = sizeof figures / sizeof figures[0];

const struct claim claims[] = {
#define CLAIM(id, text, source, cores, test, refuted) {#id, text, &(source), cores, test, refuted},
#include "claims/claims.def"
#undef CLAIM
};
const size_t claim_count = sizeof claims / sizeof claims[0];

const char *claims_verdict_name(enum verdict verdict) {
    static const char *const names[] = {"holds", "not testable here", "undecided", "refuted"};
    return names[verdict];
}

/* ---- on which cores ---- */

bool claims_core_matches(const char *cores, const char *name) {
    char list[512];
    bool others = *cores == '!';
    if (*cores == 0)
        return true;
    snprintf(list, sizeof list, "%s", cores + others);
    char *rest;
    for (char *one = strtok_r(list, "|", &rest); one; one = strtok_r(NULL, "|", &rest))
        if (fnmatch(one, name, 0) == 0)
            return !others;
    return others;
}

/* Whether a list such as "0-3,8" has the number. */
static bool list_has(const char *list, unsigned long number) {
    for (const char *p = list; *p;) {
        char *end;
        unsigned long low = strtoul(p, &end, 10), high = low;
        if (*end == '-')
            high = strtoul(end + 1, &end, 10);
        if (low <= number && number <= high)
            return true;
        p = *end == ',' ? end + 1 : end + strlen(end);
    }
    return false;
}

static const char *core_of(json_t *machine, unsigned long cpu) {
    size_t i;
    json_t *kind;
    json_array_foreach(json_object_get(machine, "cpus"), i, kind) {
        const char *list = json_string_value(json_object_get(kind, "cpus"));
        if (list && list_has(list, cpu))
            return json_string_value(json_object_get(kind, "name"));
    }
    return NULL;
}

/* Whether all CPUs that the set was measured on are of the kinds that the claim speaks of. */
static bool is_on_cores(const struct sample_set *set, const void *context) {
    const struct judgement *judgement = ((const void *const *)context)[0];
    json_t *machine = (json_t *)(uintptr_t)((const void *const *)context)[1];
    if (*judgement->claim->cores == 0)
        return true;
    if (set->block_count == 0 || set->blocks[0].placement == NULL)
        return false;
    for (const char *p = set->blocks[0].placement; *p;) {
        char *end;
        const char *name = core_of(machine, strtoul(p, &end, 10));
        if (end == p || name == NULL || !claims_core_matches(judgement->claim->cores, name))
            return false;
        p = *end == '+' ? end + 1 : end;
    }
    return true;
}

static bool machine_has_core(json_t *machine, const char *cores) {
    size_t i;
    json_t *kind;
    json_array_foreach(json_object_get(machine, "cpus"), i, kind) {
        const char *name = json_string_value(json_object_get(kind, "name"));
        if (name && claims_core_matches(cores, name))
            return true;
    }
    return false;
}

/* ---- judging ---- */

static void set_why(struct judgement *judgement, enum verdict verdict, const char *text,
                    const char *detail) {
    judgement->verdict = verdict;
    snprintf(judgement->why, sizeof judgement->why, "%s%s", text, detail);
}

/* What can be said without a single comparison. */
static bool is_out_of_reach(const struct tested_run *run, struct judgement *judgement) {
    const struct claim *claim = judgement->claim;
    static const char needs[] = "needs: ";
    if (run->samples->source == SOURCE_NONE)
        set_why(judgement, NOT_TESTABLE, "no block of this run was finished", "");
    else if (run->samples->source == SOURCE_EMULATED)
        set_why(judgement, NOT_TESTABLE, "emulated: its times say nothing about any CPU", "");
    else if (strncmp(claim->test, needs, sizeof needs - 1) == 0)
        set_why(judgement, NOT_TESTABLE, "needs ", claim->test + sizeof needs - 1);
    else if (*claim->cores && !machine_has_core(run->machine, claim->cores))
        set_why(judgement, NOT_TESTABLE,
                *claim->cores == '!' ? "only on cores other than " : "needs a core of kind ",
                claim->cores + (*claim->cores == '!'));
    else
        return false;
    return true;
}

static void measure(struct tested_run *run, struct judgement *judgement) {
    const char *wrong = expression_parse(judgement->claim->test, &judgement->expression);
    if (wrong)
        die(EXIT_FAILED, "claim %s: wrong from `%s'", judgement->claim->id, wrong);
    const void *context[] = {judgement, run->machine};
    for (size_t i = 0; i < judgement->expression.count; i++) {
        judgement->findings[i] = expression_measure(&judgement->expression.conditions[i],
                                                    run->summary, is_on_cores, context);
        run->comparisons += judgement->findings[i].comparisons;
    }
}

/* The verdict of the conditions together: refuted by one, else as weak as the weakest. */
static void conclude(const struct tested_run *run, struct judgement *judgement) {
    judgement->verdict = HOLDS;
    for (size_t i = 0; i < judgement->expression.count; i++) {
        struct finding *finding = &judgement->findings[i];
        expression_judge(finding, run->comparisons);
        bool stronger = finding->verdict == REFUTED || judgement->verdict == HOLDS ||
                        (judgement->verdict == UNDECIDED && finding->verdict == NOT_TESTABLE);
        if (finding->verdict != HOLDS && judgement->verdict != REFUTED && stronger)
            set_why(judgement, finding->verdict, finding->why, "");
    }
}

struct tested_run *claims_test(const char *directory, const char *const *ids) {
    struct tested_run *run = allocate(1, sizeof *run);
    run->directory = directory;
    run->samples = samples_read(directory);
    run->summary = summary_build(run->samples);
    run->machine =
        document_if_any(directory, "machine.json", "claims about kinds of cores cannot be tested");
    const char *name = json_string_value(json_object_get(run->machine, "machine"));
    snprintf(run->name, sizeof run->name, "%s", name ? name : "unknown machine");
    run->judgements = allocate(claim_count, sizeof *run->judgements);
    for (size_t i = 0; i < claim_count; i++) {
        struct judgement *judgement = &run->judgements[i];
        bool asked = ids == NULL;
        for (const char *const *id = ids; id && *id; id++)
            asked |= strcmp(*id, claims[i].id) == 0;
        if (!asked)
            continue;
        judgement->claim = &claims[i];
        if (!is_out_of_reach(run, judgement))
            measure(run, judgement);
    }
    for (size_t i = 0; i < claim_count; i++) {
        struct judgement *judgement = &run->judgements[i];
        if (judgement->claim && judgement->expression.count)
            conclude(run, judgement);
        run->tested += judgement->claim && judgement->verdict != NOT_TESTABLE;
    }
    return run;
}

void claims_free(struct tested_run *run) {
    for (size_t i = 0; i < claim_count; i++)
        for (size_t k = 0; k < run->judgements[i].expression.count; k++)
            free(run->judgements[i].findings[k].measures);
    free(run->judgements);
    json_decref(run->machine);
    summary_free(run->summary);
    samples_free(run->samples);
    free(run);
}
