/* SPDX-License-Identifier: MIT
 *
 * check_matrix.c: matrix.json, where a run has one. Whoever adds a key to it adds it here.
 */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "check.h"

static const char matrix_keys[] =
    "format=i source=s machine=s version=s git=s time=s seed=s kernel=s params=s op=s unit=s "
    "blocks=i rounds=i cpus=a cells=a pairs=a unmeasured=i skipped=a";
static const char cpu_keys[] = "cpu=i core=i cluster=i package=i";
static const char cell_keys[] = "lowering=s role=s model=s sound=b witness=S symbol=S";
static const char pair_keys[] = "cpus=a blocks=i? ns=a? cycles=a? ratio=a? wrong=a? skipped=s?";
static const char skip_keys[] = "lowering=s model=s reason=s";

/* Positive numbers, low <= value <= high, one interval a cell. */
static bool check_intervals(struct check *check, const char *where, json_t *pair, const char *key,
                            size_t cells) {
    json_t *array = json_object_get(pair, key), *interval;
    size_t i;
    bool fine = json_array_size(array) == cells;
    json_array_foreach(array, i, interval) {
        double value = json_number_value(json_array_get(interval, 0));
        double low = json_number_value(json_array_get(interval, 1));
        double high = json_number_value(json_array_get(interval, 2));
        fine &= json_array_size(interval) == 3 && 0 < low && low <= value && value <= high;
    }
    if (!fine)
        check_problem(check, "%s: `%s' is not an interval for each cell", where, key);
    return fine;
}

/* Whether the document names the CPU. */
static bool knows(json_t *cpus, json_t *wanted) {
    size_t i;
    json_t *cpu;
    json_array_foreach(cpus, i, cpu) {
        if (json_equal(json_object_get(cpu, "cpu"), wanted))
            return true;
    }
    return false;
}

static bool check_pair(struct check *check, const char *where, json_t *matrix, json_t *pair) {
    json_t *names = json_object_get(pair, "cpus"), *cpus = json_object_get(matrix, "cpus");
    json_t *a = json_array_get(names, 0), *b = json_array_get(names, 1), *wrong, *cell;
    json_t *cells = json_object_get(matrix, "cells");
    size_t i, count = json_array_size(cells);
    if (json_array_size(names) != 2 || json_equal(a, b) || !knows(cpus, a) || !knows(cpus, b)) {
        check_problem(check, "%s: `cpus' are not two of the machine's", where);
        return false;
    }
    if (json_object_get(pair, "skipped"))
        return true;
    if (!check_intervals(check, where, pair, "ns", count) ||
        !check_intervals(check, where, pair, "cycles", count) ||
        !check_intervals(check, where, pair, "ratio", count))
        return false;
    wrong = json_object_get(pair, "wrong");
    json_array_foreach(cells, i, cell) {
        json_t *number = json_array_get(wrong, i);
        if (!json_is_integer(number) ||
            (json_integer_value(number) && json_is_true(json_object_get(cell, "sound")))) {
            check_problem(check, "%s: wrong results of %s", where,
                          json_string_value(json_object_get(cell, "lowering")));
            return false;
        }
    }
    return true;
}

/* It belongs to the machine and the run that it lies beside. */
static void check_origin(struct check *check, json_t *matrix) {
    static const char *const keys[] = {"source", "machine"};
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/machine.json", check->directory);
    json_t *machine = json_load_file(path, 0, NULL);
    for (size_t i = 0; machine && i < sizeof keys / sizeof keys[0]; i++)
        if (!json_equal(json_object_get(matrix, keys[i]), json_object_get(machine, keys[i])))
            check_problem(check, "matrix.json: `%s' is another than machine.json's", keys[i]);
    json_decref(machine);
}

void check_matrix(struct check *check) {
    char path[PATH_MAX], where[64];
    json_error_t error;
    snprintf(path, sizeof path, "%s/matrix.json", check->directory);
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return; /* one CPU, or a run that is not from scripts/run */
    json_t *matrix = json_loadf(file, 0, &error), *pair;
    fclose(file);
    if (matrix == NULL) {
        check_problem(check, "matrix.json: %s", error.text);
        return;
    }
    size_t i;
    json_t *pairs = json_object_get(matrix, "pairs");
    if (check_object(check, "matrix.json", matrix, matrix_keys) &&
        check_each(check, "matrix.json: cpus", json_object_get(matrix, "cpus"), cpu_keys) &&
        check_each(check, "matrix.json: cells", json_object_get(matrix, "cells"), cell_keys) &&
        check_each(check, "matrix.json: skipped", json_object_get(matrix, "skipped"), skip_keys) &&
        check_each(check, "matrix.json: pairs", pairs, pair_keys)) {
        json_array_foreach(pairs, i, pair) {
            snprintf(where, sizeof where, "matrix.json: pair %zu", i);
            if (!check_pair(check, where, matrix, pair))
                break;
        }
        check_origin(check, matrix);
    }
    json_decref(matrix);
}
