/* SPDX-License-Identifier: MIT */
#include "finish.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "die.h"
#include "gb_shim.h"
#include "samples.h"
#include "stats.h"
#include "summary.h"

/* Medians over a block's rounds, of ns and of cycles for one operation of the whole set. */
static void medians(const struct sample_set *set, const struct sample_block *block,
                    const struct sample_column *column, double *ns, double *cycles) {
    double *values = allocate(2 * block->rounds, sizeof *values), *clock = values + block->rounds;
    size_t used = 0;
    for (size_t i = 0; i < block->rounds; i++) {
        if (isnan(column->ticks[i]))
            continue;
        values[used] = samples_ns(set, block, column, i);
        clock[used++] = samples_cycles(set, block, column, i);
    }
    *ns = stats_median(values, used);
    *cycles = stats_median(clock, used);
    free(values);
}

static void write_rows(struct gb_json *json, const struct sample_set *set) {
    for (size_t c = 0; c < set->cell_count; c++) {
        char name[512];
        const struct sample_cell *cell = &set->cells[c];
        snprintf(name, sizeof name, "%s/%s/%s%s%s", set->name, cell->lowering, cell->model,
                 strcmp(cell->role, "lowering") ? "/" : "",
                 strcmp(cell->role, "lowering") ? cell->role : "");
        for (size_t b = 0; b < set->block_count; b++) {
            const struct sample_block *block = &set->blocks[b];
            struct gb_row row = {.name = name,
                                 .block = block->number,
                                 .blocks = (long)set->block_count,
                                 .rounds = (long)block->rounds,
                                 .threads = (int)set->threads};
            if (c >= block->column_count || block->columns[c].ops == 0)
                continue;
            medians(set, block, &block->columns[c], &row.ns, &row.cycles);
            if (!isnan(row.ns))
                gb_json_row(json, &row);
        }
    }
}

static void write_benchmark_json(const struct samples *run) {
    char path[PATH_MAX];
    json_t *context =
        json_pack("{s:s?, s:s?, s:s?, s:s?, s:s}", "date", run->time, "suite", run->suite, "seed",
                  run->seed, "source", run->source, "library_build_type", "release");
    char *text = json_dumps(context, JSON_INDENT(2));
    snprintf(path, sizeof path, "%s/benchmark.json", run->directory);
    struct gb_json *json = gb_json_open(path, text);
    if (json == NULL)
        die(EXIT_FAILED, "cannot write %s: %s", path, strerror(errno));
    for (size_t i = 0; i < run->set_count; i++)
        write_rows(json, &run->sets[i]);
    if (gb_json_close(json))
        die(EXIT_FAILED, "cannot write %s", path);
    free(text);
    json_decref(context);
}

static void write_summary(const struct samples *run) {
    char path[PATH_MAX];
    struct summary *summary = summary_build(run);
    snprintf(path, sizeof path, "%s/summary.tsv", run->directory);
    FILE *file = fopen(path, "w");
    if (file == NULL)
        die(EXIT_FAILED, "cannot write %s: %s", path, strerror(errno));
    summary_write_tsv(summary, file);
    int failed = ferror(file);
    if (fclose(file) || failed)
        die(EXIT_FAILED, "cannot write %s", path);
    summary_free(summary);
}

void finish_run(const char *directory) {
    struct samples *run = samples_read(directory);
    write_summary(run);
    write_benchmark_json(run);
    samples_free(run);
    samples_compress(directory);
}
