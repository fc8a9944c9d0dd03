/* SPDX-License-Identifier: MIT */
#include "core/core.h"

#include <math.h>
#include <stdio.h>
#include <time.h>

#include "base/text.h"
#include "config.h"
#include "core/answers.h"

static const char *const readings[READINGS] = {
    [READ_KNEE] = "knee",    [READ_RATE] = "rate",       [READ_CYCLES] = "cycles",
    [READ_MERGE] = "merge",  [READ_OVERLAP] = "overlap", [READ_WAIT] = "wait",
    [READ_UNDONE] = "undone"};

static void add_curve(json_t *json, const struct answer *answer) {
    json_t *counts = json_array(), *ns = json_array();
    for (size_t i = 0; i < answer->code->count; i++) {
        json_array_append_new(counts,
                              json_integer(answer->code->points[i].count + answer->probe->extra));
        json_array_append_new(ns, json_real(answer->ns[i]));
    }
    json_object_set_new(json, "counts", counts);
    json_object_set_new(json, "ns", ns);
}

static json_t *answer_json(const struct answer *answer) {
    const struct probe *probe = answer->probe;
    json_t *json =
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "id", probe->id, "question", probe->question,
                  "words", probe->words, "model", memmodel_name(answer->model), "reading",
                  readings[probe->reading], "unit", probe_unit(probe));
    if (answer->skipped)
        json_object_set_new(json, "skipped", json_string(answer->skipped));
    else if (answer->undecided[0])
        json_object_set_new(json, "undecided", json_string(answer->undecided));
    else
        json_object_set_new(
            json, "value",
            json_pack("[f, f, f]", answer->value.value, answer->value.low, answer->value.high));
    if (answer->word && !answer->undecided[0])
        json_object_set_new(json, "word", json_string(answer->word));
    if (answer->how[0])
        json_object_set_new(json, "how", json_string(answer->how));
    if (answer->ns)
        add_curve(json, answer);
    return json;
}

json_t *core_measure(const struct survey_request *request, const char *machine) {
    struct survey *survey = survey_make(request);
    char seed[32], when[32];
    time_t now = time(NULL);
    size_t count;
    snprintf(seed, sizeof seed, "0x%016llx", (unsigned long long)survey->seed);
    strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", gmtime(&now));
    struct answer *answers = answers_of(survey, &count);
    json_t *list = json_array(), *models = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, answer_json(&answers[i]));
    for (unsigned i = 0; i < survey->model_count; i++)
        json_array_append_new(models, json_string(memmodel_name(survey->models[i])));
    json_t *core = json_pack(
        "{s:i, s:s, s:s, s:s, s:s, s:s, s:s, s:i, s:i, s:I, s:i, s:i, s:i, s:o, s:s, s:o}",
        "format", 1, "source", source_name(survey->source), "machine", machine, "version",
        TSOBENCH_VERSION, "git", TSOBENCH_GIT, "time", when, "seed", seed, "cpu", (int)survey->cpu,
        "page_kib", (int)survey->shared->page_kib, "lines", (json_int_t)survey->shared->lines,
        "blocks", (int)survey->blocks, "rounds", (int)survey->rounds, "turns", (int)survey->turns,
        "models", models, "model_reason", survey->model_reason, "answers", list);
    json_object_set_new(core, "meaning", core_meaning(core));
    answers_free(answers, count);
    survey_free(survey);
    return core;
}

static const char *text(const json_t *object, const char *key) {
    const char *value = json_string_value(json_object_get(object, key));
    return value ? value : "";
}

const json_t *core_answer(const json_t *core, const char *id, const char *model) {
    size_t i;
    const json_t *answer;
    json_array_foreach(json_object_get(core, "answers"), i, answer) {
        if (text_same(text(answer, "id"), id) && text_same(text(answer, "model"), model))
            return answer;
    }
    return NULL;
}

bool core_value(const json_t *answer, double out[3]) {
    const json_t *value = json_object_get(answer, "value");
    for (size_t i = 0; i < 3; i++)
        out[i] = value ? json_number_value(json_array_get(value, i)) : NAN;
    return value != NULL;
}

const char *core_reason(const json_t *answer) {
    const char *skipped = text(answer, "skipped");
    return *skipped ? skipped : text(answer, "undecided");
}

size_t core_answered(const json_t *core, size_t *all, char *why, size_t size) {
    size_t i, answered = 0;
    const json_t *answer;
    const json_t *answers = json_object_get(core, "answers");
    *all = json_array_size(answers);
    snprintf(why, size, "no questions");
    json_array_foreach((json_t *)answers, i, answer) {
        if (json_object_get(answer, "value"))
            answered++;
        else
            snprintf(why, size, "%s", core_reason(answer));
    }
    return answered;
}
