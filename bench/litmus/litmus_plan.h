/* SPDX-License-Identifier: MIT
 *
 * litmus_plan.h: which litmus cases are run on this machine, and why the others are not.
 */
#ifndef LITMUS_PLAN_H
#define LITMUS_PLAN_H

#include <regex.h>

#include "litmus/litmus_case.h"
#include "plan/plan.h"

/* What was asked for. */
struct litmus_choice {
    const struct lowering *lowering; /* NULL: all */
    bool by_name;                    /* only tests whose name matches expression */
    regex_t expression;
    bool one_sided; /* also with one thread alone in TSO */
};

/* Whether a test, by its number, is asked for under a lowering. */
bool litmus_chosen(const struct litmus_choice *choice, size_t test,
                   const struct lowering *lowering);

struct litmus_cases {
    struct litmus_case *list;
    size_t count, room;
    json_t *skipped; /* objects of what and reason */
};

/* Every case that was chosen and can run here; free with litmus_cases_free. */
struct litmus_cases litmus_cases_make(const struct litmus_choice *choice,
                                      const struct plan_request *request);
void litmus_cases_free(struct litmus_cases *cases);

/* Writes folder/TEST.LOWERING.litmus for herd7, of the oracle's tests (bench/oracle/tests.def)
 * whose name fits, and warns of lowerings that herd7 has no words for; how many files. Dies when
 * there are none, or they cannot be written. */
size_t litmus_export_all(const struct litmus_choice *choice, const char *folder);

#endif
