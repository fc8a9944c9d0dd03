/* SPDX-License-Identifier: MIT
 *
 * samples_block.c: the line of a block, the one that holds the samples.
 */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "samples/bounds.h"
#include "samples/samples_reader.h"

static enum sound sound_of(const json_t *cell) {
    const json_t *sound = json_object_get(cell, "sound");
    return json_is_true(sound) ? SOUND_YES : json_is_false(sound) ? SOUND_NO : SOUND_NOT_APPLICABLE;
}

static bool read_model(const json_t *object, enum memmodel *model) {
    return memmodel_parse(samples_text(object, "model"), model);
}

double samples_number(const json_t *object, const char *key) {
    const json_t *value = json_object_get(object, key);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

double *samples_keep_number(struct samples *run, const json_t *object, const char *key) {
    double *kept = json_object_get(object, key) ? samples_keep(run, 1, sizeof *kept) : NULL;
    if (kept)
        *kept = samples_number(object, key);
    return kept;
}

/* The number of this cell in its set, which it joins if it is new; or more than there are. */
static size_t find_cell(struct reader *reader, struct sample_set *set, const json_t *json) {
    const char *lowering = samples_text(json, "lowering");
    enum role role;
    enum memmodel model;
    enum coverage coverage;
    if (!role_parse(samples_text(json, "role"), &role) || !read_model(json, &model) ||
        !coverage_parse(samples_text(json, "coverage"), &coverage)) {
        samples_refuse(reader, "%s: no known role, model or coverage", lowering);
        return BOUND_CELLS;
    }
    size_t known = samples_cell(set, lowering, role, model);
    if (known < set->cell_count)
        return known;
    if (set->cell_count == BOUND_CELLS ||
        !samples_note(reader, reader->lowerings, lowering, BOUND_LOWERINGS, "lowerings"))
        return BOUND_CELLS;
    struct samples *run = reader->run;
    GROW(run, set->cells, set->cell_count);
    set->cells[set->cell_count - 1] = (struct sample_cell){
        .lowering = samples_keep_text(run, json, "lowering"),
        .role = role,
        .model = model,
        .coverage = coverage,
        .sound = sound_of(json),
        .witness = samples_keep_text(run, json, "witness"),
        .erratum = (unsigned)samples_whole(json, "erratum"),
        .symbol = samples_keep_text(run, json, "symbol"),
    };
    return set->cell_count - 1;
}

bool samples_numbers(struct reader *reader, const json_t *object, const char *key, size_t wanted,
                     double **values) {
    const json_t *array = json_object_get(object, key);
    size_t count = json_array_size(array);
    *values = NULL;
    if (array == NULL)
        return true;
    const double *arrays = arrays_of(&reader->arrays, array, &count);
    if (count != wanted)
        return samples_refuse(reader, "`%s' has %zu elements for %zu rounds", key, count, wanted);
    *values = samples_keep(reader->run, wanted, sizeof **values);
    if (arrays)
        memcpy(*values, arrays, wanted * sizeof **values);
    for (size_t i = 0; !arrays && i < wanted; i++) {
        const json_t *value = json_array_get(array, i);
        (*values)[i] = json_is_null(value) ? NAN : json_number_value(value);
    }
    return true;
}

static bool read_series(struct reader *reader, size_t rounds, struct sample_column *column,
                        const json_t *json) {
    double *unused;
    const struct {
        const char *key;
        double **values;
    } series[] = {{"ticks", &column->ticks},
                  {"chain_before", &column->chain_before},
                  {"chain_after", &column->chain_after},
                  {"cycles", &column->cycles},
                  {"instructions", &column->instructions},
                  {"metric", &column->metric},
                  {"ticks_twice", &column->ticks_twice},
                  {"instructions_twice", &unused}};
    for (size_t i = 0; i < sizeof series / sizeof series[0]; i++)
        if (!samples_numbers(reader, json, series[i].key, rounds, series[i].values))
            return false;
    return true;
}

/* Of a trimmed block: one value in the place of each array. */
static bool read_medians(struct reader *reader, const struct sample_set *set,
                         const struct sample_block *block, struct sample_column *column,
                         const json_t *json) {
    struct sample_medians *medians = samples_keep(reader->run, 1, sizeof *medians);
    *medians = (struct sample_medians){
        .ns = samples_number(json, "ns"),
        .cycles = samples_number(json, "cycles"),
        .ratio = samples_number(json, "ratio"),
        .tally = {samples_whole(json, "samples"), samples_whole(json, "spoiled"),
                  samples_whole(json, "drifted")},
    };
    const struct sample_tally *tally = &medians->tally;
    if (tally->samples + tally->spoiled != block->rounds || tally->drifted > tally->samples ||
        isnan(medians->ns) != (tally->samples == 0))
        return samples_refuse(reader, "%s: %zu samples, %zu spoiled and %zu drifted of %zu rounds",
                              set->name, tally->samples, tally->spoiled, tally->drifted,
                              block->rounds);
    column->medians = medians;
    column->metric = samples_keep_number(reader->run, json, "metric");
    return samples_read_counted(reader, block, column, json_object_get(json, "counted"));
}

static bool read_column(struct reader *reader, const struct sample_set *set,
                        const struct sample_block *block, struct sample_column *column,
                        const json_t *json) {
    uint64_t migrated = samples_whole(json, "migrated"),
             wrong = samples_whole(json, "check_failed");
    uint64_t preempted = samples_whole(json, "preempted");
    if (column->ops)
        return samples_refuse(reader, "%s: a cell is there twice", set->name);
    if (migrated > block->rounds || wrong > block->rounds ||
        preempted > (uint64_t)block->rounds * set->threads)
        return samples_refuse(reader, "%s: more samples are spoiled or wrong than %zu rounds have",
                              set->name, block->rounds);
    *column = (struct sample_column){
        .ops = samples_whole(json, "ops"),
        .migrated = (unsigned)migrated,
        .preempted = (unsigned)preempted,
        .check_failed = (unsigned)wrong,
        .check_message = samples_keep_text(reader->run, json, "check_message"),
    };
    if (set->trimmed)
        return read_medians(reader, set, block, column, json);
    return read_series(reader, block->rounds, column, json) &&
           samples_read_counts(reader, block, column, json);
}

static bool read_cells(struct reader *reader, struct sample_set *set, struct sample_block *block,
                       const json_t *line) {
    size_t i;
    json_t *json, *cells = json_object_get(line, "cells");
    bool named = json_object_get(line, "metric") != NULL;
    json_array_foreach(cells, i, json) {
        if (find_cell(reader, set, json) == BOUND_CELLS)
            return *reader->why
                       ? false
                       : samples_refuse(reader, "%s: more than %d cells", set->name, BOUND_CELLS);
        if (named != (json_object_get(json, "metric") != NULL))
            return samples_refuse(reader, "a metric without its name, or a name without it");
    }
    block->column_count = set->cell_count;
    block->columns = samples_keep(reader->run, set->cell_count, sizeof *block->columns);
    json_array_foreach(cells, i, json) {
        struct sample_column *column = &block->columns[find_cell(reader, set, json)];
        if (!read_column(reader, set, block, column, json))
            return false;
    }
    return true;
}

static bool read_battery(struct reader *reader, struct sample_block *block, const json_t *rows) {
    size_t i;
    json_t *row;
    struct samples *run = reader->run;
    json_array_foreach(rows, i, row) {
        GROW(run, block->litmus, block->litmus_count);
        struct sample_litmus *litmus = &block->litmus[block->litmus_count - 1];
        *litmus = (struct sample_litmus){
            .test = samples_keep_text(run, row, "test"),
            .runs = samples_whole(row, "runs"),
            .relaxed = samples_whole(row, "relaxed"),
            .forbidden = json_is_true(json_object_get(row, "forbidden")),
        };
        if (!read_model(row, &litmus->model))
            return samples_refuse(reader, "battery: %s: no known model", litmus->test);
        if (litmus->relaxed > litmus->runs)
            return samples_refuse(reader, "battery: %s: more relaxed outcomes than runs",
                                  litmus->test);
        if (!litmus->forbidden)
            continue;
        run->seen[litmus->model].runs += litmus->runs;
        run->seen[litmus->model].forbidden += litmus->relaxed;
    }
    return true;
}

/* The same in all blocks. */
static bool read_skips(struct reader *reader, struct sample_set *set, const json_t *skips) {
    size_t i;
    json_t *skip;
    struct samples *run = reader->run;
    if (set->skip_count)
        return true;
    json_array_foreach(skips, i, skip) {
        GROW(run, set->skips, set->skip_count);
        struct sample_skip *it = &set->skips[set->skip_count - 1];
        it->lowering = samples_keep_text(run, skip, "lowering");
        it->reason = samples_keep_text(run, skip, "reason");
        if (!read_model(skip, &it->model))
            return samples_refuse(reader, "skipped: %s: no known model", it->lowering);
    }
    return true;
}

/* What each round executed, where it is said: each cell once, and as often as there was need of it
 * the code of a cell for nothing but balance, which is the cell's number and that of all cells. */
static bool check_order(struct reader *reader, const json_t *line, size_t rounds) {
    const json_t *order = json_object_get(line, "order"), *item;
    size_t cells = json_array_size(json_object_get(line, "cells")), count = json_array_size(order);
    const double *values = arrays_of(&reader->arrays, order, &count);
    if (count && (count % rounds || count / rounds < cells))
        return samples_refuse(reader, "`order' has %zu elements for %zu rounds of %zu cells", count,
                              rounds, cells);
    size_t measured = 0;
    for (size_t i = 0; i < count; i++) {
        item = values ? NULL : json_array_get(order, i);
        double place = values ? values[i] : json_number_value(item);
        if (place >= 2 * (double)cells)
            return samples_refuse(reader, "`order' names a cell that is not there");
        measured += place < (double)cells;
    }
    if (count && measured != rounds * cells)
        return samples_refuse(reader, "`order' has %zu samples of %zu", measured, rounds * cells);
    return true;
}

/* What all blocks of a set say alike. */
static bool agree(struct reader *reader, struct sample_set *set, const json_t *line) {
    struct samples *run = reader->run;
    uint64_t number = samples_whole(line, "block"), threads = samples_whole(line, "op_threads");
    bool trimmed = text_same(samples_text(line, "type"), "medians");
    enum source source;
    if (trimmed && run->whole == NULL)
        return samples_refuse(reader, "%s: a trimmed block in a run that is whole", set->name);
    if (set->block_count && set->trimmed != trimmed)
        return samples_refuse(reader, "%s: trimmed blocks and whole ones", set->name);
    set->trimmed = trimmed;
    if (!source_parse(samples_text(line, "source"), &source))
        return samples_refuse(reader, "%s: no known source", set->name);
    if (run->source && run->source != source)
        return samples_refuse(reader, "a sample that is %s in a run that is %s",
                              source_name(source), source_name(run->source));
    run->source = source;
    if (set->block_count == BOUND_BLOCKS)
        return samples_refuse(reader, "%s: more than %d blocks", set->name, BOUND_BLOCKS);
    for (size_t i = 0; i < set->block_count; i++)
        if (set->blocks[i].number == (long)number)
            return samples_refuse(reader, "%s: block %ld is there twice", set->name, (long)number);
    if (threads > set->threads)
        return samples_refuse(reader, "%s: `op_threads' of %u threads", set->name, set->threads);
    if (set->block_count == 0) {
        set->family = samples_keep_text(run, line, "family");
        set->op = samples_keep_text(run, line, "op");
        set->metric = samples_keep_text(run, line, "metric");
        set->weight = (unsigned)samples_whole(line, "weight");
        set->op_threads = threads ? (unsigned)threads : set->threads;
        set->footprint = samples_whole(line, "footprint");
        set->bytes_per_op = samples_whole(line, "bytes_per_op");
    }
    if (set->footprint != samples_whole(line, "footprint") ||
        set->bytes_per_op != samples_whole(line, "bytes_per_op") ||
        set->op_threads != (threads ? threads : set->threads))
        return samples_refuse(reader, "%s: another size than in the blocks before", set->name);
    return true;
}

/* The lesser of both widths. */
static bool read_width(struct reader *reader, struct sample_block *block, const json_t *line) {
    double *widths;
    bool fine = samples_numbers(reader, line, "issue_width", 2, &widths);
    block->issue_width = fine && widths ? fmin(widths[0], widths[1]) : NAN;
    return fine;
}

bool samples_add_block(struct reader *reader, struct sample_set *set, const json_t *line) {
    struct samples *run = reader->run;
    const json_t *battery = json_object_get(line, "battery");
    const json_t *lead_in = json_object_get(line, "lead_in");
    struct sample_block block = {
        .number = (long)samples_whole(line, "block"),
        .rounds = samples_whole(line, "rounds"),
        .page_kib = (long)samples_whole(line, "page_kib"),
        .throttled = samples_whole(line, "throttled"),
        .ticks_per_ns = json_number_value(json_object_get(line, "ticks_per_ns")),
        .chain_adds = json_number_value(json_object_get(line, "chain_adds")),
        .seed = samples_keep_text(run, line, "seed"),
        .time = samples_keep_text(run, line, "time"),
        .placement = samples_keep_text(run, line, "placement"),
        .address_space = samples_keep_text(run, line, "layout"),
        .layout = (unsigned)samples_whole(json_object_get(line, "link"), "layout"),
        .lead_in = lead_in ? json_number_value(lead_in) : NAN,
        .unsettled = json_is_false(json_object_get(line, "settled")),
        .battery_skipped = samples_keep_text(run, line, "battery_skipped"),
        .pmu_skipped = samples_keep_text(run, line, "pmu_skipped"),
    };
    if (!agree(reader, set, line) || !check_order(reader, line, block.rounds) ||
        !read_width(reader, &block, line) || !samples_read_events(reader, set, &block, line) ||
        !read_cells(reader, set, &block, line) ||
        !read_battery(reader, &block, json_object_get(battery, "before")) ||
        !read_battery(reader, &block, json_object_get(battery, "after")) ||
        !read_skips(reader, set, json_object_get(line, "skipped")))
        return false;
    if (set->trimmed)
        block.rounds = 1;
    if (block.battery_skipped)
        run->battery_skipped = block.battery_skipped;
    GROW(run, set->blocks, set->block_count);
    set->blocks[set->block_count - 1] = block;
    set->several_layouts |= block.layout != set->blocks[0].layout;
    return true;
}

bool samples_add_shapes(struct reader *reader, struct sample_set *set, const json_t *line) {
    size_t i;
    json_t *json, *cells = json_object_get(line, "cells");
    if (!set->trimmed)
        return samples_refuse(reader, "%s: shapes of a set that is not trimmed", set->name);
    json_array_foreach(cells, i, json) {
        enum role role;
        enum memmodel model;
        size_t cell = set->cell_count;
        if (role_parse(samples_text(json, "role"), &role) && read_model(json, &model))
            cell = samples_cell(set, samples_text(json, "lowering"), role, model);
        if (cell == set->cell_count)
            return samples_refuse(reader, "%s: the shape of a cell that it does not have",
                                  set->name);
        set->cells[cell].shape = (struct sample_shape){
            .bimodal = json_number_value(json_object_get(json, "bimodal")),
            .slower_share = json_number_value(json_object_get(json, "slower_share")),
            .warm_up = json_number_value(json_object_get(json, "warm_up")),
            .between_blocks = json_is_true(json_object_get(json, "between_blocks")),
        };
    }
    return true;
}
