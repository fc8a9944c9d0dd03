/* SPDX-License-Identifier: MIT
 *
 * check_documents.c: what stands beside the samples is of this run: of its machine, its sets and
 * its code.
 */
#include <math.h>
#include <string.h>

#include "base/die.h"
#include "base/private.h"
#include "check/check.h"
#include "samples/document.h"

enum { MOST_CPU = 65536 };

static const struct schema_rules rules = {.refuse = private_part};

static const char *text_of(const json_t *object, const char *key) {
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

json_t *check_document(struct check *check, const char *name) {
    char why[512];
    json_t *document = document_read(check->directory, name, &rules, why, sizeof why);
    if (document == NULL && *why)
        check_problem(check, "%s", why);
    return document;
}

/* Some keys say the same in machine.json. */
static void check_origin(struct check *check, const char *name, const json_t *document) {
    static const char *const keys[] = {"source", "machine"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        const json_t *mine = json_object_get(document, keys[i]);
        const json_t *machines = json_object_get(check->machine, keys[i]);
        if (mine && machines && !json_equal(mine, machines))
            check_problem(check, "%s: `%s' is another than machine.json's", name, keys[i]);
    }
}

/* [value, low, high] in their order. */
static bool is_interval(const json_t *ends) {
    double value = json_number_value(json_array_get(ends, 0));
    return json_array_size(ends) == 3 && json_number_value(json_array_get(ends, 1)) <= value &&
           value <= json_number_value(json_array_get(ends, 2));
}

/* ---- matrix.json ---- */

static const char *check_intervals(const json_t *pair, const char *key, size_t cells) {
    json_t *array = json_object_get(pair, key), *interval;
    size_t i;
    if (json_array_size(array) != cells)
        return key;
    json_array_foreach(array, i, interval) {
        if (!is_interval(interval))
            return key;
    }
    return NULL;
}

static bool check_pair(struct check *check, size_t number, const json_t *pair, json_t *cells,
                       const bool *known) {
    static const char *const keys[] = {"ns", "cycles", "ratio"};
    const json_t *names = json_object_get(pair, "cpus"), *wrong = json_object_get(pair, "wrong");
    json_int_t a = json_integer_value(json_array_get(names, 0));
    json_int_t b = json_integer_value(json_array_get(names, 1));
    json_t *cell;
    size_t i;
    if (a == b || !known[a] || !known[b]) {
        check_problem(check, "matrix.json: pair %zu: `cpus' are not two of the machine's", number);
        return false;
    }
    if (json_object_get(pair, "skipped"))
        return true;
    for (i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (check_intervals(pair, keys[i], json_array_size(cells))) {
            check_problem(check, "matrix.json: pair %zu: `%s' is not an interval for each cell",
                          number, keys[i]);
            return false;
        }
    json_array_foreach(cells, i, cell) {
        const json_t *count = json_array_get(wrong, i);
        if (count == NULL ||
            (json_integer_value(count) && json_is_true(json_object_get(cell, "sound")))) {
            check_problem(check, "matrix.json: pair %zu: wrong results of %s", number,
                          text_of(cell, "lowering"));
            return false;
        }
    }
    return true;
}

static void check_matrix(struct check *check) {
    size_t i;
    json_t *matrix = check_document(check, "matrix.json"), *item;
    json_t *pairs = json_object_get(matrix, "pairs"), *cells = json_object_get(matrix, "cells");
    bool *known = allocate(MOST_CPU, sizeof *known);
    json_array_foreach(json_object_get(matrix, "cpus"), i, item)
        known[json_integer_value(json_object_get(item, "cpu"))] = true;
    json_array_foreach(pairs, i, item) {
        if (!check_pair(check, i, item, cells, known))
            break;
    }
    check_origin(check, "matrix.json", matrix);
    json_decref(matrix);
    free(known);
}

/* ---- core.json ---- */

/* What is wrong with an answer of a core, or NULL: it is one thing, and its curve is whole. */
static const char *fault_of_answer(const json_t *answer) {
    const json_t *value = json_object_get(answer, "value");
    bool answered = value != NULL, undecided = json_object_get(answer, "undecided") != NULL,
         skipped = json_object_get(answer, "skipped") != NULL;
    if (answered + undecided + skipped != 1)
        return "not one of value, undecided and skipped";
    if (value && !is_interval(value))
        return "`value' is no interval";
    if (json_array_size(json_object_get(answer, "counts")) !=
        json_array_size(json_object_get(answer, "ns")))
        return "not as many `counts' as `ns'";
    return NULL;
}

static void check_core(struct check *check) {
    size_t i;
    json_t *core = check_document(check, "core.json"), *answer;
    json_array_foreach(json_object_get(core, "answers"), i, answer) {
        const char *fault = fault_of_answer(answer);
        if (fault == NULL)
            continue;
        check_problem(check, "core.json: answer %zu (%s): %s", i, text_of(answer, "id"), fault);
        break;
    }
    check_origin(check, "core.json", core);
    json_decref(core);
}

/* ---- switch.json, backpatch.json ---- */

/* Where the CPU is always TSO there is nothing to switch and nothing to patch; elsewhere that is no
 * reason. named: the document says whose it is; older ones do not. */
static bool is_of_machine(const struct check *check, const json_t *event, bool named) {
    const char *name = text_of(event, "event"), *skipped = text_of(event, "skipped");
    bool x86 = strcmp(text_of(check->machine, "architecture"), "x86_64") == 0;
    bool of_switch = strcmp(name, "switch of the model") == 0;
    bool of_model = of_switch || strncmp(name, "trap", strlen("trap")) == 0;
    bool for_x86 = strstr(skipped, "x86-64") != NULL;
    size_t models = json_array_size(
        json_object_get(json_object_get(check->machine, "memory_model"), "available"));
    if (check->machine == NULL)
        return true;
    if (*skipped)
        return x86 ? for_x86 || named || !of_model : !for_x86;
    return !of_model || (!x86 && (!of_switch || models > 1));
}

static void check_events(struct check *check, const char *name) {
    size_t i;
    json_t *document = check_document(check, name), *event;
    bool named = json_object_get(document, "machine") != NULL;
    json_array_foreach(json_object_get(document, "events"), i, event) {
        const json_t *ns = json_object_get(event, "ns");
        if ((ns != NULL) == (json_object_get(event, "skipped") != NULL) || (ns && !is_interval(ns)))
            check_problem(check, "%s: event %zu: neither an interval nor skipped", name, i);
        else if (ns && !(json_object_get(event, "blocks") && json_object_get(event, "rounds")))
            check_problem(check, "%s: event %zu: an interval of no known blocks and rounds", name,
                          i);
        else if (!is_of_machine(check, event, named))
            check_problem(check, "%s: event %zu is of another machine than machine.json", name, i);
        else
            continue;
        break;
    }
    check_origin(check, name, document);
    json_decref(document);
}

/* ---- benchmark.json ---- */

static bool has_time(const struct sample_set *set, const struct sample_block *block, size_t cell) {
    const struct sample_column *column = samples_column(block, cell);
    for (size_t i = 0; column && i < block->rounds; i++)
        if (!isnan(samples_ns(set, block, column, i)))
            return true;
    return false;
}

static void check_benchmarks(struct check *check, const struct samples *run) {
    json_t *document = check_document(check, "benchmark.json");
    size_t rows = json_array_size(json_object_get(document, "benchmarks")), wanted = 0;
    for (size_t i = 0; run && i < run->set_count; i++)
        for (size_t b = 0; b < run->sets[i].block_count; b++)
            for (size_t c = 0; c < run->sets[i].cell_count; c++)
                wanted += has_time(&run->sets[i], &run->sets[i].blocks[b], c);
    if (document && run && rows != wanted)
        check_problem(check, "benchmark.json has %zu rows, the samples make %zu", rows, wanted);
    json_decref(document);
}

/* ---- tables ---- */

/* By its name, and by kernel and lowering: the function that is called may have no access itself
 * and leave them to those that it chooses from. */
static const char *add_function(void *context, char *const *cells) {
    char of[2 * BOUND_NAME + 2];
    snprintf(of, sizeof of, "%s %s", cells[0], cells[1]);
    json_object_set_new(context, cells[2], json_null());
    json_object_set_new(context, of, json_null());
    return NULL;
}

static const char *know_set(void *context, char *const *cells) {
    const struct samples *run = context;
    return run == NULL || samples_set(run, cells[0]) ? NULL : "a set that the samples do not have";
}

static bool check_table(struct check *check, const char *name,
                        const char *(*visit)(void *context, char *const *cells), void *context) {
    char why[512];
    if (document_table(check->directory, name, &rules, visit, context, why, sizeof why))
        return true;
    if (*why)
        check_problem(check, "%s", why);
    return false;
}

/* Whether the audit must have seen the function: it is compiled for a lowering that is more than
 * plain code, in which there may be no access that a primitive recorded. */
static bool is_audited(const struct sample_cell *cell) {
    return cell->role == ROLE_LOWERING && strcmp(cell->lowering, "plain") != 0 && cell->symbol &&
           strncmp(cell->symbol, "run_", strlen("run_")) == 0;
}

/* Every function that was measured was audited. */
static void check_counts(struct check *check, const struct samples *run) {
    json_t *functions = json_object();
    bool fine = check_table(check, "counts.tsv", add_function, functions);
    for (size_t i = 0; fine && run && i < run->set_count; i++)
        for (size_t c = 0; fine && c < run->sets[i].cell_count; c++) {
            const struct sample_cell *cell = &run->sets[i].cells[c];
            char of[2 * BOUND_NAME + 2];
            snprintf(of, sizeof of, "%s %s", run->sets[i].kernel, cell->lowering);
            fine = !is_audited(cell) || json_object_get(functions, cell->symbol) ||
                   json_object_get(functions, of);
            if (!fine)
                check_problem(check, "counts.tsv is of another program: it lacks %s", cell->symbol);
        }
    json_decref(functions);
}

void check_documents(struct check *check, const struct samples *run) {
    check_matrix(check);
    check_core(check);
    check_events(check, "switch.json");
    check_events(check, "backpatch.json");
    check_benchmarks(check, run);
    check_counts(check, run);
    check_table(check, "events.tsv", know_set, (void *)(uintptr_t)run);
    check_table(check, "harness.tsv", NULL, NULL);
}
