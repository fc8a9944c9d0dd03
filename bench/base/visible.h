/* SPDX-License-Identifier: MIT
 *
 * visible.h: texts that others wrote (names in the files of a run, of machines, of traces) on
 * their way to a terminal, a table or a figure: they are printable UTF-8 there, in one line.
 */
#ifndef VISIBLE_H
#define VISIBLE_H

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

/* Bytes of the character that text begins with; 0 if it is none that may be printed as it is: a
 * control, what turns the direction of writing or ends a line, or no UTF-8. */
size_t visible_length(const char *text);

/* Prints it; each byte that must not be printed as "\x1b". */
void visible_print(const char *text, FILE *out);

/* printf() whose output is visible; a newline at the end of the format is one. */
void visible_printf(const char *format, ...) __attribute__((format(printf, 1, 2)));
void visible_vprintf(const char *format, va_list args) __attribute__((format(printf, 1, 0)));

/* A text as visible_print() prints it, which the caller frees. */
char *visible_text(const char *text);

#endif
