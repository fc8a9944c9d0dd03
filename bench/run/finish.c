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
#include "durable.h"
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

static char *benchmark_json(const struct samples *run) {
    json_t *context =
        json_pack("{s:s?, s:s?, s:s?, s:s?, s:s}", "date", run->time, "suite", run->suite, "seed",
                  run->seed, "source", run->source, "library_build_type", "release");
    char *text = json_dumps(context, JSON_INDENT(2));
    struct gb_json *json = gb_json_open(text);
    for (size_t i = 0; i < run->set_count; i++)
        write_rows(json, &run->sets[i]);
    free(text);
    json_decref(context);
    return gb_json_close(json);
}

static char *summary_tsv(const struct samples *run) {
    char *text;
    size_t size;
    struct summary *summary = summary_build(run);
    FILE *memory = open_memstream(&text, &size);
    if (memory == NULL)
        die(EXIT_FAILED, "out of memory for the summary");
    summary_write_tsv(summary, memory);
    summary_free(summary);
    return fclose(memory) ? NULL : text;
}

/* Writes a file of the run, and frees its text. */
static void keep(const char *directory, const char *name, char *text, const char *remedy) {
    char path[PATH_MAX + 32];
    if (text == NULL)
        die(EXIT_FAILED, "out of memory for %s; %s", name, remedy);
    snprintf(path, sizeof path, "%s/%s", directory, name);
    if (durable_write(path, text, strlen(text)))
        die(EXIT_FAILED, "cannot write %s: %s; %s", path, strerror(errno), remedy);
    free(text);
}

void finish_run(const char *directory, const char *remedy) {
    struct samples *run = samples_read(directory);
    keep(directory, "summary.tsv", summary_tsv(run), remedy);
    keep(directory, "benchmark.json", benchmark_json(run), remedy);
    samples_free(run);
    if (samples_compress(directory))
        die(EXIT_FAILED, "cannot make %s/samples.jsonl.zst of samples.jsonl: %s; %s", directory,
            strerror(errno), remedy);
}
