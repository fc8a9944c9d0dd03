/* SPDX-License-Identifier: MIT
 *
 * document.h: a file beside the samples, read whole and as schema_files.c says it is.
 */
#ifndef DOCUMENT_H
#define DOCUMENT_H

#include <jansson.h>
#include <stdbool.h>

#include "samples/schema.h"

/* DIR/name, a JSON document. NULL: `why` says what is wrong with it ("machine.json:3: ..."), or is
 * "" where there is none. The caller frees it. */
json_t *document_read(const char *directory, const char *name, const struct schema_rules *rules,
                      char *why, size_t size);

/* The same, whatever the document says. */
json_t *document_json(const char *directory, const char *name, char *why, size_t size);

/* The same as document_read() for a command that can go on without it: all keys may be absent, what
 * is wrong is a warning that ends in `instead`. */
json_t *document_if_any(const char *directory, const char *name, const char *instead);

/* What stands in a document (or NULL) at a place, "memory.page_kib", or NULL. In a list of names
 * and values a name is a key: "environment.FEX_TSOENABLED". */
json_t *document_at(const json_t *document, const char *place);

/* Reads DIR/name, a table of columns with tabs between them, and hands each row's cells to visit
 * (may be NULL), which returns what is wrong with it or NULL. False: `why` as above. */
bool document_table(const char *directory, const char *name, const struct schema_rules *rules,
                    const char *(*visit)(void *context, char *const *cells), void *context,
                    char *why, size_t size);

#endif
