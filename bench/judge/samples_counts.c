/* SPDX-License-Identifier: MIT
 *
 * samples_counts.c: the events of a block and their counts, which rotate: each round counts one
 * set of events, in all cells.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "samples_reader.h"

static void read_event_sets(struct reader *reader, struct sample_block *block, json_t *sets) {
    size_t i, k;
    json_t *json, *name;
    struct samples *run = reader->run;
    block->event_set_count = json_array_size(sets);
    block->event_sets = samples_keep(run, block->event_set_count, sizeof *block->event_sets);
    json_array_foreach(sets, i, json) {
        const char *title;
        json_t *events;
        struct sample_events *set = &block->event_sets[i];
        UNPACK(reader, json, "{s:s, s:o}", "name", &title, "events", &events);
        set->name = samples_keep_text(run, title);
        set->count = json_array_size(events);
        set->events = samples_keep(run, set->count, sizeof *set->events);
        json_array_foreach(events, k, name) {
            if (!json_is_string(name))
                CORRUPT(reader, "an event of %s has no name", title);
            set->events[k] = samples_keep_text(run, json_string_value(name));
        }
    }
}

void samples_read_events(struct reader *reader, struct sample_block *block, json_t *line) {
    const char *pmu, *path;
    size_t i;
    json_t *sets, *missing, *json, *events = json_object_get(line, "events");
    struct samples *run = reader->run;
    if (events == NULL || json_is_null(events))
        return;
    UNPACK(reader, events, "{s:s, s:s, s:o, s:o}", "pmu", &pmu, "read", &path, "sets", &sets,
           "missing", &missing);
    block->pmu = samples_keep_text(run, pmu);
    block->pmu_read = samples_keep_text(run, path);
    read_event_sets(reader, block, sets);
    block->missing_count = json_array_size(missing);
    block->missing = samples_keep(run, block->missing_count, sizeof *block->missing);
    json_array_foreach(missing, i, json) {
        const char *event, *reason;
        UNPACK(reader, json, "{s:s, s:s}", "event", &event, "reason", &reason);
        block->missing[i] =
            (struct sample_missing){samples_keep_text(run, event), samples_keep_text(run, reason)};
    }
}

void samples_read_counts(struct reader *reader, const struct sample_block *block,
                         struct sample_column *column, json_t *cell) {
    struct samples *run = reader->run;
    json_t *counts = json_object_get(cell, "counts");
    double *sets = samples_numbers(reader, json_object_get(cell, "event_set"), "event_set",
                                   block->rounds, counts == NULL);
    if (sets == NULL)
        return;
    column->event_sets = samples_keep(run, block->rounds, sizeof *column->event_sets);
    column->counts = samples_keep(run, block->rounds, sizeof *column->counts);
    /* All null, and so taken for numbers: no round counted anything. */
    bool none = json_object_get(counts, "#") != NULL;
    size_t size = json_array_size(counts);
    if (none)
        lift_find(&reader->lifted, (size_t)json_integer_value(json_object_get(counts, "#")), &size);
    if (size != block->rounds)
        CORRUPT(reader, "counts has %zu elements for %zu rounds", size, block->rounds);
    for (size_t i = 0; i < block->rounds; i++) {
        if (!(sets[i] >= 0 && sets[i] < (double)block->event_set_count))
            CORRUPT(reader, "a round counted no set of events that is known: %g", sets[i]);
        column->event_sets[i] = &block->event_sets[(size_t)sets[i]];
        json_t *values = none ? NULL : json_array_get(counts, i);
        size_t wanted = column->event_sets[i]->count;
        if (values && !json_is_null(values)) {
            column->counts[i] = samples_numbers(reader, values, "counts", wanted, false);
            continue;
        }
        column->counts[i] = samples_keep(run, wanted, sizeof(double));
        for (size_t k = 0; k < wanted; k++)
            column->counts[i][k] = NAN;
    }
}

double samples_count(const struct sample_set *set, const struct sample_column *column, size_t round,
                     const char *event) {
    double value = NAN;
    if (strcmp(event, "cycles") == 0 || strcmp(event, "instructions") == 0) {
        const double *values = *event == 'c' ? column->cycles : column->instructions;
        value = values ? values[round] : NAN;
    } else if (column->event_sets) {
        const struct sample_events *events = column->event_sets[round];
        for (size_t i = 0; i < events->count && isnan(value); i++)
            if (strcmp(events->events[i], event) == 0)
                value = column->counts[round][i];
    }
    return value / ((double)column->ops * set->op_threads);
}

struct sample_counts samples_counts(const struct sample_set *set, size_t cell, size_t base,
                                    const char *event) {
    size_t rounds = 0;
    for (size_t b = 0; b < set->block_count; b++)
        rounds += set->blocks[b].rounds;
    struct sample_counts counts = {.values = allocate(rounds, sizeof *counts.values),
                                   .base = allocate(rounds, sizeof *counts.base),
                                   .blocks = allocate(rounds, sizeof *counts.blocks)};
    for (size_t b = 0; b < set->block_count; b++) {
        const struct sample_block *block = &set->blocks[b];
        if (cell >= block->column_count || base >= block->column_count)
            continue;
        const struct sample_column *mine = &block->columns[cell], *other = &block->columns[base];
        for (size_t i = 0; mine->ops && other->ops && i < block->rounds; i++) {
            double value = samples_count(set, mine, i, event);
            double against = samples_count(set, other, i, event);
            if (isnan(value) || isnan(against))
                continue;
            counts.values[counts.count] = value;
            counts.base[counts.count] = against;
            counts.blocks[counts.count++] = b;
        }
    }
    return counts;
}

void samples_counts_free(struct sample_counts *counts) {
    free(counts->values);
    free(counts->base);
    free(counts->blocks);
    *counts = (struct sample_counts){0};
}

/* Whether an event stands in the set's blocks before this place. */
static bool stands_before(const struct sample_set *set, size_t block, size_t group, size_t place,
                          const char *event) {
    for (size_t b = 0; b <= block; b++)
        for (size_t g = 0; g < set->blocks[b].event_set_count; g++)
            for (size_t i = 0; i < set->blocks[b].event_sets[g].count; i++) {
                if (b == block && g == group && i == place)
                    return false;
                if (strcmp(set->blocks[b].event_sets[g].events[i], event) == 0)
                    return true;
            }
    return false;
}

const char *samples_event(const struct sample_set *set, size_t number, const char **events) {
    for (size_t b = 0; b < set->block_count; b++)
        for (size_t g = 0; g < set->blocks[b].event_set_count; g++) {
            const struct sample_events *group = &set->blocks[b].event_sets[g];
            for (size_t i = 0; i < group->count; i++) {
                if (stands_before(set, b, g, i, group->events[i]) || number--)
                    continue;
                if (events)
                    *events = group->name;
                return group->events[i];
            }
        }
    return NULL;
}
