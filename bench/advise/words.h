/* SPDX-License-Identifier: MIT
 *
 * words.h: the sequences of a run as words that the oracle can judge.
 *
 * Of the operations those are judged whose tests the oracle has: aligned scalars, locked
 * instructions and MFENCE. The question is x86-TSO on arm64, sequential consistency on x86-64.
 */
#ifndef WORDS_H
#define WORDS_H

#include "advise/advise.h"
#include "advise/search.h"
#include "oracle/oracle.h"

/* What is judged, in the order of struct search_menu. `instead` stands for what was not measured:
 * as strong as can be. */
struct searched {
    enum operation_id operation;
    unsigned kind; /* enum test_kind */
    size_t place;  /* of the sequence in struct sequence */
    const char *plain[ISAS], *instead[ISAS];
};
extern const struct searched searched[SEARCH_OPERATIONS];

enum isa advice_isa(const struct advice *advice);

/* A cell's name as words: "dmb.ishst+str" is "DMB ISHST; STR". */
enum { SEQUENCE_TEXT = 128 };
void words_of(unsigned which, enum isa isa, const char *name, char out[SEQUENCE_TEXT]);

/* What breaks a mapping of these words, of each of `searched'; NULL: it is sound in all tests.
 * Valid until the next call. Dies where the oracle does not know a word. */
const struct hole *words_hole(enum isa isa, const char *const words[SEARCH_OPERATIONS]);

#endif
