/* SPDX-License-Identifier: MIT
 *
 * page.h: headings, paragraphs and tables, as text of at most 100 columns or as markdown.
 */
#ifndef PAGE_H
#define PAGE_H

#include <stdbool.h>
#include <stdio.h>

struct page {
    FILE *out;
    bool markdown;
};

void page_heading(const struct page *page, int level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* One paragraph; text breaks its lines at blanks. */
void page_paragraph(const struct page *page, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* What is between is folded away in markdown. */
void page_fold(const struct page *page, const char *title);
void page_unfold(const struct page *page);

/* A table whose columns are named by a NULL-ended list; a name that begins with '<' is of a
 * column aligned left. The first `fixed` columns are repeated where text is too wide for one
 * table and is printed as several. */
struct table;
struct table *table_new(const char *const *columns, unsigned fixed);

/* The next cell, row after row. */
void table_cell(struct table *table, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Prints it, if it has a row, and frees it. */
void table_print(struct table *table, const struct page *page);

#endif
