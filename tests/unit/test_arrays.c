/* SPDX-License-Identifier: MIT
 *
 * Taking arrays out of a line must not change what the line says.
 */
#include "unit/cmocka_all.h"

#include <math.h>
#include <string.h>

#include "samples/arrays.h"

/* What is left of a line. */
static const char *text_left(struct arrays *arrays, const char *line) {
    static char text[512];
    strcpy(text, line);
    text[arrays_take_out(arrays, text, strlen(line))] = 0;
    return text;
}

static void long_arrays_are_taken_out(void **state) {
    (void)state;
    struct arrays arrays = {0};
    size_t count;
    assert_string_equal(text_left(&arrays, "{\"a\":[10,null,30000000,4,5,600000,70],\"b\":[1,2],"
                                           "\"c\":[100000000,200000000,300000000,0]}\n"),
                        "{\"a\":{\"#\":0},\"b\":[1,2],\"c\":{\"#\":1}}\n");
    json_t *first = json_pack("{s:i}", "#", 0), *second = json_pack("{s:i}", "#", 1);
    json_t *third = json_pack("{s:i}", "#", 2);
    const double *a = arrays_of(&arrays, first, &count);
    assert_int_equal(count, 7);
    assert_true(a[0] == 10 && isnan(a[1]) && a[2] == 30000000 && a[6] == 70);
    const double *c = arrays_of(&arrays, second, &count);
    assert_int_equal(count, 4);
    assert_true(c[0] == 100000000 && c[3] == 0);
    assert_null(arrays_of(&arrays, third, &count));
    json_decref(first);
    json_decref(second);
    json_decref(third);
    arrays_free(&arrays);
}

static void everything_else_stays(void **state) {
    (void)state;
    static const char *const lines[] = {
        "{\"text\":\"[1111111,2222222,3333333,4444444,5555]\"}",
        "{\"quote\":\"\\\"[1111111,2222222,3333333,4444444,5555]\"}",
        "{\"real\":[1.5,2222222,3333333,4444444,5555555,66666]}",
        "{\"minus\":[-1,2222222,3333333,4444444,5555555,66666]}",
        "{\"zero\":[01,2222222,3333333,4444444,5555555,666666]}",
        "{\"empty\":[1111111,,2222222,3333333,4444444,5555555]}",
        "{\"end\":[1111111,2222222,3333333,4444444,5555555,]}",
        "{\"nested\":[[1],2222222,3333333,4444444,5555555,66666]}",
        "{\"large\":[12345678901234567,3333333,4444444,5555555]}",
        "{\"word\":[nul,2222222,3333333,4444444,5555555,666666]}",
        "{\"torn\":[1111111,2222222,3333333,4444444,5555555,666",
        "{\"torn\":\"[1111111,2222222,3333333,4444444,5555555\\",
    };
    struct arrays arrays = {0};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        assert_string_equal(text_left(&arrays, lines[i]), lines[i]);
    arrays_free(&arrays);
}

/* No text can hold what stands for an array. */
static void the_mark_is_refused(void **state) {
    (void)state;
    static const char *const lines[] = {
        "{\"ticks\":{\"#\":3},\"more\":[1111111,2222222,3333333,4444444,5555]}",
        "{\"ticks\":{\"\\u0023\":0}}",
        "{\"word\":\"#\"}",
    };
    struct arrays arrays = {0};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        assert_string_equal(text_left(&arrays, lines[i]), "");
    assert_string_equal(text_left(&arrays, "{\"word\":\"#1 \\\"#\\\"\"}"),
                        "{\"word\":\"#1 \\\"#\\\"\"}");
    arrays_free(&arrays);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(long_arrays_are_taken_out),
        cmocka_unit_test(everything_else_stays),
        cmocka_unit_test(the_mark_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
