/* SPDX-License-Identifier: MIT
 *
 * samples_block.c: the line of a block, the one that holds the samples.
 */
#include <math.h>
#include <string.h>

#include "samples_reader.h"

static bool cell_is(const struct sample_cell *cell, const char *lowering, const char *role,
                    const char *model) {
    return strcmp(cell->lowering, lowering) == 0 && strcmp(cell->role, role) == 0 &&
           strcmp(cell->model, model) == 0;
}

/* The number of this cell in its set, which it joins if it is new. */
static size_t find_cell(struct reader *reader, struct sample_set *set, json_t *json) {
    const char *lowering, *role, *model, *coverage, *witness = NULL, *symbol = NULL;
    json_t *sound;
    UNPACK(reader, json, "{s:s, s:s, s:s, s:s, s:o, s?o, s?o}", "lowering", &lowering, "role",
           &role, "model", &model, "coverage", &coverage, "sound", &sound, "witness", &witness,
           "symbol", &symbol);
    for (size_t i = 0; i < set->cell_count; i++)
        if (cell_is(&set->cells[i], lowering, role, model))
            return i;
    struct samples *run = reader->run;
    GROW(run, set->cells, set->cell_count);
    set->cells[set->cell_count - 1] = (struct sample_cell){
        .lowering = samples_keep_text(run, lowering),
        .role = samples_keep_text(run, role),
        .model = samples_keep_text(run, model),
        .coverage = samples_keep_text(run, coverage),
        .sound = json_is_true(sound)    ? SOUND_YES
                 : json_is_false(sound) ? SOUND_NO
                                        : SOUND_NOT_APPLICABLE,
        .witness = samples_keep_text(run, json_string_value(json_object_get(json, "witness"))),
        .erratum = (unsigned)json_integer_value(json_object_get(json, "erratum")),
        .symbol = samples_keep_text(run, json_string_value(json_object_get(json, "symbol"))),
    };
    return set->cell_count - 1;
}

double *samples_numbers(struct reader *reader, json_t *array, const char *key, size_t wanted,
                        bool optional) {
    json_t *mark = json_object_get(array, "#");
    size_t count = json_array_size(array);
    if (array == NULL && optional)
        return NULL;
    const double *lifted = NULL;
    if (mark)
        lifted = lift_find(&reader->lifted, (size_t)json_integer_value(mark), &count);
    if (count != wanted)
        CORRUPT(reader, "%s has %zu elements for %zu rounds", key, count, wanted);
    double *values = samples_keep(reader->run, wanted, sizeof *values);
    if (lifted)
        return memcpy(values, lifted, wanted * sizeof *values);
    for (size_t i = 0; i < wanted; i++) {
        json_t *value = json_array_get(array, i);
        if (!json_is_number(value) && !json_is_null(value))
            CORRUPT(reader, "%s holds something else than numbers", key);
        values[i] = json_is_null(value) ? NAN : json_number_value(value);
    }
    return values;
}

static double *numbers(struct reader *reader, json_t *cell, const char *key, size_t rounds,
                       bool optional) {
    return samples_numbers(reader, json_object_get(cell, key), key, rounds, optional);
}

static void read_column(struct reader *reader, struct sample_block *block,
                        struct sample_column *column, json_t *json) {
    json_int_t ops;
    json_t *message = NULL;
    int migrated = 0, preempted = 0, check_failed = 0;
    UNPACK(reader, json, "{s:I, s?i, s?i, s?i, s?o}", "ops", &ops, "migrated", &migrated,
           "preempted", &preempted, "check_failed", &check_failed, "check_message", &message);
    if (ops <= 0)
        CORRUPT(reader, "ops is %lld", (long long)ops);
    *column = (struct sample_column){
        .ops = (uint64_t)ops,
        .ticks = numbers(reader, json, "ticks", block->rounds, false),
        .chain_before = numbers(reader, json, "chain_before", block->rounds, false),
        .chain_after = numbers(reader, json, "chain_after", block->rounds, false),
        .cycles = numbers(reader, json, "cycles", block->rounds, true),
        .instructions = numbers(reader, json, "instructions", block->rounds, true),
        .metric = numbers(reader, json, "metric", block->rounds, true),
        .ticks_twice = numbers(reader, json, "ticks_twice", block->rounds, true),
        .migrated = (unsigned)migrated,
        .preempted = (unsigned)preempted,
        .check_failed = (unsigned)check_failed,
        .check_message = samples_keep_text(reader->run, json_string_value(message)),
    };
    samples_read_counts(reader, block, column, json);
}

static void read_cells(struct reader *reader, struct sample_set *set, struct sample_block *block,
                       json_t *cells) {
    size_t i;
    json_t *json;
    json_array_foreach(cells, i, json) find_cell(reader, set, json);
    block->column_count = set->cell_count;
    block->columns = samples_keep(reader->run, set->cell_count, sizeof *block->columns);
    json_array_foreach(cells, i, json)
        read_column(reader, block, &block->columns[find_cell(reader, set, json)], json);
}

static void read_battery(struct reader *reader, struct sample_block *block, json_t *rows) {
    size_t i;
    json_t *row;
    struct samples *run = reader->run;
    json_array_foreach(rows, i, row) {
        const char *model, *test;
        json_int_t runs, relaxed;
        int forbidden;
        UNPACK(reader, row, "{s:s, s:s, s:I, s:I, s:b}", "model", &model, "test", &test, "runs",
               &runs, "relaxed", &relaxed, "forbidden", &forbidden);
        GROW(run, block->litmus, block->litmus_count);
        block->litmus[block->litmus_count - 1] =
            (struct sample_litmus){samples_keep_text(run, model), samples_keep_text(run, test),
                                   (uint64_t)runs, (uint64_t)relaxed, forbidden};
    }
}

static void read_skips(struct reader *reader, struct sample_set *set, json_t *skips) {
    size_t i;
    json_t *skip;
    struct samples *run = reader->run;
    if (set->skip_count) /* the same in all blocks */
        return;
    json_array_foreach(skips, i, skip) {
        const char *lowering, *model, *reason;
        UNPACK(reader, skip, "{s:s, s:s, s:s}", "lowering", &lowering, "model", &model, "reason",
               &reason);
        GROW(run, set->skips, set->skip_count);
        set->skips[set->skip_count - 1] =
            (struct sample_skip){samples_keep_text(run, lowering), samples_keep_text(run, model),
                                 samples_keep_text(run, reason)};
    }
}

void samples_add_block(struct reader *reader, struct sample_set *set, json_t *line) {
    struct samples *run = reader->run;
    struct sample_block block = {0};
    int number, rounds, page_kib = 0;
    const char *seed, *source, *time = NULL, *placement = NULL, *battery_skipped = NULL;
    const char *pmu_skipped = NULL, *layout = NULL;
    json_int_t footprint = 0, bytes_per_op = 0, throttled = 0;
    json_t *cells, *before = NULL, *after = NULL, *skips = NULL;
    UNPACK(reader, line, "{s:i, s:i, s:s, s:s, s:F, s:F, s:o, s?s, s?s, s?i, s?I, s?I, s?s}",
           "block", &number, "rounds", &rounds, "seed", &seed, "source", &source, "ticks_per_ns",
           &block.ticks_per_ns, "chain_adds", &block.chain_adds, "cells", &cells, "time", &time,
           "placement", &placement, "page_kib", &page_kib, "footprint", &footprint, "bytes_per_op",
           &bytes_per_op, "layout", &layout);
    UNPACK(reader, line, "{s?{s?o, s?o}, s?s, s?s, s?o, s?I}", "battery", "before", &before,
           "after", &after, "battery_skipped", &battery_skipped, "pmu_skipped", &pmu_skipped,
           "skipped", &skips, "throttled", &throttled);
    if (rounds < 0 || set->threads == 0 || set->kernel == NULL || !(block.ticks_per_ns > 0))
        CORRUPT(reader, "%s: no kernel, threads, rounds or clock", set->name);
    if (run->source && strcmp(run->source, source) != 0)
        CORRUPT(reader, "a sample that is %s in a run that is %s", source, run->source);
    for (size_t i = 0; i < set->block_count; i++)
        if (set->blocks[i].number == number)
            CORRUPT(reader, "%s: block %d is there twice", set->name, number);
    if (run->source == NULL)
        run->source = samples_keep_text(run, source);
    set->footprint = (uint64_t)footprint;
    set->bytes_per_op = (uint64_t)bytes_per_op;
    block.number = number;
    block.rounds = (size_t)rounds;
    block.page_kib = page_kib;
    block.throttled = (uint64_t)throttled;
    block.seed = samples_keep_text(run, seed);
    block.time = samples_keep_text(run, time);
    block.placement = samples_keep_text(run, placement);
    block.layout = samples_keep_text(run, layout);
    block.battery_skipped = samples_keep_text(run, battery_skipped);
    block.pmu_skipped = samples_keep_text(run, pmu_skipped);
    const double *widths =
        samples_numbers(reader, json_object_get(line, "issue_width"), "issue_width", 2, true);
    block.issue_width = widths ? fmin(widths[0], widths[1]) : NAN;
    samples_read_events(reader, &block, line);
    read_cells(reader, set, &block, cells);
    read_battery(reader, &block, before);
    read_battery(reader, &block, after);
    read_skips(reader, set, skips);
    GROW(run, set->blocks, set->block_count);
    set->blocks[set->block_count - 1] = block;
}
