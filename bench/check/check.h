/* SPDX-License-Identifier: MIT
 *
 * check.h: may this run be published? Three parts, each of which says all it finds wrong: the
 * files as such (check_files.c), what the documents and tables beside the samples hold
 * (check_documents.c), and what the samples come to (check_run.c). Whether a line or a document has
 * the right form at all is the reader's to say (schema.h), for all commands alike.
 */
#ifndef CHECK_H
#define CHECK_H

#include <jansson.h>
#include <stdbool.h>

#include "samples/samples.h"

/* What a measured run may be at most. */
enum {
    CHECK_AA_PERCENT = 2,      /* median distance of the A/A intervals' ends from 1, one thread */
    CHECK_AA_MISSED = 20,      /* per cent of A/A intervals that do not hold 1 */
    CHECK_SPOILED_PERCENT = 20 /* samples that were spoiled */
};

struct check {
    const char *directory;
    unsigned problems;
    const json_t *machine; /* machine.json, or NULL */
};

/* Looks at a run directory and prints all that is wrong with it, or that it is ok: whether it is.
 */
bool check_directory(const char *directory);

/* Prints one line "DIR: <text>" and counts it. */
void check_problem(struct check *check, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The same without counting: what a reader should know. */
void check_note(const struct check *check, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Files that belong, the archive's checksum, private data in text. */
void check_files(struct check *check);

/* A document beside the samples, or NULL: what is wrong with it is a problem, that it is not there
 * is none. The caller frees it. */
json_t *check_document(struct check *check, const char *name);

/* Those that a run may have; each agrees with machine.json and the samples (NULL: damaged). */
void check_documents(struct check *check, const struct samples *run);

/* Completeness, mode proof, noise, wrong results, and summary.tsv made again. */
void check_run(struct check *check, const struct samples *run);

#endif
