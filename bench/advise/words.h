/* SPDX-License-Identifier: MIT
 *
 * words.h: the sequences of a run as words that the oracle can judge.
 *
 * Of the operations those are judged whose tests the oracle has: aligned scalars, locked
 * instructions and MFENCE, and what accesses 16 bytes at once. The question is x86-TSO on arm64,
 * sequential consistency on x86-64.
 */
#ifndef WORDS_H
#define WORDS_H

#include "advise/advise.h"
#include "advise/search.h"
#include "oracle/oracle.h"

/* What is judged, first, in its order, what struct search_menu has. `instead` stands for what was
 * not measured: as strong as can be; NULL: what is then not judged. */
enum { JUDGED_OPERATIONS = SEARCH_OPERATIONS + 3 };
struct searched {
    enum operation_id operation;
    unsigned kind; /* enum test_kind */
    size_t place;  /* of the sequence in struct sequence */
    const char *plain[ISAS], *instead[ISAS];
};
extern const struct searched searched[JUDGED_OPERATIONS];

enum isa advice_isa(const struct advice *advice);

/* A cell's name as words: "dmb.ishst+str" is "DMB ISHST; STR". */
enum { SEQUENCE_TEXT = 128 };
void words_of(unsigned which, enum isa isa, const char *name, char out[SEQUENCE_TEXT]);

/* What breaks a mapping of these words, of each of `searched' (NULL: it is not judged); NULL: it is
 * sound in all tests. Valid until the next call. Dies where the oracle does not know a word. */
const struct hole *words_hole(enum isa isa, const char *const words[JUDGED_OPERATIONS]);

#endif
