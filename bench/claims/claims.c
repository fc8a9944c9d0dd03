/* SPDX-License-Identifier: MIT */
#include "claims/claims.h"

#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/text.h"
#include "claims/cores.h"
#include "samples/document.h"

enum { P = 'P', S = 'S', M = 'M' };

#define SOURCE(id, who, date, grade, where)                                                        \
    static const struct citation id = {#id, who, date, where, grade};
#define FIGURE(claim, cores, what, value, source)
#define KNOWN(core, number, least, most, what, source)
#include "claims/published.def"
#undef SOURCE
#undef FIGURE
#undef KNOWN

#define SOURCE(id, who, date, grade, where)
const struct figure figures[] = {
#define FIGURE(claim, cores, what, value, source) {#claim, cores, what, value, &(source)},
#define KNOWN(core, number, least, most, what, source)
#include "claims/published.def"
#undef FIGURE
#undef KNOWN
};
const size_t figure_count = sizeof figures / sizeof figures[0];

const struct known known[] = {
#define FIGURE(claim, cores, what, value, source)
#define KNOWN(core, number, least, most, what, source)                                             \
    {core, KNOWN_##number, least, most, what, &(source)},
#include "claims/published.def"
#undef FIGURE
#undef KNOWN
};
const size_t known_count = sizeof known / sizeof known[0];

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

/* ---- judging ---- */

static void set_why(struct judgement *judgement, enum verdict verdict, const char *text,
                    const char *detail) {
    judgement->verdict = verdict;
    snprintf(judgement->why, sizeof judgement->why, "%s%s", text, detail);
}

/* What can be said without a single comparison. */
static bool is_out_of_reach(const struct tested_run *run, struct judgement *judgement) {
    const char *cores = judgement->claim->cores;
    if (run->side.run->source == SOURCE_NONE)
        set_why(judgement, NOT_TESTABLE, "no block of this run was finished", "");
    else if (run->side.run->source == SOURCE_EMULATED)
        set_why(judgement, NOT_TESTABLE, "emulated: its times say nothing about any CPU", "");
    else if (*cores && !cores_on(run->side.machine, cores))
        set_why(judgement, NOT_TESTABLE,
                *cores == '!' ? "only on cores other than " : "needs a core of kind ",
                cores + (*cores == '!'));
    else
        return false;
    return true;
}

/* ---- two runs ---- */

/* machine.json of a run that may not be asked for again. */
static const json_t *machine_of(struct given_run *given) {
    char why[256];
    if (!given->asked)
        given->machine = document_read(given->directory, "machine.json",
                                       &(struct schema_rules){.partial = true}, why, sizeof why);
    given->asked = true;
    return given->machine;
}

/* Whether two machines may be compared in this place: a virtual machine and its host differ in all
 * others, too. */
static bool is_alike(const json_t *left, const json_t *right, const char *place) {
    static const char hypervisor[] = "virtualization.hypervisor";
    const json_t *here = document_at(left, hypervisor), *there = document_at(right, hypervisor);
    return text_same(place, hypervisor) || here == there || json_equal(here, there);
}

/* The run that a condition compares with this one: the first of those given, beside it, whose
 * machine.json has what the condition's other field wants. NULL, and why. */
static const struct side *other_run(struct tested_run *run, const struct condition *condition,
                                    bool *is_top, char *why, size_t size) {
    const struct run_field *top = &condition->top.from, *bottom = &condition->bottom.from;
    *is_top = expression_field_fits(top, run->side.machine);
    const struct run_field *wanted = *is_top ? bottom : top;
    if (!*is_top && !expression_field_fits(bottom, run->side.machine)) {
        snprintf(why, size, "%s is neither side's in this run", top->path);
        return NULL;
    }
    for (size_t i = 0; i < run->given_count; i++) {
        struct side *other = &run->others[i];
        const json_t *machine = machine_of(&run->given[i]);
        if (i == run->which || !expression_field_fits(wanted, machine) ||
            !is_alike(run->side.machine, machine, wanted->path))
            continue;
        if (other->directory == NULL)
            *other = side_open(run->given[i].directory, NULL);
        if (other->run->source == run->side.run->source)
            return other;
    }
    snprintf(why, size, "no run of %s%s%s beside this one", wanted->path,
             wanted->other ? "!=" : "=", wanted->value);
    return NULL;
}

/* ---- measuring ---- */

static struct finding measure_condition(struct tested_run *run, const struct condition *condition,
                                        const char *cores) {
    struct finding finding = {.condition = condition};
    bool is_top;
    if (condition->kind == EVENT)
        return expression_event(condition, run->events, run->side.run->source);
    if (condition->kind == CORE)
        return expression_core(condition, run->core, run->side.run->source);
    if (!expression_of_two_runs(condition))
        return expression_measure(condition, &run->side, &run->side, cores);
    const struct side *other = other_run(run, condition, &is_top, finding.why, sizeof finding.why);
    return other ? expression_measure(condition, is_top ? &run->side : other,
                                      is_top ? other : &run->side, cores)
                 : finding;
}

static void measure(struct tested_run *run, struct judgement *judgement) {
    const struct claim *claim = judgement->claim;
    const char *wrong = expression_parse(claim->test, &judgement->expression);
    if (wrong)
        die(EXIT_FAILED, "claims.def: claim %s: no test begins at `%s'", claim->id, wrong);
    for (size_t i = 0; i < judgement->expression.count; i++) {
        judgement->findings[i] =
            measure_condition(run, &judgement->expression.conditions[i], claim->cores);
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

static void open_run(struct tested_run *run) {
    const char *directory = run->given[run->which].directory;
    run->side = side_open(directory, "claims about kinds of cores cannot be tested");
    snprintf(run->name, sizeof run->name, "%s", compare_machine(&run->side));
    for (size_t i = 0; expression_event_files[i]; i++)
        run->events[i] = document_if_any(directory, expression_event_files[i], NULL);
    run->core = document_if_any(directory, "core.json", NULL);
}

struct tested_run *claims_test(struct given_run *given, size_t count, size_t which,
                               const char *const *ids) {
    struct tested_run *run = allocate(1, sizeof *run);
    run->given = given;
    run->given_count = count;
    run->which = which;
    run->others = allocate(count, sizeof *run->others);
    open_run(run);
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
    for (size_t i = 0; expression_event_files[i]; i++)
        json_decref(run->events[i]);
    json_decref(run->core);
    for (size_t i = 0; i < run->given_count; i++)
        if (run->others[i].directory)
            side_close(&run->others[i]);
    free(run->others);
    side_close(&run->side);
    free(run);
}

void claims_forget(struct given_run *given, size_t count) {
    for (size_t i = 0; i < count; i++)
        json_decref(given[i].machine);
}
