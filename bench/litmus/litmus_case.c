/* SPDX-License-Identifier: MIT */
#include "litmus/litmus_case.h"

#include <stdio.h>
#include <string.h>

#include "plan/registry.h"

void litmus_case_make(struct litmus_case *litmus, size_t test, const struct lowering *lowering,
                      int model) {
    static const char *const alone[LITMUS_THREADS] = {"tso:0", "tso:1", "tso:2", "tso:3"};
    *litmus = (struct litmus_case){.view = litmus_view(test)};
    litmus->job.test = test;
    litmus->job.lowering = lowering;
    for (int thread = 0; thread < LITMUS_THREADS; thread++)
        litmus->job.model[thread] = model >= 0                           ? (enum memmodel)model
                                    : thread == LITMUS_ONE_SIDED - model ? MEMMODEL_TSO
                                                                         : MEMMODEL_WEAK;
    if (model < 0) {
        litmus->model = alone[LITMUS_ONE_SIDED - model];
        return;
    }
    litmus->model = memmodel_name((enum memmodel)model);
    /* Native code promises TSO without data races, and here all is a race: litmus.h. */
    litmus->promised =
        model != MEMMODEL_WEAK || (lowering->coverage == COVERAGE_ALL &&
                                   registry_breaks(lowering, litmus->view->uses, 0) == NULL);
}

uint64_t litmus_impossible(const struct litmus_view *view, const struct litmus_counts *counts) {
    uint64_t seen = 0;
    if (view->test->rule == ALL_FORBID)
        return litmus_forbidden(view, counts);
    for (unsigned outcome = 0; outcome < LITMUS_OUTCOMES; outcome++)
        if (outcome & outcome >> 1 & 0x55) /* a cell is 3 */
            seen += counts->outcomes[outcome];
    return seen;
}

/* "12,345,678" */
static const char *grouped(uint64_t number, char out[32]) {
    char digits[32];
    int length = snprintf(digits, sizeof digits, "%llu", (unsigned long long)number);
    char *to = out;
    for (int i = 0; i < length; i++) {
        *to++ = digits[i];
        if ((length - i) % 3 == 1 && i + 1 < length)
            *to++ = ',';
    }
    *to = 0;
    return out;
}

bool litmus_unproven(const struct litmus_case *litmus) {
    return litmus->counts.runs == 0 && litmus->counts.moved;
}

bool litmus_verdict(const struct litmus_case *litmus, char *out, size_t size) {
    const struct litmus_view *view = litmus->view;
    const struct lowering *lowering = litmus->job.lowering;
    uint64_t forbidden = litmus_forbidden(view, &litmus->counts);
    uint64_t impossible = litmus_impossible(view, &litmus->counts);
    uint64_t relaxed = litmus_relaxed(view, &litmus->counts);
    char runs[32], seen[32];
    grouped(litmus->counts.runs, runs);
    if (litmus_unproven(litmus)) {
        snprintf(out, size, "unproven: in each of %s runs a thread was not on its CPU",
                 grouped(litmus->counts.moved, runs));
        return true;
    }
    if (litmus->counts.runs == 0) {
        snprintf(out, size, "not run");
        return true;
    }
    if (impossible) {
        snprintf(out, size,
                 "outcome that every memory model forbids seen %s times in %s runs: "
                 "machine or program is broken",
                 grouped(impossible, seen), runs);
        return false;
    }
    if (forbidden) {
        const char *excuse = litmus->promised ? ""
                             : strncmp(litmus->model, "tso:", 4) == 0
                                 ? "; nothing is promised of such a pair"
                             : lowering->coverage == COVERAGE_SYNC
                                 ? "; a data race, of which native code promises nothing"
                                 : "; the lowering is unsound in weak mode";
        snprintf(out, size, "TSO-forbidden outcome seen %s times in %s runs: this is not TSO%s",
                 grouped(forbidden, seen), runs, excuse);
        return !litmus->promised;
    }
    if (view->test->rule != TSO_ALLOWS)
        snprintf(out, size, "TSO-forbidden outcome never seen in %s runs", runs);
    else if (relaxed)
        snprintf(out, size, "relaxed outcome, which TSO allows, seen %s times in %s runs (%.3g %%)",
                 grouped(relaxed, seen), runs, 100 * (double)relaxed / (double)litmus->counts.runs);
    else
        snprintf(out, size, "relaxed outcome, which TSO allows, never seen in %s runs", runs);
    return true;
}

static const char *mark(const struct litmus_view *view, unsigned outcome) {
    return view->sc[outcome] ? "" : view->tso[outcome] ? "  relaxed" : "  TSO forbids this";
}

void litmus_case_print(const struct litmus_case *litmus) {
    char text[256], number[32];
    bool kept = litmus_verdict(litmus, text, sizeof text);
    printf("%s%s, %s, %s: %s\n", kept ? "" : "FAILED ", litmus->view->test->name,
           litmus->job.lowering->name, litmus->model, text);
    if (litmus->counts.moved && litmus->counts.runs)
        printf("%16s  runs not counted: a thread was not on its CPU\n",
               grouped(litmus->counts.moved, number));
    for (unsigned outcome = 0; outcome < LITMUS_OUTCOMES; outcome++) {
        if (litmus->counts.outcomes[outcome] == 0)
            continue;
        litmus_outcome_text(litmus->view, outcome, text, sizeof text);
        printf("%16s  %s%s\n", grouped(litmus->counts.outcomes[outcome], number), text,
               mark(litmus->view, outcome));
    }
}

json_t *litmus_case_json(const struct litmus_case *litmus) {
    static const char *const rules[] = {"allows", "forbids", "forbids, as every model does"};
    const struct litmus_view *view = litmus->view;
    char text[256];
    json_t *outcomes = json_array();
    for (unsigned outcome = 0; outcome < LITMUS_OUTCOMES; outcome++) {
        if (litmus->counts.outcomes[outcome] == 0)
            continue;
        litmus_outcome_text(view, outcome, text, sizeof text);
        json_array_append_new(outcomes,
                              json_pack("{s:s, s:I, s:b, s:b}", "outcome", text, "seen",
                                        (json_int_t)litmus->counts.outcomes[outcome], "tso",
                                        view->tso[outcome], "sc", view->sc[outcome]));
    }
    bool kept = litmus_verdict(litmus, text, sizeof text);
    return json_pack("{s:s, s:s, s:s, s:s, s:b, s:I, s:I, s:I, s:I, s:o, s:s, s:b}", "test",
                     view->test->name, "lowering", litmus->job.lowering->name, "model",
                     litmus->model, "tso", rules[view->test->rule], "promised", litmus->promised,
                     "runs", (json_int_t)litmus->counts.runs, "moved",
                     (json_int_t)litmus->counts.moved, "relaxed",
                     (json_int_t)litmus_relaxed(view, &litmus->counts), "forbidden",
                     (json_int_t)litmus_forbidden(view, &litmus->counts), "outcomes", outcomes,
                     "verdict", text, "failed", !kept);
}
