/* SPDX-License-Identifier: MIT
 *
 * vocabulary.h: the closed sets of words by which samples are told apart. A word of a file is
 * parsed once, where it is read, and printed by the function beside; in between there are enums.
 */
#ifndef VOCABULARY_H
#define VOCABULARY_H

#include <stdbool.h>

#include "kernels/coverage.h"

/* Where a run's times are from. */
enum source {
    SOURCE_NONE, /* no block was finished */
    SOURCE_MEASURED,
    SOURCE_EMULATED, /* they say nothing about any CPU */
    SOURCE_SIMULATED
};

/* What a cell is in its set. */
enum role {
    ROLE_NONE, /* of a row without a cell */
    ROLE_BASELINE,
    ROLE_AA,   /* the baseline again */
    ROLE_TWIN, /* the baseline compiled at another address */
    ROLE_LOWERING,
    ROLE_REFERENCE, /* somebody else's code for the same work */
    ROLE_FORM
};

enum memmodel {
    MEMMODEL_WEAK,      /* the architecture's own */
    MEMMODEL_TSO,       /* switched on for this thread */
    MEMMODEL_FIXED_TSO, /* the CPU knows no other */
    MEMMODEL_COUNT,
    MEMMODEL_NONE = MEMMODEL_COUNT /* of a row without a cell */
};

/* The words of each set, in the order of its enum, as schema.h takes them. */
#define SOURCE_WORDS   "measured emulated simulated"
#define ROLE_WORDS     "baseline aa twin lowering reference form"
#define MEMMODEL_WORDS "weak tso fixed-tso"
#define COVERAGE_WORDS "all sync -"

/* The word; "" for none. */
const char *source_name(enum source source);
const char *role_name(enum role role);
const char *memmodel_name(enum memmodel model);
const char *coverage_name(enum coverage coverage);

/* False if text is not one of the words; then the value stays. */
bool source_parse(const char *text, enum source *source);
bool role_parse(const char *text, enum role *role);
bool memmodel_parse(const char *text, enum memmodel *model);
bool coverage_parse(const char *text, enum coverage *coverage);

#endif
