/* SPDX-License-Identifier: MIT
 *
 * page.h: headings, paragraphs and tables, as text, as markdown or as HTML.
 */
#ifndef PAGE_H
#define PAGE_H

#include <stdio.h>

enum page_format { PAGE_TEXT, PAGE_MARKDOWN, PAGE_HTML };

struct page {
    FILE *out;
    enum page_format format;
    const char *warning; /* stands before every table, or NULL */
    unsigned columns;    /* of text; 0: 100 */
    const char *of;      /* what headings of level 3 are of, or NULL: it makes them unique */
};

/* A heading; level 1 is the highest. */
void page_heading(const struct page *page, int level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* One paragraph; text breaks its lines at blanks. */
void page_paragraph(const struct page *page, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A paragraph in small print. */
void page_note(const struct page *page, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Text as it is, with what HTML or markdown would take for its own escaped: headings, paragraphs
 * and cells are printed by it, so that no text that somebody else wrote is markup. */
void page_text(const struct page *page, const char *text);

/* Markdown's own: something to be typed, and a link to a place that the format says. */
void page_code(const struct page *page, const char *text);
void page_link(const struct page *page, const char *text, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* What is between is folded away in markdown and HTML. */
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
void table_free(struct table *table);

#endif
