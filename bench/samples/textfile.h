/* SPDX-License-Identifier: MIT
 *
 * textfile.h: a text of somebody else, line by line or as one JSON document, within bounds.h.
 */
#ifndef TEXTFILE_H
#define TEXTFILE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

struct textfile {
    FILE *file;
    const char *name; /* of the file, without its folder: in every message */
    char *line;       /* with its newline, and a NUL behind it; of the last textfile_next() */
    size_t length, number;
    size_t packed, used; /* bytes of the file on disk, of the text so far */
    size_t capacity, most, most_lines;
    char why[512]; /* of the text's end: damage or a bound; "" at the end proper */
};

/* Opens DIR/name, through zstd if it ends in .zst; false and errno if that fails. The text may be
 * BOUND_FILE long, that of samples as bounds.h says. */
bool textfile_open(struct textfile *file, const char *directory, const char *name);

/* The next line; false at the end, or where `why` says so: "name is damaged ...". */
bool textfile_next(struct textfile *file);

/* Reads an archive to its end without keeping anything; false and `why` if it is damaged: what was
 * read of it so far is then a symptom. */
bool textfile_is_whole(struct textfile *file);

/* Closes the file and frees its line; `why' stays. */
void textfile_close(struct textfile *file);

/* The memory that a JSON text becomes, about: 20 to 200 times its bytes where it is made for that.
 */
size_t textfile_tree(const char *text, size_t length);

/* Parses a JSON text without duplicate keys. NULL: `why` says what is wrong in which line of it
 * ("2: ..."). whole: bytes of the text before arrays were taken out of it. */
json_t *textfile_json(const char *text, size_t length, size_t whole, char *why, size_t size);

#endif
