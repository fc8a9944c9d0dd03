/* SPDX-License-Identifier: MIT
 *
 * expression_event.c: what single events cost (switch.json, backpatch.json), as a condition has it;
 * and the places in machine.json by which it chooses a run.
 */
#include <fnmatch.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/die.h"
#include "base/text.h"
#include "claims/expression.h"
#include "samples/document.h"

const char *const expression_event_files[] = {"switch.json", "backpatch.json", NULL};

/* The event of that name, in whichever file it is; NULL: in none. */
static const json_t *find_event(json_t *const *files, const char *name, enum source source) {
    for (size_t i = 0; expression_event_files[i]; i++) {
        size_t k;
        json_t *event;
        const char *of = json_string_value(json_object_get(files[i], "source"));
        if (of == NULL || !text_same(of, source_name(source)))
            continue;
        json_array_foreach(json_object_get(files[i], "events"), k, event) {
            const char *its = json_string_value(json_object_get(event, "event"));
            if (its && text_same(its, name))
                return event;
        }
    }
    return NULL;
}

/* Its interval in nanoseconds; false, and why: it was not measured. */
static bool measure_event(json_t *const *files, const char *name, enum source source,
                          struct interval *out, char *why, size_t size) {
    const json_t *event = find_event(files, name, source), *ns = json_object_get(event, "ns");
    const char *skipped = json_string_value(json_object_get(event, "skipped"));
    if (event == NULL)
        snprintf(why, size, "no `%s' beside this run", name);
    else if (ns == NULL)
        snprintf(why, size, "`%s' skipped: %s", name, skipped ? skipped : "not said why");
    *out = (struct interval){json_number_value(json_array_get(ns, 0)),
                             json_number_value(json_array_get(ns, 1)),
                             json_number_value(json_array_get(ns, 2)),
                             (size_t)json_integer_value(json_object_get(event, "blocks"))};
    if (ns && !(0 < out->low && out->low <= out->value && out->value <= out->high))
        snprintf(why, size, "`%s' has no interval", name);
    return ns && *why == 0;
}

struct finding expression_event(const struct condition *condition, json_t *const *files,
                                enum source source) {
    struct finding finding = {.condition = condition,
                              .measures = allocate(1, sizeof(struct measure))};
    struct interval over;
    struct measure *measure = finding.measures;
    finding.count = 1;
    if (!measure_event(files, condition->event[0], source, &measure->value, finding.why,
                       sizeof finding.why))
        return finding;
    if (*condition->event[1] &&
        !measure_event(files, condition->event[1], source, &over, finding.why, sizeof finding.why))
        return finding;
    if (*condition->event[1])
        measure->value = stats_quotient(measure->value, over);
    finding.comparisons = 1;
    return finding;
}

/* ---- which run ---- */

bool expression_field_fits(const struct run_field *field, const json_t *machine) {
    const json_t *at = document_at(machine, field->path);
    char text[128];
    if (json_is_string(at))
        snprintf(text, sizeof text, "%s", json_string_value(at));
    else if (json_is_number(at))
        snprintf(text, sizeof text, "%.15g", json_number_value(at));
    else
        return false;
    return (fnmatch(field->value, text, 0) == 0) != field->other;
}
