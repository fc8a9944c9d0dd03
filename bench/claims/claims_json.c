/* SPDX-License-Identifier: MIT
 *
 * claims_json.c: claims and judgements for other programs.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "claims/claims.h"

static json_t *number(double value) {
    return isfinite(value) ? json_real(value) : json_null();
}

static void set_text(json_t *object, const char *key, const char *text) {
    if (text && *text)
        json_object_set_new(object, key, json_string(text));
}

json_t *claims_json(const struct claim *claim) {
    json_t *published = json_array();
    for (size_t i = 0; i < figure_count; i++)
        if (strcmp(figures[i].claim, claim->id) == 0)
            json_array_append_new(
                published, json_pack("{s:f, s:s, s:s, s:s, s:s, s:s#}", "value", figures[i].value,
                                     "of", figures[i].what, "cores", figures[i].cores, "source",
                                     figures[i].source->who, "date", figures[i].source->date,
                                     "grade", &figures[i].source->grade, 1));
    return json_pack("{s:s, s:s, s:s, s:s, s:s#, s:s, s:s, s:s, s:o}", "id", claim->id, "claim",
                     claim->text, "source", claim->source->who, "date", claim->source->date,
                     "grade", &claim->source->grade, 1, "cores", claim->cores, "test", claim->test,
                     "refuted_by", claim->refuted, "published", published);
}

static json_t *finding_json(const struct finding *finding) {
    const struct measure *measure = finding->deciding;
    json_t *json = json_pack("{s:s, s:s}", "condition", finding->condition->text, "verdict",
                             claims_verdict_name(finding->verdict));
    set_text(json, "why", finding->why);
    set_text(json, "run", finding->top);
    set_text(json, "over_run", finding->bottom);
    if (finding->runs)
        json_object_update_new(json, json_pack("{s:I, s:I}", "seen", (json_int_t)finding->seen,
                                               "runs", (json_int_t)finding->runs));
    if (measure && *measure->dead == 0)
        json_object_update_new(
            json, json_pack("{s:s?, s:I, s:o, s:o, s:o, s:o, s:b}", "set",
                            measure->set ? measure->set->name : NULL, "compared",
                            (json_int_t)finding->comparisons, "value", number(measure->value.value),
                            "low", number(measure->value.low), "high", number(measure->value.high),
                            "floor", number(measure->floor), "unsound", measure->unsound));
    if (measure && measure->over)
        set_text(json, "over_set", measure->over->name);
    return json;
}

json_t *claims_run_json(const struct tested_run *run) {
    json_t *array = json_array();
    for (size_t i = 0; i < claim_count; i++) {
        const struct judgement *judgement = &run->judgements[i];
        if (judgement->claim == NULL)
            continue;
        json_t *json = claims_json(judgement->claim), *findings = json_array();
        for (size_t k = 0; k < judgement->expression.count; k++)
            json_array_append_new(findings, finding_json(&judgement->findings[k]));
        json_object_update_new(json, json_pack("{s:s, s:s, s:o}", "verdict",
                                               claims_verdict_name(judgement->verdict), "why",
                                               judgement->why, "conditions", findings));
        if (judgement->verdict == NOT_TESTABLE) {
            char *wanted = claims_wanted(judgement->claim);
            set_text(json, "wanted", wanted);
            free(wanted);
        }
        json_array_append_new(array, json);
    }
    return json_pack(
        "{s:s, s:s, s:s?, s:s?, s:I, s:o}", "directory", run->side.directory, "machine", run->name,
        "source", run->side.run->source ? source_name(run->side.run->source) : NULL, "time",
        run->side.run->time, "comparisons", (json_int_t)run->comparisons, "claims", array);
}
