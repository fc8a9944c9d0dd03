/* SPDX-License-Identifier: MIT
 *
 * advise_json.c: advice for programs; `tsobench recommend --help' describes it.
 */
#include <math.h>

#include "advise/advise.h"

static json_t *real(double value) {
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *three(double value, double low, double high) {
    return isnan(value) ? json_null() : json_pack("[o, o, o]", real(value), real(low), real(high));
}

static json_t *interval_json(struct interval x) {
    return three(x.value, x.low, x.high);
}

json_t *advice_difference_json(const struct difference *x) {
    return three(x->value, x->low, x->high);
}

static json_t *option_json(const struct advice *advice, const struct candidate *option) {
    json_t *allowed = json_array();
    for (size_t c = 0; c < advice->combination_count; c++)
        if (option->allowed >> c & 1)
            json_array_append_new(allowed, json_string(advice->combinations[c].combination->id));
    return json_pack("{s:s, s:s, s:b, s:o, s:s?, s:s?, s:b, s:f, s:o, s:o, s:o}", "sequence",
                     option->fact->name, "model", memmodel_name(option->model), "sound",
                     option->allowed != 0, "sound_in", allowed, "breaks", option->breaks,
                     "torn_without", option->torn ? option->fact->atomic_with : NULL, "sum",
                     option->sum, "ns_per_op", option->plain_ns * option->ratio.value, "over_plain",
                     interval_json(option->ratio), "floor", real(option->floor),
                     "latency_over_plain", interval_json(option->latency));
}

static json_t *operation_json(const struct advice *advice, size_t i) {
    const struct advice_operation *it = &advice->operations[i];
    json_t *json = json_pack("{s:s, s:s, s:s?, s:f}", "operation", operations[i].id, "text",
                             operations[i].text, "set", it->set ? it->set->name : NULL, "weight",
                             advice->weights[i]);
    json_t *options = json_array(), *skipped = json_array();
    for (size_t k = 0; k < it->count; k++)
        json_array_append_new(options, option_json(advice, &it->options[k]));
    for (size_t k = 0; it->set && k < it->set->skip_count; k++)
        json_array_append_new(skipped,
                              json_pack("{s:s, s:s, s:s}", "sequence", it->set->skips[k].lowering,
                                        "model", memmodel_name(it->set->skips[k].model), "reason",
                                        it->set->skips[k].reason));
    json_object_set_new(json, "options", options);
    json_object_set_new(json, "skipped", skipped);
    int place = advice->best ? (int)(advice->best - advice->combinations) : -1;
    const struct candidate *best = advice_cheapest(advice, i, place);
    const struct candidate *next = best ? advice_runner_up(advice, i, best, place) : NULL;
    json_object_set_new(json, "emit", best ? option_json(advice, best) : json_null());
    json_object_set_new(json, "next", next ? option_json(advice, next) : json_null());
    struct difference more =
        next ? option_difference(advice, next, best) : (struct difference){NAN, NAN, NAN, NAN};
    json_object_set_new(json, "next_costs_ns", advice_difference_json(&more));
    json_object_set_new(json, "tie", json_boolean(next && difference_tie(&more)));
    return json;
}

static json_t *combination_json(const struct advice *advice, const struct advice_combination *it) {
    json_t *uses = json_object(), *missing = json_array();
    for (size_t o = 0; o < OPERATIONS; o++) {
        if (it->uses[o])
            json_object_set_new(uses, operations[o].id, json_string(it->uses[o]->fact->name));
        if (it->missing[o])
            json_array_append_new(missing, json_string(operations[o].id));
    }
    return json_pack(
        "{s:s, s:s, s:s, s:b, s:s?, s:o, s:o, s:o, s:o, s:b}", "combination", it->combination->id,
        "text", it->combination->text, "evidence", it->evidence, "complete", it->complete,
        "refused", it->refused, "missing", missing, "uses", uses, "ns_over_plain",
        it->complete ? advice_difference_json(&it->over_plain) : json_null(), "ns_over_cheapest",
        it->complete ? advice_difference_json(&it->over_best) : json_null(), "tie",
        it->complete && it != advice->best && difference_tie(&it->over_best));
}

json_t *advice_json(const struct advice *advice) {
    json_t *list = json_array(), *together = json_array();
    for (size_t i = 0; i < OPERATIONS; i++)
        json_array_append_new(list, operation_json(advice, i));
    for (size_t c = 0; c < advice->combination_count; c++)
        json_array_append_new(together, combination_json(advice, &advice->combinations[c]));
    return json_pack("{s:s, s:s, s:s?, s:s, s:s, s:s, s:s?, s:o, s:o, s:O?}", "run",
                     advice->report->run->directory, "machine", advice->report->machine, "source",
                     source_name(advice->report->run->source), "goal", advice->goal, "plain_model",
                     memmodel_name(advice->reference), "weights_from", advice->weights_from,
                     "cheapest", advice->best ? advice->best->combination->id : NULL,
                     "combinations", together, "operations", list, "core",
                     json_object_get(advice->report->core, "meaning"));
}
