/* SPDX-License-Identifier: MIT
 *
 * check.h: may this run be published? Three parts, each of which says all it finds wrong: the
 * files as such (check_files.c), what each document and line holds (check_schema.c, check_matrix.c,
 * check_lines.c), and what the samples come to (check_run.c).
 */
#ifndef CHECK_H
#define CHECK_H

#include <jansson.h>
#include <stdbool.h>

/* What a measured run may be at most. */
enum {
    CHECK_AA_PERCENT = 2,      /* median distance of the A/A intervals' ends from 1, one thread */
    CHECK_AA_MISSED = 20,      /* per cent of A/A intervals that do not hold 1 */
    CHECK_SPOILED_PERCENT = 20 /* samples that were spoiled */
};

struct check {
    const char *directory;
    unsigned problems;
    bool readable;     /* no line is damaged: the samples can be read */
    long planned_sets; /* from the end line; -1: not said */
};

/* Prints one line "DIR: <text>" and counts it. */
void check_problem(struct check *check, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The same without counting: what a reader should know. */
void check_note(const struct check *check, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Files that belong, the archive's checksum, private data in text. */
void check_files(struct check *check);

/* Whether an object is as its keys say; the first thing that is wrong is a problem. Keys with their
 * types, separated by blanks: s string, i integer, n number, b boolean, a array,
 * o object, S string or null, B boolean or null, * anything; "?" after it: may be absent. */
bool check_object(struct check *check, const char *where, json_t *object, const char *keys);

/* The same of each object of an array. */
bool check_each(struct check *check, const char *where, json_t *array, const char *keys);

void check_machine(struct check *check);

/* matrix.json, where there is one. */
void check_matrix(struct check *check);

/* Every line of the samples: keys, types, lengths, the order of lines. */
void check_lines(struct check *check);

/* Completeness, mode proof, noise, wrong results, and summary.tsv made again. */
void check_run(struct check *check);

/* What in a text tells about the person who made it ("a path: /home/x", "the user name"), or NULL.
 * Static storage. */
const char *check_private(const char *text);

#endif
