/* SPDX-License-Identifier: MIT
 *
 * trace_parts.h: what the reader and the writer of traces share. FORMAT.md says what a file holds.
 */
#ifndef TRACE_PARTS_H
#define TRACE_PARTS_H

#include <stdio.h>

#include "trace/trace.h"

enum {
    TRACE_VERSION = 2,
    TRACE_VERSION_UNMARKED = 1,        /* of traces that are not trace->marked */
    TRACE_MAX_HEADER_BYTES = 1 << 18,  /* of the line of JSON */
    TRACE_MAX_CONTENT_BYTES = 1 << 26, /* of all that the zstd frame holds */
    TRACE_MIN_RECORD_BYTES = 3,        /* of one record among it */
};

/* The first line, without the number of the version and its end. */
extern const char trace_magic[];

/* A larger number is no integer in every reader of JSON (RFC 8259, section 6). */
#define TRACE_MAX_INTEGER ((INT64_C(1) << 53) - 1)

/* Where a refusal is said, in one line; name is of the file. */
struct trace_refusal {
    const char *name;
    char *why;
    size_t size;
};

/* Says why, with every byte that a terminal might act on replaced. Returns false. */
bool trace_refuse(const struct trace_refusal *refusal, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Whether all numbers and strings are such as trace.h allows; says why where not. */
bool trace_valid(const struct trace *trace, const struct trace_refusal *refusal);

/* One stream on its way into a file or out of one: with out it is written, else read from at. */
struct trace_coder {
    FILE *out;
    const uint8_t *at, *end;
    const char *failed; /* what was wrong first, or NULL */
};

/* Codes the records of a stream. Reading fills accesses, of which there are count, and leaves them
 * unchecked; writing changes nothing. */
void trace_code(struct trace_coder *coder, struct trace_access *accesses, size_t count);

/* What the zstd frame of a file holds, as malloc'ed bytes; path is for messages. */
char *trace_content(const struct trace *trace, const char *path, size_t *size);

/* Such bytes as a frame, malloc'ed. */
char *trace_frame(const char *content, size_t content_size, size_t *size);

/* The trace that such bytes say; as trace_parse(). */
struct trace *trace_from_content(const char *content, size_t size,
                                 const struct trace_refusal *refusal);

#endif
