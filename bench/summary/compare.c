/* SPDX-License-Identifier: MIT */
#include "summary/compare.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>

#include "base/die.h"
#include "base/text.h"
#include "samples/document.h"

struct side side_open(const char *directory, const char *instead) {
    struct side side = {.directory = directory, .run = samples_read(directory)};
    side.summary = summary_build(side.run);
    side.machine = document_if_any(directory, "machine.json", instead);
    return side;
}

static struct side open_finished(const char *directory) {
    struct side side = side_open(directory, "the machine stays unknown");
    if (side.run->source == SOURCE_NONE)
        die(EXIT_USAGE, "%s: no block was finished, so there is nothing to compare", directory);
    return side;
}

void side_close(struct side *side) {
    json_decref(side->machine);
    summary_free(side->summary);
    samples_free(side->run);
}

const struct summary_row *compare_find(const struct side *side, const struct summary_row *like) {
    size_t count;
    const struct sample_set *set = samples_set(side->run, like->set->name);
    const struct summary_row *row = set ? summary_rows(side->summary, set, &count) : NULL;
    for (size_t i = 0; row && i < count; i++, row++)
        if (row->role != ROLE_NONE && text_same(row->lowering, like->lowering) &&
            row->role == like->role && row->model == like->model)
            return row;
    return NULL;
}

const char *compare_machine(const struct side *side) {
    const char *name = json_string_value(json_object_get(side->machine, "machine"));
    return name ? name : "unknown machine";
}

static bool is_same_machine(const struct comparison *it) {
    return it->a.machine && it->b.machine &&
           text_same(compare_machine(&it->a), compare_machine(&it->b));
}

static double floor_of(const struct side *side, const struct summary_row *row) {
    const struct summary_row *aa = summary_role(side->summary, row->set, ROLE_AA);
    double floor = row->role == ROLE_BASELINE && aa ? stats_reach(aa->ratio) : row->floor;
    return isfinite(floor) && !row->set->several_layouts ? floor : 0;
}

static void add(struct comparison *it, const struct summary_row *a, const struct summary_row *b) {
    bool time = a->role == ROLE_BASELINE;
    struct moved *cell = &it->cells[it->count];
    *cell = (struct moved){.row = a,
                           .time = time,
                           .a = time ? a->ns : a->ratio,
                           .b = time ? b->ns : b->ratio,
                           .floor = fmax(floor_of(&it->a, a), floor_of(&it->b, b))};
    if (!(cell->a.value > 0) || !(cell->b.value > 0))
        return;
    cell->change = stats_quotient(cell->b, cell->a);
    cell->overlap = stats_has_ends(cell->change)
                        ? cell->a.low <= cell->b.high && cell->b.low <= cell->a.high
                        : fabs(log(cell->change.value)) <= log1p(cell->floor);
    it->count++;
    if (!time) {
        it->ratios++;
        it->overlapping += cell->overlap;
    }
}

static void compare(struct comparison *it, bool times) {
    it->cells = allocate(it->a.summary->count, sizeof *it->cells);
    for (size_t i = 0; i < it->a.summary->count; i++) {
        const struct summary_row *a = &it->a.summary->rows[i];
        const struct summary_row *b = a->role != ROLE_NONE ? compare_find(&it->b, a) : NULL;
        if (b && (times || a->role != ROLE_BASELINE))
            add(it, a, b);
    }
    if (it->count == 0)
        die(EXIT_USAGE, "%s and %s have no cell in common: compare runs with the same sets",
            it->a.directory, it->b.directory);
    for (size_t i = 0; i < it->count; i++) {
        struct moved *cell = &it->cells[i];
        struct interval x = stats_together(cell->change, it->count);
        if (stats_has_ends(x))
            cell->moved =
                x.blocks > 1 && (x.low > 1 + cell->floor || x.high < 1 / (1 + cell->floor));
        else
            cell->moved = samples_simulated(it->a.run) && !cell->overlap;
        it->moved += cell->moved;
    }
}

struct comparison compare_runs(const char *a, const char *b, bool *times) {
    struct comparison it = {.a = open_finished(a), .b = open_finished(b)};
    if (it.a.run->source != it.b.run->source)
        die(EXIT_USAGE, "%s is %s and %s is %s: runs are compared only with their own kind", a,
            source_name(it.a.run->source), b, source_name(it.b.run->source));
    *times &= is_same_machine(&it);
    compare(&it, *times);
    return it;
}

void compare_free(struct comparison *it) {
    free(it->cells);
    side_close(&it->a);
    side_close(&it->b);
}
