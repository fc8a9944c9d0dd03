/* SPDX-License-Identifier: MIT
 *
 * core.h: what kind of core this is: its buffers, what overlaps in them, what waits for what.
 */
#ifndef CORE_H
#define CORE_H

#include <jansson.h>
#include <stdbool.h>

#include "core/survey.h"

/* Measures a machine of that name; about half a minute. One JSON object that the caller owns,
 * core.json of a directory:
 *
 *   format source machine version git time seed
 *   cpu page_kib lines    which CPU; the pages of the lines that miss, and how many there are
 *   blocks rounds turns   processes; rounds in each; turns of a sample
 *   models model_reason   the memory models, and whose word that is
 *   answers               [{id question words model reading unit how counts ns, and one of
 *                         value: [value, low, high] (with word, where the question has yes and no),
 *                         undecided: why, skipped: why}]; ns: a turn's time with so many of the
 *                         repeated (counts) in it, of a knee so many of the entries asked about
 *   meaning               three sentences on TSO, from the answers alone
 */
json_t *core_measure(const struct survey_request *request, const char *machine);

/* An answer by its id and model, or NULL; and its value, low, high: false where it has none. */
const json_t *core_answer(const json_t *core, const char *id, const char *model);
bool core_value(const json_t *answer, double out[3]);

/* Why an answer has no value; "" where it has one. */
const char *core_reason(const json_t *answer);

/* What was answered, of how many; and why the last that was not was not. */
size_t core_answered(const json_t *core, size_t *all, char *why, size_t size);

/* Three sentences; the caller owns the list. */
json_t *core_meaning(const json_t *core);

#endif
