/* SPDX-License-Identifier: MIT
 *
 * given.h: what the user gave to this process to be measured: mappings, or single sequences that
 * are tried. A run hands them to its blocks by their texts, so that each makes the same plan.
 */
#ifndef GIVEN_H
#define GIVEN_H

#include <jansson.h>

#include "mapping/mapping.h"

enum { MAX_GIVEN = 8, MAX_GIVEN_TEXT = 4096 };

/* A mapping from a file, or from the text that a file had. Dies with EXIT_USAGE as mapping_read()
 * does, and where it has a name that is taken, or is one too many. */
void given_read(const char *path);
void given_parse(const char *path, const char *text);

/* A single sequence, as an operation's. Its name is its words as forms have them:
 * "ldr+dmb.ishld". */
void given_try(size_t row, const char *words);

/* How many there are, and each of them; whether they are single sequences. */
size_t given_count(void);
const struct mapping *given_at(size_t which);
bool given_tried(void);

/* Dies with EXIT_USAGE if one is of another ISA than this machine's. */
void given_must_run(void);

/* Whether sequences that are tried stand beside what was compiled, too, or (the default) beside
 * plain accesses alone; and whether they do the latter. */
void given_beside(bool beside);
bool given_alone(void);

/* Adds the mappings that a run was given, which it keeps as given_json() has them, so that what is
 * said of it knows them; what is here already is not added again. One whose name is another's here
 * is left out with a warning. */
void given_join(const json_t *all);

/* All of them for another process, which takes them. */
json_t *given_json(void);
void given_take(const json_t *all);

#endif
