/* SPDX-License-Identifier: MIT */
#include "claims/cores.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

bool cores_match(const char *cores, const char *name) {
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

static const char *core_of(const json_t *machine, unsigned long cpu) {
    size_t i;
    json_t *kind;
    json_array_foreach(json_object_get(machine, "cpus"), i, kind) {
        const char *list = json_string_value(json_object_get(kind, "cpus"));
        if (list && list_has(list, cpu))
            return json_string_value(json_object_get(kind, "name"));
    }
    return NULL;
}

/* Takes the first CPU off what a set says of its threads' places, "0+2", and returns its kind, NULL
 * where it is not known. *place is NULL behind the last. */
static const char *next_core(const char **place, const json_t *machine) {
    char *end;
    unsigned long cpu = strtoul(*place, &end, 10);
    const char *name = end == *place ? NULL : core_of(machine, cpu);
    *place = name && *end == '+' ? end + 1 : NULL;
    return name;
}

static const char *place_of(const struct sample_set *set) {
    return set->block_count ? set->blocks[0].placement : NULL;
}

bool cores_of_set(const struct sample_set *set, const json_t *machine, const char *cores) {
    const char *place = place_of(set);
    if (*cores == 0)
        return true;
    if (place == NULL)
        return false;
    while (place) {
        const char *name = next_core(&place, machine);
        if (name == NULL || !cores_match(cores, name))
            return false;
    }
    return true;
}

bool cores_same(const struct sample_set *left, const json_t *left_machine,
                const struct sample_set *right, const json_t *right_machine) {
    const char *here = place_of(left), *there = place_of(right);
    while (here && there) {
        const char *name = next_core(&here, left_machine),
                   *other = next_core(&there, right_machine);
        if (name && other && !text_same(name, other))
            return false;
    }
    return true;
}

bool cores_on(const json_t *machine, const char *cores) {
    size_t i;
    json_t *kind;
    json_array_foreach(json_object_get(machine, "cpus"), i, kind) {
        const char *name = json_string_value(json_object_get(kind, "name"));
        if (name && cores_match(cores, name))
            return true;
    }
    return false;
}
