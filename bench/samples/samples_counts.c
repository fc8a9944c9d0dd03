/* SPDX-License-Identifier: MIT
 *
 * samples_counts.c: the events of a block and their counts, which rotate: each round counts one
 * set of events, in all cells.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "samples/bounds.h"
#include "samples/samples_reader.h"

/* An event that the set has not counted before joins its events. */
static bool note_event(struct reader *reader, struct sample_set *set, const char *name,
                       const char *group) {
    for (size_t i = 0; i < set->event_count; i++)
        if (strcmp(set->events[i].name, name) == 0)
            return true;
    if (set->event_count == BOUND_EVENTS)
        return samples_refuse(reader, "%s: more than %d events", set->name, BOUND_EVENTS);
    GROW(reader->run, set->events, set->event_count);
    set->events[set->event_count - 1] = (struct sample_event){name, group};
    return true;
}

static bool read_event_sets(struct reader *reader, struct sample_set *set,
                            struct sample_block *block, const json_t *sets) {
    size_t i, k;
    json_t *json, *name;
    struct samples *run = reader->run;
    struct sample_events *all = block->all_events = samples_keep(run, 1, sizeof *all);
    block->event_set_count = json_array_size(sets);
    block->event_sets = samples_keep(run, block->event_set_count, sizeof *block->event_sets);
    json_array_foreach(sets, i, json) all->count +=
        json_array_size(json_object_get(json, "events"));
    all->events = samples_keep(run, all->count, sizeof *all->events);
    const char **next = all->events;
    json_array_foreach(sets, i, json) {
        json_t *events = json_object_get(json, "events");
        struct sample_events *group = &block->event_sets[i];
        group->name = samples_keep_text(run, json, "name");
        group->count = json_array_size(events);
        group->events = samples_keep(run, group->count, sizeof *group->events);
        json_array_foreach(events, k, name) {
            char *text = samples_keep(run, json_string_length(name) + 1, 1);
            *next++ = group->events[k] = strcpy(text, json_string_value(name));
            if (!note_event(reader, set, text, group->name))
                return false;
        }
    }
    return true;
}

bool samples_read_events(struct reader *reader, struct sample_set *set, struct sample_block *block,
                         const json_t *line) {
    size_t i;
    const json_t *events = json_object_get(line, "events");
    json_t *missing = json_object_get(events, "missing"), *json;
    struct samples *run = reader->run;
    if (!json_is_object(events))
        return true;
    block->pmu = samples_keep_text(run, events, "pmu");
    block->pmu_read = samples_keep_text(run, events, "read");
    block->missing_count = json_array_size(missing);
    block->missing = samples_keep(run, block->missing_count, sizeof *block->missing);
    json_array_foreach(missing, i, json) block->missing[i] = (struct sample_missing){
        samples_keep_text(run, json, "event"), samples_keep_text(run, json, "reason")};
    return read_event_sets(reader, set, block, json_object_get(events, "sets"));
}

/* What a round counted that counted nothing; of every set of events. */
static double *nothing(struct samples *run) {
    double *values = samples_keep(run, BOUND_EVENTS, sizeof *values);
    for (size_t i = 0; i < BOUND_EVENTS; i++)
        values[i] = NAN;
    return values;
}

static bool read_round(struct reader *reader, const json_t *values, size_t wanted, double **counts,
                       double *none) {
    size_t count = json_array_size(values);
    const double *arrays = arrays_of(&reader->arrays, values, &count);
    if (values == NULL || json_is_null(values)) {
        *counts = none;
        return true;
    }
    if (count != wanted)
        return samples_refuse(reader, "`counts' has %zu events of %zu that the round's set has",
                              count, wanted);
    *counts = samples_keep(reader->run, wanted, sizeof **counts);
    for (size_t i = 0; i < wanted; i++) {
        const json_t *value = arrays ? NULL : json_array_get(values, i);
        (*counts)[i] = arrays ? arrays[i] : json_is_null(value) ? NAN : json_number_value(value);
    }
    return true;
}

bool samples_read_counts(struct reader *reader, const struct sample_block *block,
                         struct sample_column *column, const json_t *cell) {
    struct samples *run = reader->run;
    const json_t *counts = json_object_get(cell, "counts");
    double *sets;
    size_t size = json_array_size(counts);
    /* All null, and so taken for numbers: no round counted anything. */
    bool none = arrays_of(&reader->arrays, counts, &size) != NULL;
    if (!samples_numbers(reader, cell, "event_set", block->rounds, &sets))
        return false;
    if ((sets != NULL) != (counts != NULL) || (sets != NULL) != (block->event_set_count > 0))
        return samples_refuse(reader, "`event_set', `counts' and sets of events: all or none");
    if (sets == NULL)
        return true;
    if (size != block->rounds)
        return samples_refuse(reader, "`counts' has %zu elements for %zu rounds", size,
                              block->rounds);
    column->event_sets = samples_keep(run, block->rounds, sizeof *column->event_sets);
    column->counts = samples_keep(run, block->rounds, sizeof *column->counts);
    double *empty = nothing(run);
    for (size_t i = 0; i < block->rounds; i++) {
        if (!(sets[i] < (double)block->event_set_count))
            return samples_refuse(reader, "a round counted no set of events that is known: %g",
                                  sets[i]);
        column->event_sets[i] = &block->event_sets[(size_t)sets[i]];
        if (!read_round(reader, none ? NULL : json_array_get(counts, i),
                        column->event_sets[i]->count, &column->counts[i], empty))
            return false;
    }
    return true;
}

bool samples_read_counted(struct reader *reader, const struct sample_block *block,
                          struct sample_column *column, const json_t *counted) {
    struct samples *run = reader->run;
    double *counts;
    size_t events = block->all_events ? block->all_events->count : 0;
    if (!samples_numbers(reader, counted, "events", events, &counts))
        return false;
    column->cycles = samples_keep_number(run, counted, "cycles");
    column->instructions = samples_keep_number(run, counted, "instructions");
    if (counts == NULL || events == 0)
        return true;
    column->event_sets = samples_keep(run, 1, sizeof *column->event_sets);
    column->counts = samples_keep(run, 1, sizeof *column->counts);
    *column->event_sets = block->all_events;
    *column->counts = counts;
    return true;
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

const char *samples_event(const struct sample_set *set, size_t number, const char **events) {
    if (number >= set->event_count)
        return NULL;
    if (events)
        *events = set->events[number].group;
    return set->events[number].name;
}
