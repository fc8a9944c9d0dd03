/* SPDX-License-Identifier: MIT */
#include "base/page.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/visible.h"

enum { TEXT_COLUMNS = 100, GAP = 2 };

/* What is printed is visible, in one line, whoever wrote it. */
static char *print_text(const char *format, va_list args) {
    char *text, *shown;
    if (vasprintf(&text, format, args) < 0)
        die(EXIT_FAILED, "out of memory");
    shown = visible_text(text);
    free(text);
    return shown;
}

/* Columns on a terminal: UTF-8 continuation bytes take none. */
static size_t width_of(const char *text) {
    size_t width = 0;
    for (; *text; text++)
        width += (*text & 0xc0) != 0x80;
    return width;
}

/* Whether markdown takes the character for its own where it stands: underscores inside of words,
 * and brackets that no address follows, are text. */
static bool is_markup(const char *at, const char *begin) {
    if (*at == '_')
        return at == begin || !isalnum((unsigned char)at[-1]) || !isalnum((unsigned char)at[1]);
    if (*at == ']')
        return at[1] && strchr("([:", at[1]);
    return strchr("\\`*|~", *at);
}

void page_text(const struct page *page, const char *text) {
    for (const char *at = text; *at; at++) {
        const char *escaped = page->format == PAGE_TEXT ? NULL
                              : *at == '<'              ? "&lt;"
                              : *at == '>'              ? "&gt;"
                              : *at == '&'              ? "&amp;"
                                                        : NULL;
        if (page->format == PAGE_HTML && *at == '"')
            escaped = "&quot;";
        if (page->format == PAGE_MARKDOWN && is_markup(at, text))
            fputc('\\', page->out);
        if (escaped)
            fputs(escaped, page->out);
        else
            fputc(*at, page->out);
    }
}

void page_code(const struct page *page, const char *text) {
    const char *mark = page->format == PAGE_MARKDOWN && !strpbrk(text, "`<>") ? "`" : "";
    char *shown = visible_text(text);
    fputs(mark, page->out);
    if (*mark)
        fputs(shown, page->out);
    else
        page_text(page, shown);
    fputs(mark, page->out);
    free(shown);
}

void page_link(const struct page *page, const char *text, const char *format, ...) {
    va_list args;
    va_start(args, format);
    char *shown = visible_text(text), *target;
    if (vasprintf(&target, format, args) < 0)
        die(EXIT_FAILED, "out of memory");
    va_end(args);
    fputc('[', page->out);
    page_text(page, shown);
    fputs("](", page->out);
    for (const char *at = target; *at; at++)
        fprintf(page->out, isalnum((unsigned char)*at) || strchr("/._~:-", *at) ? "%c" : "%%%02X",
                (unsigned char)*at);
    fputc(')', page->out);
    free(shown);
    free(target);
}

/* Lines as wide as the page's text; broken at blanks. */
static void print_words(const struct page *page, char *text) {
    size_t column = 0, columns = page->columns ? page->columns : TEXT_COLUMNS;
    for (char *rest = text, *word; (word = strsep(&rest, " ")) != NULL;) {
        size_t width = width_of(word);
        bool wrap = page->format == PAGE_TEXT && column && column + 1 + width > columns;
        if (column)
            fputc(wrap ? '\n' : ' ', page->out);
        page_text(page, word);
        column = wrap ? width : column + width + (column > 0);
    }
}

/* The text between what opens and closes it in markdown and in HTML. */
static void print_between(const struct page *page, const char *const tags[2], char *text) {
    fputs(tags[0], page->out);
    print_words(page, text);
    fprintf(page->out, "%s\n\n", tags[1]);
    free(text);
}

void page_heading(const struct page *page, int level, const char *format, ...) {
    va_list args;
    va_start(args, format);
    char *text = print_text(format, args);
    va_end(args);
    if (page->format == PAGE_HTML)
        fprintf(page->out, "<h%d>", level);
    else if (page->format == PAGE_MARKDOWN)
        fprintf(page->out, "%.*s ", level, "######");
    page_text(page, text);
    if (page->of && level == 3) {
        fputs(": ", page->out);
        page_text(page, page->of);
    }
    if (page->format == PAGE_HTML) {
        fprintf(page->out, "</h%d>\n", level);
    } else if (page->format == PAGE_MARKDOWN) {
        fputs("\n\n", page->out);
    } else {
        fputc('\n', page->out);
        for (size_t i = width_of(text); i > 0; i--)
            fputc(level == 1 ? '=' : '-', page->out);
        fputc('\n', page->out);
    }
    free(text);
}

void page_paragraph(const struct page *page, const char *format, ...) {
    static const char *const tags[][2] = {{"", ""}, {"", ""}, {"<p>", "</p>"}};
    va_list args;
    va_start(args, format);
    char *text = print_text(format, args);
    va_end(args);
    if (page->format == PAGE_MARKDOWN && *text && strchr("#+-=", *text))
        fputc('\\', page->out); /* neither a heading nor a list */
    print_between(page, tags[page->format], text);
}

void page_note(const struct page *page, const char *format, ...) {
    static const char *const tags[][2] = {
        {"", ""}, {"<sub>", "</sub>"}, {"<p class=\"note\">", "</p>"}};
    va_list args;
    va_start(args, format);
    char *text = print_text(format, args);
    va_end(args);
    print_between(page, tags[page->format], text);
}

void page_fold(const struct page *page, const char *title) {
    if (page->format != PAGE_TEXT)
        fprintf(page->out, "<details>\n<summary>%s</summary>\n\n", title);
}

void page_unfold(const struct page *page) {
    if (page->format != PAGE_TEXT)
        fputs("</details>\n\n", page->out);
}

struct table {
    const char *const *columns;
    unsigned count, fixed;
    size_t cells, capacity;
    char **text;
};

struct table *table_new(const char *const *columns, unsigned fixed) {
    struct table *table = allocate(1, sizeof *table);
    table->columns = columns;
    table->fixed = fixed;
    while (columns[table->count])
        table->count++;
    return table;
}

void table_cell(struct table *table, const char *format, ...) {
    if (table->cells == table->capacity) {
        table->capacity = table->capacity ? 2 * table->capacity : 64;
        table->text = realloc(table->text, table->capacity * sizeof *table->text);
        if (table->text == NULL)
            die(EXIT_FAILED, "out of memory");
    }
    va_list args;
    va_start(args, format);
    table->text[table->cells++] = print_text(format, args);
    va_end(args);
}

static bool is_left(const struct table *table, unsigned column) {
    return table->columns[column][0] == '<';
}

static const char *title(const struct table *table, unsigned column) {
    return table->columns[column] + is_left(table, column);
}

static size_t column_width(const struct table *table, unsigned column) {
    size_t width = width_of(title(table, column));
    for (size_t i = column; i < table->cells; i += table->count) {
        size_t cell = width_of(table->text[i]);
        width = cell > width ? cell : width;
    }
    return width;
}

static void print_html(const struct table *table, const struct page *page) {
    FILE *out = page->out;
    fputs("<div class=\"wide\"><table>\n<thead><tr>", out);
    for (unsigned c = 0; c < table->count; c++) {
        fputs(is_left(table, c) ? "<th class=\"left\">" : "<th>", out);
        page_text(page, title(table, c));
    }
    fputs("</tr></thead>\n<tbody>\n", out);
    for (size_t row = 0; row < table->cells; row += table->count) {
        fputs("<tr>", out);
        for (unsigned c = 0; c < table->count; c++) {
            fputs(is_left(table, c) ? "<td class=\"left\">" : "<td>", out);
            page_text(page, table->text[row + c]);
        }
        fputs("</tr>\n", out);
    }
    fputs("</tbody></table></div>\n\n", out);
}

static void print_markdown(const struct table *table, const struct page *page) {
    FILE *out = page->out;
    for (unsigned c = 0; c < table->count; c++) {
        fputs("| ", out);
        page_text(page, title(table, c));
        fputc(' ', out);
    }
    fputs("|\n", out);
    for (unsigned c = 0; c < table->count; c++)
        fputs(is_left(table, c) ? "|:---" : "|---:", out);
    fputs("|\n", out);
    for (size_t row = 0; row < table->cells; row += table->count) {
        for (unsigned c = 0; c < table->count; c++) {
            fputs("| ", out);
            page_text(page, table->text[row + c]);
            fputc(' ', out);
        }
        fputs("|\n", out);
    }
    fputc('\n', out);
}

/* One line of the columns [begin, end) after the fixed ones, without blanks at its end. */
static void print_line(const struct table *table, char *const *cells, const size_t *widths,
                       unsigned begin, unsigned end, FILE *out) {
    size_t owed = 0;
    for (unsigned c = 0; c < end; c++) {
        if (c >= table->fixed && c < begin)
            continue;
        const char *text = cells ? cells[c] : title(table, c);
        size_t pad = widths[c] - width_of(text);
        size_t before = owed + (is_left(table, c) ? 0 : pad);
        if (*text)
            fprintf(out, "%*s%s", (int)before, "", text);
        owed = (*text ? 0 : before) + (is_left(table, c) ? pad : 0) + GAP;
    }
    fputc('\n', out);
}

static void print_plain(const struct table *table, FILE *out, size_t columns) {
    size_t *widths = allocate(table->count, sizeof *widths), fixed = 0;
    for (unsigned c = 0; c < table->count; c++) {
        widths[c] = column_width(table, c);
        fixed += c < table->fixed ? widths[c] + GAP : 0;
    }
    unsigned begin = table->fixed, end;
    do {
        size_t width = fixed;
        for (end = begin; end < table->count; end++) {
            width += widths[end] + (end > begin ? GAP : 0);
            if (width > columns && end > begin)
                break;
        }
        print_line(table, NULL, widths, begin, end, out);
        for (size_t row = 0; row < table->cells; row += table->count)
            print_line(table, &table->text[row], widths, begin, end, out);
        fputc('\n', out);
        begin = end;
    } while (begin < table->count);
    free(widths);
}

void table_print(struct table *table, const struct page *page) {
    if (table->cells && page->warning)
        page_paragraph(page, "%s", page->warning);
    if (table->cells && page->format == PAGE_HTML)
        print_html(table, page);
    else if (table->cells && page->format == PAGE_MARKDOWN)
        print_markdown(table, page);
    else if (table->cells)
        print_plain(table, page->out, page->columns ? page->columns : TEXT_COLUMNS);
    table_free(table);
}

void table_free(struct table *table) {
    for (size_t i = 0; i < table->cells; i++)
        free(table->text[i]);
    free(table->text);
    free(table);
}
