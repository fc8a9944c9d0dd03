/* SPDX-License-Identifier: MIT
 *
 * matrix_table.h: what `tsobench matrix' found, in words and tables: for the command and for a
 * report of the run that it belongs to.
 */
#ifndef MATRIX_TABLE_H
#define MATRIX_TABLE_H

#include <jansson.h>
#include <stdbool.h>

#include "base/page.h"

/* Prints a summary over the pairs, each pair where they are few, and how the baseline compares
 * with itself. The matrix is one of matrix/matrix.h. */
void matrix_table(const json_t *matrix, const struct page *page);

/* Value, low and high of a cell of a pair under a key ("ns", "cycles", "ratio"); false where the
 * pair has no numbers. */
bool matrix_number(const json_t *pair, const char *key, size_t cell, double out[3]);

#endif
