/* SPDX-License-Identifier: MIT */
#include "oracle/judge_given.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/die.h"
#include "mapping/given.h"
#include "oracle/oracle.h"

static const char *what_breaks(const struct mapping *mapping) {
    const struct verdict *verdict = oracle_judge(mapping, REFERENCE_TSO);
    size_t count;
    char name[128], *text;
    if (verdict->hole_count == 0 && !verdict->unknown)
        return NULL;
    if (verdict->hole_count)
        oracle_hole_name(&verdict->holes[0], name, sizeof name);
    if ((verdict->hole_count
             ? asprintf(&text, "%s: %s", name, tests_all(&count)[verdict->holes[0].test].name)
             : asprintf(&text, "not judged: %s", verdict->why)) < 0)
        die(EXIT_FAILED, "out of memory");
    return text;
}

void judge_given(void) {
    for (size_t i = 0; i < given_count(); i++)
        given_judge(i, what_breaks(given_at(i)));
}
