/* SPDX-License-Identifier: MIT
 *
 * check_lines.c: the lines of samples.jsonl, key by key. Whoever adds a key to a line adds it here.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "lines.h"

static const char line_begin[] = "format=i type=s suite=s seed=s version=s time=s only=S cpus=S "
                                 "models=S count=S? command=s? rounds=i blocks=i "
                                 "targets=o";
static const char line_end[] = "format=i type=s complete=b seconds=n sets=i? suite=s? seed=s?";
static const char line_skipped[] = "format=i type=s set=s kernel=s params=s threads=i reason=s";
static const char line_failed[] =
    "format=i type=s set=s kernel=s params=s threads=i block=i reason=s";
static const char line_block[] =
    "format=i type=s set=s kernel=s family=s? params=s op=s metric=s? weight=i? threads=i "
    "op_threads=i? "
    "placement=s layout=s? footprint=i block=i seed=s source=s time=s ticks_per_ns=n chain_adds=n "
    "bytes_per_op=i issue_width=a? page_kib=i rounds=i order=a cells=a battery=o "
    "battery_skipped=s? throttled=i? "
    "pmu_skipped=s? events=*? skipped=a";
static const char cell_keys[] =
    "lowering=s role=s coverage=s model=s sound=B witness=S erratum=*? symbol=S ops=i ticks=a "
    "ticks_twice=a? instructions_twice=a? "
    "chain_before=a chain_after=a cycles=a? instructions=a? event_set=a? counts=a? metric=a? "
    "migrated=i "
    "preempted=i check_failed=i check_message=S";
static const char litmus_keys[] = "model=s test=s runs=i moved=i? relaxed=i forbidden=b";
static const char skip_keys[] = "lowering=s model=s reason=s";
static const char events_keys[] = "pmu=s read=s sets=a missing=a";
static const char event_set_keys[] = "name=s events=a";
static const char missing_keys[] = "event=s reason=s";

/* A number above 0, or null, for each round; a metric may be 0. */
static bool check_samples(struct check *check, const char *where, json_t *cell, const char *key,
                          size_t rounds) {
    json_t *array = json_object_get(cell, key), *value;
    size_t i;
    if (array == NULL)
        return true;
    if (json_array_size(array) != rounds) {
        check_problem(check, "%s: `%s' has %zu elements for %zu rounds", where, key,
                      json_array_size(array), rounds);
        return false;
    }
    json_array_foreach(array, i, value) {
        double number = json_number_value(value);
        bool is_metric = strcmp(key, "metric") == 0;
        if (!json_is_null(value) &&
            !(number > 0 || (is_metric && number == 0 && json_is_number(value)))) {
            check_problem(check, "%s: `%s' holds what is no %s", where, key,
                          is_metric ? "metric" : "time");
            return false;
        }
    }
    return true;
}

static bool is_one_of(const char *word, const char *words) {
    char wrapped[64];
    snprintf(wrapped, sizeof wrapped, " %s ", word);
    return strstr(words, wrapped) != NULL;
}

/* What was counted, or null. */
static bool check_events(struct check *check, const char *where, json_t *events) {
    size_t i, k;
    json_t *set, *name, *sets = json_object_get(events, "sets");
    if (events == NULL || json_is_null(events))
        return true;
    if (!check_object(check, where, events, events_keys) ||
        !check_each(check, where, sets, event_set_keys) ||
        !check_each(check, where, json_object_get(events, "missing"), missing_keys))
        return false;
    if (!is_one_of(json_string_value(json_object_get(events, "read")),
                   " user syscall simulator ")) {
        check_problem(check, "%s: events are read in no known way", where);
        return false;
    }
    json_array_foreach(sets, i, set) json_array_foreach(json_object_get(set, "events"), k, name) {
        if (json_is_string(name))
            continue;
        check_problem(check, "%s: an event without a name", where);
        return false;
    }
    return true;
}

/* In each round one of the sets, and a count or null of each of its events, or null. */
static bool check_counts(struct check *check, const char *where, json_t *cell, json_t *events,
                         size_t rounds) {
    json_t *chosen = json_object_get(cell, "event_set"), *counts = json_object_get(cell, "counts");
    json_t *sets = json_object_get(events, "sets"), *values, *value;
    size_t i, k;
    const char *wrong = NULL;
    if (json_array_size(sets) == 0 && !chosen && !counts)
        return true;
    if (json_array_size(chosen) != rounds || json_array_size(counts) != rounds) {
        check_problem(check, "%s: `event_set' or `counts' is not of %zu rounds", where, rounds);
        return false;
    }
    json_array_foreach(counts, i, values) {
        const json_t *index = json_array_get(chosen, i);
        json_t *set = json_is_integer(index) && json_integer_value(index) >= 0
                          ? json_array_get(sets, (size_t)json_integer_value(index))
                          : NULL;
        if (set == NULL)
            wrong = "a round counted no set that is known";
        else if (!json_is_null(values) &&
                 json_array_size(values) != json_array_size(json_object_get(set, "events")))
            wrong = "`counts' has another number of events than the round's set";
        json_array_foreach(values, k, value) {
            if (!json_is_null(value) && !(json_is_integer(value) && json_integer_value(value) >= 0))
                wrong = "`counts' holds what is no count";
        }
    }
    if (wrong)
        check_problem(check, "%s: %s", where, wrong);
    return wrong == NULL;
}

static bool check_block(struct check *check, const char *where, json_t *line) {
    size_t rounds = (size_t)json_integer_value(json_object_get(line, "rounds")), i;
    json_t *cells = json_object_get(line, "cells"), *cell;
    json_t *battery = json_object_get(line, "battery"), *events = json_object_get(line, "events");
    static const char *const arrays[] = {"ticks",       "chain_before",      "chain_after",
                                         "cycles",      "instructions",      "metric",
                                         "ticks_twice", "instructions_twice"};
    if (!check_each(check, where, cells, cell_keys) ||
        !check_each(check, where, json_object_get(line, "skipped"), skip_keys) ||
        !check_events(check, where, events) ||
        !check_each(check, where, json_object_get(battery, "before"), litmus_keys) ||
        !check_each(check, where, json_object_get(battery, "after"), litmus_keys))
        return false;
    size_t order = json_array_size(json_object_get(line, "order"));
    if (rounds == 0 || (order && order != rounds * json_array_size(cells))) {
        check_problem(check, "%s: no rounds, or another number of them in `order'", where);
        return false;
    }
    if (!is_one_of(json_string_value(json_object_get(line, "source")),
                   " measured emulated simulated ")) {
        check_problem(check, "%s: unknown source", where);
        return false;
    }
    json_array_foreach(cells, i, cell) {
        const char *role = json_string_value(json_object_get(cell, "role"));
        const char *model = json_string_value(json_object_get(cell, "model"));
        if (!is_one_of(role, " baseline aa twin lowering reference form ") ||
            !is_one_of(model, " weak tso fixed-tso ")) {
            check_problem(check, "%s: unknown role `%s' or model `%s'", where, role, model);
            return false;
        }
        if (!json_object_get(line, "metric") != !json_object_get(cell, "metric")) {
            check_problem(check, "%s: a metric without its name, or a name without it", where);
            return false;
        }
        for (size_t k = 0; k < sizeof arrays / sizeof arrays[0]; k++)
            if (!check_samples(check, where, cell, arrays[k], rounds))
                return false;
        if (!check_counts(check, where, cell, events, rounds))
            return false;
    }
    return true;
}

static const char *keys_of(const char *type) {
    static const struct {
        const char *type, *keys;
    } lines[] = {{"begin", line_begin},
                 {"block", line_block},
                 {"skipped", line_skipped},
                 {"failed", line_failed},
                 {"end", line_end}};
    for (size_t i = 0; type && i < sizeof lines / sizeof lines[0]; i++)
        if (strcmp(type, lines[i].type) == 0)
            return lines[i].keys;
    return NULL;
}

/* One line; false where the samples can hardly be read. */
static bool check_line(struct check *check, size_t number, json_t *line, bool *ended) {
    char where[48];
    const char *type = json_string_value(json_object_get(line, "type")), *keys = keys_of(type);
    snprintf(where, sizeof where, "samples.jsonl:%zu", number);
    if (keys == NULL) {
        check_problem(check, "%s: a line of no known type", where);
        return false;
    }
    if ((number == 1) != (strcmp(type, "begin") == 0) || *ended) {
        check_problem(check, "%s: `%s' does not stand there", where, type);
        return false;
    }
    if (!check_object(check, where, line, keys))
        return false;
    if (strcmp(type, "end") == 0) {
        json_t *sets = json_object_get(line, "sets");
        *ended = true;
        check->planned_sets = sets ? (long)json_integer_value(sets) : -1;
    }
    return strcmp(type, "block") != 0 || check_block(check, where, line);
}

void check_lines(struct check *check) {
    char path[PATH_MAX], *text = NULL;
    size_t capacity = 0, number = 0;
    bool ended = false;
    snprintf(path, sizeof path, "%s/samples.jsonl.zst", check->directory);
    FILE *file = lines_open(path);
    check->readable = file != NULL;
    for (ssize_t length; check->readable && (length = getline(&text, &capacity, file)) > 0;) {
        json_error_t error;
        json_t *line = json_loadb(text, (size_t)length, 0, &error);
        if (line == NULL && ferror(file))
            break;
        if (line == NULL)
            check_problem(check, "samples.jsonl:%zu: %s", ++number, error.text);
        check->readable = line && check_line(check, ++number, line, &ended);
        json_decref(line);
    }
    if (file && ferror(file)) {
        check_problem(
            check, "samples.jsonl.zst is damaged after line %zu: its checksum or its end is wrong",
            number);
        check->readable = false;
    } else if (check->readable && !ended) {
        check_problem(check, "no end line: the run is not complete");
    }
    if (file)
        fclose(file);
    free(text);
}
