/* SPDX-License-Identifier: MIT
 *
 * samples_reader.h: what the parts of the reader share: samples.c knows files, lines and runs,
 * samples_block.c the line of a block, samples_counts.c the counts in it. A line that they see is
 * as its schema says, so keys that must be there are; what is left to find out is whether they
 * agree with each other and with the lines before.
 */
#ifndef SAMPLES_READER_H
#define SAMPLES_READER_H

#include <jansson.h>

#include "base/die.h"
#include "samples/arrays.h"
#include "samples/samples.h"
#include "samples/schema.h"

struct reader {
    struct samples *run;
    struct schema_rules rules;
    struct arrays arrays; /* the arrays of this line */
    size_t line;
    size_t most_kept;                   /* bytes */
    json_t *sets, *kernels, *lowerings; /* names that were seen; sets: with their numbers */
    bool ended;
    char *why;
    size_t size;
};

/* Says why this line cannot be believed; false. */
bool samples_refuse(struct reader *reader, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Values of keys that the schema knows; NULL or 0 where they may be absent and are. */
const char *samples_text(const json_t *object, const char *key);
uint64_t samples_whole(const json_t *object, const char *key);

/* Zeroed memory that is freed with the run. */
void *samples_keep(struct samples *run, size_t count, size_t size);

/* A copy of the text of a key; NULL where there is none. */
const char *samples_keep_text(struct samples *run, const json_t *object, const char *key);

/* One more zeroed element at the end of an array; its old elements may move. */
void *samples_grow(struct samples *run, void *array, size_t *count, size_t size);
#define GROW(run, array, count) ((array) = samples_grow(run, array, &(count), sizeof *(array)))

/* Notes a name; false where there are too many of them. */
bool samples_note(struct reader *reader, json_t *names, const char *name, size_t most,
                  const char *what);

/* The numbers of an array, NAN for null; NULL when it is not there. False: not `wanted` of them. */
bool samples_numbers(struct reader *reader, const json_t *object, const char *key, size_t wanted,
                     double **values);

/* What a block says about its events, and a cell about their counts. */
bool samples_read_events(struct reader *reader, struct sample_set *set, struct sample_block *block,
                         const json_t *line);
bool samples_read_counts(struct reader *reader, const struct sample_block *block,
                         struct sample_column *column, const json_t *cell);

/* The medians of counts that a trimmed cell has (NULL: none were counted), as one round that
 * counted all its block's events. */
bool samples_read_counted(struct reader *reader, const struct sample_block *block,
                          struct sample_column *column, const json_t *counted);

/* A number; NAN for null, or where it is not there. And the same in an array of its own, NULL where
 * it is not there. */
double samples_number(const json_t *object, const char *key);
double *samples_keep_number(struct samples *run, const json_t *object, const char *key);

/* Fills in the centres of sets that stand in their order. */
void samples_find_centres(struct samples *run);

/* Adds the block of a line, whole or trimmed, to its set; and what a line says of the rounds that
 * its set had. */
bool samples_add_block(struct reader *reader, struct sample_set *set, const json_t *line);
bool samples_add_shapes(struct reader *reader, struct sample_set *set, const json_t *line);

#endif
