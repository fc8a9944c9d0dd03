/* SPDX-License-Identifier: MIT */
#include "report/matrix_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/text.h"
#include "samples/vocabulary.h"
#include "stats/stats.h"

enum { MOST_PAIRS = 10, MOST_MISSES = 10 };

static const char *text(const json_t *object, const char *key) {
    const char *value = json_string_value(json_object_get(object, key));
    return value ? value : "";
}

bool matrix_number(const json_t *pair, const char *key, size_t cell, double out[3]) {
    const json_t *interval = json_array_get(json_object_get(pair, key), cell);
    for (size_t i = 0; i < 3; i++)
        out[i] = json_number_value(json_array_get(interval, i));
    return interval != NULL;
}

/* A column of numbers over all pairs that have them. */
struct column {
    double *values;
    size_t count;
};

static struct column column_of(const json_t *pairs, const char *key, size_t cell) {
    struct column column = {allocate(json_array_size(pairs) + 1, sizeof(double)), 0};
    size_t i;
    const json_t *pair;
    json_array_foreach((json_t *)pairs, i, pair) {
        double number[3];
        if (matrix_number(pair, key, cell, number))
            column.values[column.count++] = number[0];
    }
    return column;
}

static void cell_names(struct table *table, const json_t *cell) {
    const char *witness = text(cell, "witness");
    bool sound = json_is_true(json_object_get(cell, "sound"));
    table_cell(table, "%s%s%s%s%s%s", text(cell, "lowering"),
               text_same(text(cell, "role"), role_name(ROLE_AA)) ? " again" : "",
               sound ? "" : " unsound", *witness ? " (" : "", witness, *witness ? ")" : "");
    table_cell(table, "%s", text(cell, "model"));
}

/* The median over the pairs, and how far they lie apart. */
static void print_summary(const json_t *matrix, const struct page *page) {
    static const char *const names[] = {
        "<lowering", "<mode", "ns", "<least to most", "cycles", "ratio", "<least to most", NULL};
    static const char *const keys[] = {"ns", "cycles", "ratio"};
    const json_t *pairs = json_object_get(matrix, "pairs"), *cell;
    struct table *table = table_new(names, 2);
    size_t i;
    json_array_foreach(json_object_get(matrix, "cells"), i, cell) {
        cell_names(table, cell);
        for (size_t k = 0; k < 3; k++) {
            struct column column = column_of(pairs, keys[k], i);
            double middle = stats_median(column.values, column.count);
            double least = stats_quantile(column.values, column.count, 0);
            double most = stats_quantile(column.values, column.count, 1);
            table_cell(table, k == 2 ? "%.3f" : "%.4g", middle);
            if (k != 1)
                table_cell(table, k == 2 ? "%.3f to %.3f" : "%.4g to %.4g", least, most);
            free(column.values);
        }
    }
    table_print(table, page);
}

/* Each pair under each lowering. */
static void print_pairs(const json_t *matrix, const struct page *page) {
    static const char *const names[] = {"<pair",        "<lowering",   "<mode", "ns [95%]",
                                        "cycles [95%]", "ratio [95%]", NULL};
    struct table *table = table_new(names, 3);
    size_t i, c;
    const json_t *pair, *cell;
    json_array_foreach(json_object_get(matrix, "pairs"), i, pair) {
        const json_t *cpus = json_object_get(pair, "cpus");
        json_array_foreach(json_object_get(matrix, "cells"), c, cell) {
            double ns[3], cycles[3], ratio[3];
            if (!matrix_number(pair, "ns", c, ns) || !matrix_number(pair, "cycles", c, cycles) ||
                !matrix_number(pair, "ratio", c, ratio))
                break;
            if (c == 0)
                table_cell(table, "%d-%d", (int)json_integer_value(json_array_get(cpus, 0)),
                           (int)json_integer_value(json_array_get(cpus, 1)));
            else
                table_cell(table, "%s", "");
            cell_names(table, cell);
            table_cell(table, "%.4g [%.4g, %.4g]", ns[0], ns[1], ns[2]);
            table_cell(table, "%.4g [%.4g, %.4g]", cycles[0], cycles[1], cycles[2]);
            table_cell(table, "%.3f [%.3f, %.3f]", ratio[0], ratio[1], ratio[2]);
        }
    }
    table_print(table, page);
}

/* The baseline against itself, and the pairs where its interval does not hold 1. */
static void print_floor(const json_t *matrix, const struct page *page) {
    char *misses;
    size_t size, i, all = 0, missed = 0;
    FILE *out = open_memstream(&misses, &size);
    const json_t *pair;
    json_array_foreach(json_object_get(matrix, "pairs"), i, pair) {
        const json_t *cpus = json_object_get(pair, "cpus");
        double ratio[3];
        if (!matrix_number(pair, "ratio", 1, ratio))
            continue;
        all++;
        if (ratio[1] <= 1 && 1 <= ratio[2])
            continue;
        if (missed++ < MOST_MISSES)
            fprintf(out, "%s %d-%d (%.3f [%.3f, %.3f])", missed > 1 ? "," : "",
                    (int)json_integer_value(json_array_get(cpus, 0)),
                    (int)json_integer_value(json_array_get(cpus, 1)), ratio[0], ratio[1], ratio[2]);
    }
    fclose(out);
    if (missed)
        page_paragraph(
            page,
            "A/A: on %zu of %zu pairs the interval (95%%) of the baseline against itself "
            "does not hold 1:%s%s. Some %.0f are expected.",
            missed, all, misses, missed > MOST_MISSES ? ", ..." : "", ceil(0.05 * (double)all));
    else if (all)
        page_paragraph(page, "A/A: all %zu intervals (95%%) of the baseline against itself hold 1.",
                       all);
    free(misses);
}

static void print_skips(const json_t *matrix, const struct page *page) {
    size_t i, skipped = 0;
    const json_t *pair, *first = NULL;
    json_array_foreach(json_object_get(matrix, "pairs"), i, pair) {
        if (!json_object_get(pair, "skipped"))
            continue;
        skipped++;
        first = first ? first : pair;
    }
    if (first) {
        const json_t *cpus = json_object_get(first, "cpus");
        page_paragraph(page, "Skipped: %zu pairs, the first %d-%d: %s.", skipped,
                       (int)json_integer_value(json_array_get(cpus, 0)),
                       (int)json_integer_value(json_array_get(cpus, 1)), text(first, "skipped"));
    }
}

void matrix_table(const json_t *matrix, const struct page *page) {
    const json_t *pairs = json_object_get(matrix, "pairs");
    long chosen = (long)json_array_size(pairs);
    long all = chosen + (long)json_integer_value(json_object_get(matrix, "unmeasured"));
    page_paragraph(page,
                   "%s, %s: time of %s%s between two CPUs, %ld of %ld pairs, each in %d processes "
                   "of %d rounds.",
                   text(matrix, "kernel"), text(matrix, "params"),
                   strcmp(text(matrix, "unit"), "one way") == 0 ? "" : "one ", text(matrix, "unit"),
                   chosen, all, (int)json_integer_value(json_object_get(matrix, "blocks")),
                   (int)json_integer_value(json_object_get(matrix, "rounds")));
    if (chosen <= MOST_PAIRS)
        print_pairs(matrix, page);
    if (chosen > 1)
        print_summary(matrix, page);
    print_floor(matrix, page);
    print_skips(matrix, page);
}
