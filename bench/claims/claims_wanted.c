/* SPDX-License-Identifier: MIT
 *
 * claims_wanted.c: which run would test a claim, from what its test speaks of.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/text.h"
#include "claims/claims.h"

/* "Apple M1*|*Cortex-X4" as a list. */
static void print_cores(FILE *out, const char *cores) {
    bool others = *cores == '!';
    fputs(others ? " on a core other than " : " on ", out);
    for (const char *c = cores + others; *c; c++)
        if (*c == '|')
            fputs(" or ", out);
        else
            putc(*c, out);
}

static bool speaks_of(const struct condition *condition, enum memmodel model) {
    return condition->kind != EVENT &&
           (condition->top.model == model ||
            (*condition->bottom.lowering && condition->bottom.model == model));
}

/* On which machine: by its cores, or by the memory models of the test. */
static void print_machine(FILE *out, const struct claim *claim, const struct expression *test) {
    bool tso = false, fixed = false, events = false;
    for (size_t i = 0; i < test->count; i++) {
        tso |= speaks_of(&test->conditions[i], MEMMODEL_TSO);
        fixed |= speaks_of(&test->conditions[i], MEMMODEL_FIXED_TSO);
        events |= test->conditions[i].kind == EVENT;
    }
    if (*claim->cores)
        print_cores(out, claim->cores);
    else if (tso || events)
        fputs(" on Apple silicon", out);
    else
        fputs(fixed ? " on x86-64, or on arm64 that is TSO always" : " on arm64", out);
    if (tso)
        fputs(" with a kernel that can switch its TSO mode (PR_SET_MEM_MODEL)", out);
}

static void print_field(FILE *out, const struct run_field *field) {
    fprintf(out, "%s%s%s", field->path, field->other ? "!=" : "=", field->value);
}

/* What it has to hold: a word for each kernel, once. */
static void print_contents(FILE *out, const struct expression *test) {
    const char *before = ", with ";
    char seen[MAX_CONDITIONS][96];
    for (size_t i = 0; i < test->count; i++) {
        const struct condition *condition = &test->conditions[i];
        size_t k = 0;
        if (condition->kind == EVENT)
            snprintf(seen[i], sizeof seen[i], "`%s' (switch.json, backpatch.json)",
                     condition->event[0]);
        else if (condition->kind == CORE)
            snprintf(seen[i], sizeof seen[i], "core.json");
        else if (condition->kind == UNSEEN)
            snprintf(seen[i], sizeof seen[i], "%g litmus runs", condition->runs);
        else if (condition->kind == SEEN)
            snprintf(seen[i], sizeof seen[i], "litmus runs");
        else
            snprintf(seen[i], sizeof seen[i], "%.*s",
                     *condition->sets == '*' ? 11 : (int)strcspn(condition->sets, "/"),
                     *condition->sets == '*' ? "all kernels" : condition->sets);
        while (k < i && !text_same(seen[k], seen[i]))
            k++;
        if (k < i)
            continue;
        fprintf(out, "%s%s", before, seen[i]);
        before = ", ";
    }
}

char *claims_wanted(const struct claim *claim) {
    char *text = NULL;
    size_t size;
    struct expression test;
    FILE *out = open_memstream(&text, &size);
    if (out == NULL || expression_parse(claim->test, &test))
        die(EXIT_FAILED, "claim %s cannot be read", claim->id);
    bool two = expression_of_two_runs(&test.conditions[0]);
    fputs(two ? "two runs" : "a run", out);
    print_machine(out, claim, &test);
    if (two) {
        fputs(", given together, of ", out);
        print_field(out, &test.conditions[0].top.from);
        fputs(" and ", out);
        print_field(out, &test.conditions[0].bottom.from);
    }
    print_contents(out, &test);
    if (fclose(out))
        die(EXIT_FAILED, "out of memory");
    return text;
}
