/* SPDX-License-Identifier: MIT
 *
 * cmd_compare.c: `tsobench compare': what moved from one run to another, beyond what either of
 * them can tell. The runs may be of two seeds, kernels, compilers or machines.
 */
#include <stdio.h>

#include "base/die.h"
#include "base/options.h"
#include "base/text.h"
#include "base/visible.h"
#include "commands/commands.h"
#include "summary/compare.h"

static const char help[] =
    "NAME\n"
    "    tsobench compare - which cells moved from one run to another\n"
    "\n"
    "SYNOPSIS\n"
    "    tsobench compare A B [--all] [--ratios] [--json]\n"
    "\n"
    "DESCRIPTION\n"
    "    Compares the ratios of all cells that two runs share and, if machine and\n"
    "    source are the same, the times per operation of the baselines.\n"
    "\n"
    "    A cell has moved if the interval of B over A, widened so that all compared\n"
    "    intervals hold together with 95 % probability (Bonferroni), lies further\n"
    "    from 1 than the larger floor of the two sets, if any. Two runs of the same\n"
    "    thing therefore show a moved cell by chance in one case of twenty; on a\n"
    "    shared machine whose clock or neighbours changed times move, too (--ratios\n"
    "    ignores them).\n"
    "\n"
    "    Prints what moved, what only one run has of cells and of the recorded\n"
    "    environment, and the share of ratios whose own 95 % intervals overlap: runs\n"
    "    that differ in the seed only are expected to agree in 90 % of cells or\n"
    "    more.\n"
    "\n"
    "    Measured, simulated and emulated runs are compared only with their own\n"
    "    kind. Simulated runs have no intervals: a number has moved if it differs by\n"
    "    more than the floor.\n"
    "\n"
    "OPTIONS\n"
    "    --all      also print the cells that did not move\n"
    "    --ratios   ignore times\n"
    "    --json     as one JSON object, all cells\n"
    "    --help     this text in short; --manual: in full\n"
    "\n"
    "EXIT STATUS\n"
    "    0 nothing moved; 1 something moved (or damaged samples: then stdout is\n"
    "    empty); 2 wrong usage, no samples, two sources, or no cell in common\n"
    "\n"
    "EXAMPLES\n"
    "    tsobench compare results/intel-xeon/2026112{2T134501,3T090000}Z\n";

static void print_side(const char *name, const struct side *side) {
    json_t *system = json_object_get(side->machine, "system");
    json_t *run = json_object_get(side->machine, "run");
    const char *kernel = json_string_value(json_object_get(system, "kernel"));
    const char *compiler = json_string_value(json_object_get(run, "compiler"));
    const char *git = json_string_value(json_object_get(run, "git"));
    visible_printf("%s: %s\n", name, side->directory);
    printf("   %s; Linux %s; %s; tsobench %s; %s %s, seed %s\n", compare_machine(side),
           kernel ? kernel : "unknown", compiler ? compiler : "unknown", git ? git : "unknown",
           source_name(side->run->source), side->run->time ? side->run->time : "", side->run->seed);
}

/* What of the environment may have changed what was measured, a text each; the caller owns them. */
static json_t *environment_of(const struct side *side) {
    json_t *all = json_deep_copy(json_object_get(side->machine, "fex_config")), *variable;
    size_t i;
    if (all == NULL)
        all = json_array();
    json_array_foreach(json_object_get(side->machine, "environment"), i, variable) {
        const char *name = json_string_value(json_object_get(variable, "name")),
                   *value = json_string_value(json_object_get(variable, "value"));
        json_t *both = name && value ? json_sprintf("%s=%s", name, value) : NULL;
        if (both)
            json_array_append_new(all, both);
    }
    return all;
}

static bool holds(const json_t *list, const json_t *wanted) {
    size_t i;
    json_t *item;
    json_array_foreach(list, i, item) {
        if (json_equal(item, wanted))
            return true;
    }
    return false;
}

/* Of the environment what the other side has not; the caller owns it. */
static json_t *only_environment(const struct side *side, const struct side *other) {
    json_t *here = environment_of(side), *there = environment_of(other), *only = json_array(),
           *item;
    size_t i;
    json_array_foreach(here, i, item) {
        if (!holds(there, item))
            json_array_append(only, item);
    }
    json_decref(here);
    json_decref(there);
    return only;
}

static void print_environment(const char *name, const struct side *side, const struct side *other) {
    json_t *only = only_environment(side, other), *item;
    size_t i;
    json_array_foreach(only, i, item)
        printf("only in %s's environment: %s\n", name, json_string_value(item));
    json_decref(only);
}

static void print_interval(const char *before, struct interval x, const char *unit) {
    printf("%s%.4g%s", before, x.value, unit);
    if (stats_has_ends(x))
        printf(" [%.4g, %.4g]", x.low, x.high);
}

static void print_cell(const struct moved *cell) {
    const struct summary_row *row = cell->row;
    const char *unit = cell->time ? " ns" : "";
    printf("%s %s %s@%s%s%s%s\n", cell->moved ? "moved:" : "same: ", row->set->name, row->lowering,
           memmodel_name(row->model), row->role == ROLE_LOWERING ? "" : " ",
           row->role == ROLE_LOWERING ? "" : role_name(row->role),
           row->sound == SOUND_NO ? " unsound" : "");
    print_interval("       ", cell->a, unit);
    print_interval(" to ", cell->b, unit);
    print_interval(": times ", cell->change, "");
    if (cell->floor > 0)
        printf(", floor %.2f%%", 100 * cell->floor);
    putchar('\n');
}

static size_t print_missing(const char *name, const struct side *side, const struct side *other) {
    size_t count = 0;
    for (size_t i = 0; i < side->summary->count; i++) {
        const struct summary_row *row = &side->summary->rows[i];
        if (row->role == ROLE_NONE || compare_find(other, row))
            continue;
        printf("only in %s: %s %s@%s%s%s\n", name, row->set->name, row->lowering,
               memmodel_name(row->model), row->role == ROLE_LOWERING ? "" : " ",
               row->role == ROLE_LOWERING ? "" : role_name(row->role));
        count++;
    }
    return count;
}

static void print_text(const struct comparison *it, bool all, bool times) {
    print_side("A", &it->a);
    print_side("B", &it->b);
    print_environment("A", &it->a, &it->b);
    print_environment("B", &it->b, &it->a);
    putchar('\n');
    for (size_t i = 0; i < it->count; i++)
        if (all || it->cells[i].moved)
            print_cell(&it->cells[i]);
    size_t missing = print_missing("A", &it->a, &it->b) + print_missing("B", &it->b, &it->a);
    if (it->moved || missing || all)
        putchar('\n');
    bool simulated = samples_simulated(it->a.run);
    printf("%zu of %zu %s moved; %zu of %zu ratios (%.1f%%) %s.\n", it->moved, it->count,
           simulated ? "numbers" : "intervals", it->overlapping, it->ratios,
           it->ratios ? 100 * (double)it->overlapping / (double)it->ratios : 0,
           simulated ? "are within their floor of each other" : "have 95% intervals that overlap");
    if (!times)
        puts("Times were not compared.");
}

static json_t *interval_json(struct interval x) {
    return stats_has_ends(x) ? json_pack("[f, f, f]", x.value, x.low, x.high)
                             : json_pack("[f, n, n]", x.value);
}

static json_t *missing_json(const struct side *side, const struct side *other) {
    json_t *array = json_array();
    for (size_t i = 0; i < side->summary->count; i++) {
        const struct summary_row *row = &side->summary->rows[i];
        if (row->role != ROLE_NONE && compare_find(other, row) == NULL)
            json_array_append_new(array,
                                  json_pack("{s:s, s:s, s:s, s:s}", "set", row->set->name,
                                            "lowering", row->lowering, "role", role_name(row->role),
                                            "model", memmodel_name(row->model)));
    }
    return array;
}

static void print_json(const struct comparison *it) {
    json_t *cells = json_array();
    for (size_t i = 0; i < it->count; i++) {
        const struct moved *cell = &it->cells[i];
        json_array_append_new(
            cells, json_pack("{s:s, s:s, s:s, s:s, s:s, s:b, s:o, s:o, s:o, s:f, s:b, s:b}", "set",
                             cell->row->set->name, "lowering", cell->row->lowering, "role",
                             role_name(cell->row->role), "model", memmodel_name(cell->row->model),
                             "of", cell->time ? "ns_per_op" : "ratio", "unsound",
                             cell->row->sound == SOUND_NO, "a", interval_json(cell->a), "b",
                             interval_json(cell->b), "b_over_a", interval_json(cell->change),
                             "floor", cell->floor, "overlap", cell->overlap, "moved", cell->moved));
    }
    json_t *json =
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:I, s:I, s:I, s:o, s:o, s:o, s:o, s:o}", "a",
                  it->a.directory, "b", it->b.directory, "machine_a", compare_machine(&it->a),
                  "machine_b", compare_machine(&it->b), "source", source_name(it->a.run->source),
                  "moved", (json_int_t)it->moved, "ratios", (json_int_t)it->ratios, "overlapping",
                  (json_int_t)it->overlapping, "only_a", missing_json(&it->a, &it->b), "only_b",
                  missing_json(&it->b, &it->a), "environment_a", only_environment(&it->a, &it->b),
                  "environment_b", only_environment(&it->b, &it->a), "cells", cells);
    json_dumpf(json, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(json);
}

int cmd_compare(int argc, char **argv) {
    enum { ALL = 1, RATIOS, JSON };
    static const struct option options[] = {{"all", no_argument, NULL, ALL},
                                            {"ratios", no_argument, NULL, RATIOS},
                                            {"json", no_argument, NULL, JSON},
                                            {0}};
    bool all = false, times = true, json = false;
    for (int option; (option = options_next(argc, argv, options, help)) != -1;) {
        all |= option == ALL;
        json |= option == JSON;
        times &= option != RATIOS;
    }
    if (argc - optind != 2)
        die(EXIT_USAGE, "compare wants two run directories (see tsobench compare --help)");
    struct comparison it = compare_runs(argv[optind], argv[optind + 1], &times);
    if (json)
        print_json(&it);
    else
        print_text(&it, all, times);
    int status = it.moved ? EXIT_FAILED : EXIT_DONE;
    compare_free(&it);
    return status;
}
