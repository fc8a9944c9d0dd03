/* SPDX-License-Identifier: MIT */
#include "samples/vocabulary.h"

#include <stddef.h>

#include "base/text.h"

static const char *const sources[] = {[SOURCE_NONE] = "",
                                      [SOURCE_MEASURED] = "measured",
                                      [SOURCE_EMULATED] = "emulated",
                                      [SOURCE_SIMULATED] = "simulated"};
static const char *const roles[] = {
    [ROLE_NONE] = "",     [ROLE_BASELINE] = "baseline", [ROLE_AA] = "aa",
    [ROLE_TWIN] = "twin", [ROLE_LOWERING] = "lowering", [ROLE_REFERENCE] = "reference",
    [ROLE_FORM] = "form"};
static const char *const models[] = {[MEMMODEL_WEAK] = "weak",
                                     [MEMMODEL_TSO] = "tso",
                                     [MEMMODEL_FIXED_TSO] = "fixed-tso",
                                     [MEMMODEL_NONE] = ""};
static const char *const coverages[] = {
    [COVERAGE_ALL] = "all", [COVERAGE_SYNC] = "sync", [COVERAGE_NONE] = "-"};

/* The word's place; or `count`, as for a text that is empty. */
static size_t find(const char *text, const char *const *words, size_t count) {
    for (size_t i = 0; *text && i < count; i++)
        if (text_same(text, words[i]))
            return i;
    return count;
}

#define VOCABULARY(type, words)                                                                    \
    const char *type##_name(enum type value) {                                                     \
        return words[value];                                                                       \
    }                                                                                              \
    bool type##_parse(const char *text, enum type *value) {                                        \
        size_t count = sizeof words / sizeof *words, place = find(text, words, count);             \
        if (place < count)                                                                         \
            *value = (enum type)place;                                                             \
        return place < count;                                                                      \
    }

VOCABULARY(source, sources)
VOCABULARY(role, roles)
VOCABULARY(memmodel, models)
VOCABULARY(coverage, coverages)
