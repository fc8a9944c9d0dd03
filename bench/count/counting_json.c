/* SPDX-License-Identifier: MIT
 *
 * counting_json.c: what is counted, as blocks and `probe --pmu` say it.
 */
#include "count/counting.h"
#include "count/sets.h"

json_t *counting_missing(const struct events *events) {
    json_t *array = json_array();
    for (unsigned i = 0; i < events->missing_count; i++)
        json_array_append_new(array, json_pack("{s:s, s:s}", "event", events->missing[i].event,
                                               "reason", events->missing[i].reason));
    return array;
}

json_t *counting_sets(const struct count_sets *sets) {
    json_t *array = json_array();
    for (unsigned i = 0; i < sets->count; i++) {
        json_t *names = json_array();
        for (unsigned k = 0; k < sets->sets[i].count; k++)
            json_array_append_new(names,
                                  json_string(sets->events.found[sets->sets[i].event[k]].name));
        json_array_append_new(array,
                              json_pack("{s:s, s:o}", "name", sets->sets[i].name, "events", names));
    }
    return array;
}
