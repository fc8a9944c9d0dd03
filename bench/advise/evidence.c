/* SPDX-License-Identifier: MIT
 *
 * evidence.c: what the oracle says of the combinations, and of the options that are in none.
 */
#include <stdio.h>

#include "advise/advise_parts.h"
#include "advise/words.h"

static bool is_judged(size_t operation) {
    for (unsigned i = 0; i < JUDGED_OPERATIONS; i++)
        if (searched[i].operation == operation)
            return true;
    return false;
}

/* The test that breaks what a combination uses, with this option in place of what it uses for the
 * operation; NULL: none does. */
static const char *broken_by(const struct advice *advice,
                             const struct candidate *const uses[OPERATIONS], int operation,
                             const struct candidate *option) {
    char text[JUDGED_OPERATIONS][SEQUENCE_TEXT];
    const char *words[JUDGED_OPERATIONS];
    enum isa isa = advice_isa(advice);
    for (unsigned i = 0; i < JUDGED_OPERATIONS; i++) {
        bool replaced = operation == (int)searched[i].operation;
        const struct candidate *it = replaced ? option : uses ? uses[searched[i].operation] : NULL;
        words[i] = it ? text[i] : searched[i].instead[isa];
        if (it)
            words_of(i, isa, it->fact->name, text[i]);
    }
    const struct hole *hole = words_hole(isa, words);
    size_t count;
    return hole ? tests_all(&count)[hole->test].name : NULL;
}

void advice_judge_combination(const struct advice *advice, struct advice_combination *it) {
    if (it->combination->tso && advice_isa(advice) == ISA_AARCH64) {
        snprintf(it->evidence, sizeof it->evidence,
                 "the run's litmus battery disproves nothing; no model is public");
        return;
    }
    size_t count;
    const char *test = broken_by(advice, it->uses, -1, NULL);
    tests_all(&count);
    if (test)
        snprintf(it->evidence, sizeof it->evidence, "unsound in the litmus test %s", test);
    else
        snprintf(it->evidence, sizeof it->evidence, "sound in %zu litmus tests", count);
    if (test)
        it->refused = it->evidence;
}

/* The cheapest complete combination that the oracle judged; NULL: there is none. */
static const struct advice_combination *cheapest_judged(const struct advice *advice) {
    const struct advice_combination *found = NULL;
    for (size_t c = 0; c < advice->combination_count; c++) {
        const struct advice_combination *it = &advice->combinations[c];
        bool judged = advice_isa(advice) == ISA_X86_64 || !it->combination->tso;
        if (it->complete && judged && (!found || it->over_plain.value < found->over_plain.value))
            found = it;
    }
    return found;
}

void advice_find_breaks(struct advice *advice) {
    const struct advice_combination *cheapest = cheapest_judged(advice);
    for (size_t o = 0; o < OPERATIONS; o++) {
        struct advice_operation *it = &advice->operations[o];
        for (size_t i = 0; i < it->count && is_judged(o); i++) {
            struct candidate *option = &it->options[i];
            if (option->allowed == 0 && (advice_isa(advice) == ISA_X86_64 || !option->tso))
                option->breaks =
                    broken_by(advice, cheapest ? cheapest->uses : NULL, (int)o, option);
        }
    }
}
