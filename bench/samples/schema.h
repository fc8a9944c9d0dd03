/* SPDX-License-Identifier: MIT
 *
 * schema.h: what a JSON object or a table holds, key by key: types, ranges, words. A table of these
 * rows is the whole description of a file's form (schema_lines.c, schema_files.c), and the one
 * reader of all commands believes nothing that is not as its rows say.
 */
#ifndef SCHEMA_H
#define SCHEMA_H

#include <jansson.h>
#include <stdbool.h>

#include "samples/arrays.h"
#include "samples/bounds.h"

enum schema_kind {
    SCHEMA_TEXT,
    SCHEMA_WHOLE,  /* a whole number */
    SCHEMA_NUMBER, /* finite */
    SCHEMA_TRUTH,
    SCHEMA_LIST,
    SCHEMA_OBJECT,
    SCHEMA_SCALAR, /* a text, a number, a truth */
    SCHEMA_ANY     /* whatever its texts are texts */
};

/* One key of an object, one column of a table, or what each item of a list is. */
struct schema {
    const char *key; /* NULL ends the rows; "*": any key that has no row */
    enum schema_kind kind;
    bool optional, nullable;
    double low, high; /* of numbers, and of how many items a list has; both included */
    size_t most;      /* bytes of a text */
    bool (*fits)(const char *text);
    const char *what;  /* of what fits */
    const char *words; /* a text is one of these: "weak tso" */
    const struct schema *inside;
};

#define WORDS(list)          SCHEMA_TEXT, .words = (list), .most = BOUND_NAME
#define NAME                 SCHEMA_TEXT, .most = BOUND_NAME
#define TEXT                 SCHEMA_TEXT, .most = BOUND_TEXT
#define SEED                 SCHEMA_TEXT, .most = BOUND_NAME, .fits = schema_seed, .what = "seed"
#define TIME                 SCHEMA_TEXT, .most = BOUND_NAME, .fits = schema_time, .what = "time"
#define CPUS                 SCHEMA_TEXT, .most = BOUND_NAME, .fits = schema_cpus, .what = "list of CPUs"
#define PLACEMENT            SCHEMA_TEXT, .most = BOUND_NAME, .fits = schema_placement, .what = "placement"
#define WORD                 SCHEMA_TEXT, .most = BOUND_NAME, .fits = schema_word, .what = "word"
#define SYMBOL               SCHEMA_TEXT, .most = BOUND_NAME, .fits = schema_symbol, .what = "function"
#define WHOLE(from, to)      SCHEMA_WHOLE, .low = (from), .high = (to)
#define NUMBER(from, to)     SCHEMA_NUMBER, .low = (from), .high = (to)
#define TRUTH                SCHEMA_TRUTH, .low = 0
#define SCALAR               SCHEMA_SCALAR, .most = BOUND_TEXT
#define ANY                  SCHEMA_ANY, .most = BOUND_TEXT
#define OBJECT(rows)         SCHEMA_OBJECT, .inside = (rows)
#define LIST(from, to, item) SCHEMA_LIST, .low = (from), .high = (to), .inside = (item)
#define OPTIONAL             .optional = true
#define NULLABLE             .nullable = true

/* The least number above 0 that a time or a ratio may be. */
#define ABOVE_0 1e-12

struct schema_rules {
    const struct arrays *arrays;             /* arrays that were taken out of the text, or NULL */
    const char *(*refuse)(const char *text); /* what else is wrong with a text, or NULL */
    bool partial;                            /* keys may be absent */
};

/* Whether an object is as its rows say. If not, `why` names the place and what is wrong there:
 * "cells: item 2: `ops' is -5: not from 1 to 1e+15". */
bool schema_fits(const json_t *object, const struct schema *rows, const struct schema_rules *rules,
                 char *why, size_t size);

/* Whether a text is one: UTF-8 without control characters, at most so many bytes; or what it is
 * not. */
const char *schema_text(const char *text, size_t most);

/* A seed "0x2a"; a time "2026-11-22T13:44:00Z"; CPUs "0-3,8"; CPUs of threads "0+2"; a word of
 * letters, digits and "._+:-"; the name of a function. */
bool schema_seed(const char *text);
bool schema_time(const char *text);
bool schema_cpus(const char *text);
bool schema_placement(const char *text);
bool schema_word(const char *text);
bool schema_symbol(const char *text);

/* The form of a line of samples.jsonl by its type, of a file beside it by its name; or NULL. Of a
 * table the rows are the columns. */
const struct schema *schema_of_line(const char *type);
const struct schema *schema_of_file(const char *name);

#endif
