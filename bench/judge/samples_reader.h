/* SPDX-License-Identifier: MIT
 *
 * samples_reader.h: what the parts of the reader share: samples.c knows files, lines and runs,
 * samples_block.c the line of a block, samples_counts.c the counts in it.
 */
#ifndef SAMPLES_READER_H
#define SAMPLES_READER_H

#include <jansson.h>

#include "die.h"
#include "lift.h"
#include "samples.h"

/* Where the reader stands: in every message. */
struct reader {
    struct samples *run;
    const char *path;
    size_t line;
    struct lifted lifted; /* the arrays of this line */
};

#define CORRUPT(reader, format, ...)                                                               \
    die(EXIT_FAILED, "%s:%zu: " format, (reader)->path, (reader)->line, __VA_ARGS__)

/* json_unpack, or death. */
#define UNPACK(reader, json, ...)                                                                  \
    do {                                                                                           \
        json_error_t error_;                                                                       \
        if (json_unpack_ex(json, &error_, 0, __VA_ARGS__))                                         \
            CORRUPT(reader, "%s", error_.text);                                                    \
    } while (0)

/* Zeroed memory that is freed with the run. */
void *samples_keep(struct samples *run, size_t count, size_t size);

/* A copy of text; NULL stays NULL. */
const char *samples_keep_text(struct samples *run, const char *text);

/* One more zeroed element at the end of an array; its old elements may move. */
void *samples_grow(struct samples *run, void *array, size_t *count, size_t size);
#define GROW(run, array, count) ((array) = samples_grow(run, array, &(count), sizeof *(array)))

/* An array of one number or null for each of `count` elements; NULL when it may be absent and is.
 */
double *samples_numbers(struct reader *reader, json_t *array, const char *key, size_t count,
                        bool optional);

/* What a block says about its events, and a cell about their counts. */
void samples_read_events(struct reader *reader, struct sample_block *block, json_t *line);
void samples_read_counts(struct reader *reader, const struct sample_block *block,
                         struct sample_column *column, json_t *cell);

/* Adds the block of a line to its set. */
void samples_add_block(struct reader *reader, struct sample_set *set, json_t *line);

#endif
