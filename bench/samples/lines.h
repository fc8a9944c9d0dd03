/* SPDX-License-Identifier: MIT
 *
 * lines.h: samples.jsonl and samples.jsonl.zst as one kind of stream.
 */
#ifndef LINES_H
#define LINES_H

#include <stdio.h>

/* Opens path for reading, through zstd if it ends in .zst; NULL and errno as fopen. A damaged
 * archive is a read error (ferror). */
FILE *lines_open(const char *path);

#endif
