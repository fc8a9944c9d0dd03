/* SPDX-License-Identifier: MIT
 *
 * Texts of others on their way out: what is printable of any bytes, and what markdown and HTML take
 * for text.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/page.h"
#include "base/visible.h"

static void assert_shown(const char *text, const char *wanted) {
    char *shown = visible_text(text);
    assert_string_equal(shown, wanted);
    free(shown);
}

static void printable_text_is_left(void **state) {
    (void)state;
    assert_shown("", "");
    assert_shown("Neoverse N1 \"x\" \\ `$(y)` <z>", "Neoverse N1 \"x\" \\ `$(y)` <z>");
    assert_shown("Gr\u00f6\u00dfe \u00d7 \u4e2d \U0001f600",
                 "Gr\u00f6\u00dfe \u00d7 \u4e2d \U0001f600");
}

static void anything_else_is_shown_byte_by_byte(void **state) {
    (void)state;
    assert_shown("a\n\t\x1b[31m\x7f", "a\\x0a\\x09\\x1b[31m\\x7f");
    assert_shown("\xc2\x9b"
                 "31m",
                 "\\xc2\\x9b31m"); /* CSI in one character */
    assert_shown("a\u202eb\u2066\u2028", "a\\xe2\\x80\\xaeb\\xe2\\x81\\xa6\\xe2\\x80\\xa8");
    assert_shown("\xc0\x80", "\\xc0\\x80");                            /* overlong */
    assert_shown("\xed\xa0\x80", "\\xed\\xa0\\x80");                   /* a surrogate */
    assert_shown("\xf4\x90\x80\x80\xff", "\\xf4\\x90\\x80\\x80\\xff"); /* beyond Unicode */
    assert_shown("\xe4\xb8", "\\xe4\\xb8");                            /* cut short */
    assert_shown("\xef\xbf\xbe", "\\xef\\xbf\\xbe");                   /* no character */
}

/* No bytes whatever leave a control, or what is no UTF-8. */
static void nothing_else_gets_through(void **state) {
    (void)state;
    for (unsigned i = 1; i < 1 << 16; i++) {
        const char text[] = {(char)(i >> 8 ? i >> 8 : 'a'), (char)(i & 0xff), 0};
        char *shown = visible_text(text);
        size_t length;
        for (const char *at = shown; *at; at += length) {
            length = visible_length(at);
            assert_true(length > 0 && (unsigned char)*at >= ' ');
        }
        free(shown);
    }
}

/* What a page of one paragraph, or of one cell, is of a text. */
static void assert_page(enum page_format format, bool is_cell, const char *text,
                        const char *wanted) {
    char *printed;
    size_t size;
    FILE *out = open_memstream(&printed, &size);
    const struct page page = {.out = out, .format = format};
    if (is_cell) {
        static const char *const columns[] = {"<a_b", NULL};
        struct table *table = table_new(columns, 1);
        table_cell(table, "%s", text);
        table_print(table, &page);
    } else {
        page_paragraph(&page, "%s", text);
    }
    fclose(out);
    assert_string_equal(printed, wanted);
    free(printed);
}

static void markdown_takes_nothing_for_its_own(void **state) {
    (void)state;
    assert_page(PAGE_MARKDOWN, false, "<script>|[a](b)[c]:*d* `e` _f_ g_h ~~ & \\",
                "&lt;script&gt;\\|[a\\](b)[c\\]:\\*d\\* \\`e\\` \\_f\\_ g_h \\~\\~ &amp; \\\\\n\n");
    assert_page(PAGE_MARKDOWN, false, "# x", "\\# x\n\n");
    assert_page(PAGE_MARKDOWN, false, "1.05 [1.04, 1.06] load_latency",
                "1.05 [1.04, 1.06] load_latency\n\n");
    assert_page(PAGE_MARKDOWN, true, "x | y\nz", "| a_b |\n|:---|\n| x \\| y\\\\x0az |\n\n");
    assert_page(PAGE_HTML, false, "<b a=\"c\">&", "<p>&lt;b a=&quot;c&quot;&gt;&amp;</p>\n\n");
    assert_page(PAGE_TEXT, false, "<b>|*`\x1b", "<b>|*`\\x1b\n\n");
}

static void code_and_links_end_where_they_should(void **state) {
    (void)state;
    char *printed;
    size_t size;
    FILE *out = open_memstream(&printed, &size);
    const struct page page = {.out = out, .format = PAGE_MARKDOWN};
    page_code(&page, "run --only 'a|b'");
    page_code(&page, " `<x>`");
    page_link(&page, "a](b)", "%s/x y).png", "r");
    fclose(out);
    assert_string_equal(printed, "`run --only 'a|b'` \\`&lt;x&gt;\\`[a\\](b)](r/x%20y%29.png)");
    free(printed);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(printable_text_is_left),
        cmocka_unit_test(anything_else_is_shown_byte_by_byte),
        cmocka_unit_test(nothing_else_gets_through),
        cmocka_unit_test(markdown_takes_nothing_for_its_own),
        cmocka_unit_test(code_and_links_end_where_they_should),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
