/* SPDX-License-Identifier: MIT */
#include "run/trim.h"

#include <dirent.h>
#include <errno.h>
#include <float.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jansson.h>

#include "base/child.h"
#include "base/die.h"
#include "base/durable.h"
#include "base/folder.h"
#include "base/text.h"
#include "run/finish.h"
#include "samples/schema.h"
#include "samples/textfile.h"
#include "stats/stats.h"
#include "summary/diagnose.h"

enum { SHA256_DIGITS = 64 };

struct trimmer {
    const struct samples *run;
    char sha256[SHA256_DIGITS + 1];
    size_t bytes;   /* of the archive */
    double *values; /* room for three of a block's rounds */
    FILE *out;
};

/* ---- which sets ---- */

/* Whether a block has a ratio of a cell to another, or a time where that is the cell itself. */
static bool has_ratio(const struct sample_set *set, const struct sample_block *block, size_t cell,
                      size_t base) {
    for (size_t i = 0; i < block->rounds; i++)
        if (samples_ratio(set, block, cell, base, i) > 0)
            return true;
    return false;
}

/* An interval over blocks does not see rounds; one of a single block is over them. */
static bool is_trimmable(const struct sample_set *set) {
    size_t base = samples_role(set, ROLE_BASELINE);
    for (size_t c = 0; c < set->cell_count; c++) {
        size_t times = 0, ratios = 0;
        for (size_t b = 0; b < set->block_count; b++) {
            times += has_ratio(set, &set->blocks[b], c, c);
            ratios += has_ratio(set, &set->blocks[b], c, base);
        }
        if (times == 1 || ratios == 1)
            return false;
    }
    return set->block_count > 1;
}

/* ---- a block ---- */

typedef double median_of(double *values, size_t count);

/* The median of the numbers from `least` on, which lose their order; null without any. */
static json_t *median_json(median_of *median, double *values, size_t count, double least) {
    size_t used = 0;
    for (size_t i = 0; i < count; i++)
        if (values[i] >= least && isfinite(values[i]))
            values[used++] = values[i];
    return used ? json_real(median(values, used)) : json_null();
}

static void put_median(struct trimmer *trimmer, json_t *json, const char *key, const double *rounds,
                       size_t count) {
    if (rounds == NULL)
        return;
    memcpy(trimmer->values, rounds, count * sizeof *rounds);
    json_object_set_new(json, key, median_json(stats_median, trimmer->values, count, 0));
}

static void put_times(struct trimmer *trimmer, json_t *json, const struct sample_set *set,
                      const struct sample_block *block, size_t cell) {
    double *ns = trimmer->values, *cycles = ns + block->rounds, *ratios = cycles + block->rounds;
    const struct sample_column *column = &block->columns[cell];
    size_t base = samples_role(set, ROLE_BASELINE);
    for (size_t i = 0; i < block->rounds; i++) {
        ns[i] = samples_ns(set, block, column, i);
        cycles[i] = samples_cycles(set, block, column, i);
        ratios[i] = samples_ratio(set, block, cell, base, i);
    }
    json_object_set_new(json, "ns", median_json(stats_ratio_median, ns, block->rounds, DBL_MIN));
    json_object_set_new(json, "cycles",
                        median_json(stats_ratio_median, cycles, block->rounds, DBL_MIN));
    json_object_set_new(json, "ratio",
                        median_json(stats_ratio_median, ratios, block->rounds, DBL_MIN));
}

/* An event of a set is counted in the rounds that are of this set. */
static json_t *counts_json(struct trimmer *trimmer, const struct sample_block *block,
                           const struct sample_column *column) {
    json_t *medians = json_array();
    for (size_t s = 0; s < block->event_set_count; s++)
        for (size_t e = 0; e < block->event_sets[s].count; e++) {
            size_t count = 0;
            for (size_t i = 0; i < block->rounds; i++)
                if (column->event_sets[i] == &block->event_sets[s])
                    trimmer->values[count++] = column->counts[i][e];
            json_array_append_new(medians, median_json(stats_median, trimmer->values, count, 0));
        }
    return medians;
}

static void put_counted(struct trimmer *trimmer, json_t *json, const struct sample_block *block,
                        const struct sample_column *column) {
    json_t *counted = json_object();
    put_median(trimmer, counted, "cycles", column->cycles, block->rounds);
    put_median(trimmer, counted, "instructions", column->instructions, block->rounds);
    if (column->event_sets)
        json_object_set_new(counted, "events", counts_json(trimmer, block, column));
    if (json_object_size(counted))
        json_object_set(json, "counted", counted);
    json_decref(counted);
}

static void trim_cell(struct trimmer *trimmer, json_t *json, const struct sample_set *set,
                      const struct sample_block *block, size_t cell) {
    static const char *const rounds[] = {
        "ticks",  "ticks_twice",  "instructions_twice", "chain_before", "chain_after",
        "cycles", "instructions", "event_set",          "counts",       "metric"};
    const struct sample_column *column = &block->columns[cell];
    struct sample_tally tally = samples_tally(block, column);
    for (size_t i = 0; i < sizeof rounds / sizeof *rounds; i++)
        json_object_del(json, rounds[i]);
    json_object_set_new(json, "samples", json_integer((json_int_t)tally.samples));
    json_object_set_new(json, "spoiled", json_integer((json_int_t)tally.spoiled));
    json_object_set_new(json, "drifted", json_integer((json_int_t)tally.drifted));
    put_times(trimmer, json, set, block, cell);
    put_median(trimmer, json, "metric", column->metric, block->rounds);
    put_counted(trimmer, json, block, column);
}

/* The place in its set of the cell that an object of a line names; it was read before. */
static size_t cell_of(const struct sample_set *set, const json_t *json) {
    enum role role = ROLE_NONE;
    enum memmodel model = MEMMODEL_NONE;
    role_parse(json_string_value(json_object_get(json, "role")), &role);
    memmodel_parse(json_string_value(json_object_get(json, "model")), &model);
    return samples_cell(set, json_string_value(json_object_get(json, "lowering")), role, model);
}

static void trim_block(struct trimmer *trimmer, json_t *line) {
    const struct sample_set *set =
        samples_set(trimmer->run, json_string_value(json_object_get(line, "set")));
    const struct sample_block *block = set->blocks;
    size_t i;
    json_t *json;
    if (!is_trimmable(set))
        return;
    while (block->number != json_integer_value(json_object_get(line, "block")))
        block++;
    json_object_set_new(line, "type", json_string("medians"));
    json_object_del(line, "order");
    json_array_foreach(json_object_get(line, "cells"), i, json)
        trim_cell(trimmer, json, set, block, cell_of(set, json));
}

/* ---- the other lines ---- */

static void write_line(struct trimmer *trimmer, const json_t *line) {
    if (json_dumpf(line, trimmer->out, JSON_COMPACT | JSON_REAL_PRECISION(17)) ||
        fputc('\n', trimmer->out) == EOF)
        die(EXIT_FAILED, "cannot write the trimmed samples: %s", strerror(errno));
}

/* What the rounds of a set show; nothing, if that is nothing. */
static void write_shapes(struct trimmer *trimmer, const struct sample_set *set) {
    json_t *cells = json_array();
    for (size_t i = 0; i < set->cell_count; i++) {
        const struct sample_cell *cell = &set->cells[i];
        struct diagnosis found = diagnose_cell(set, i);
        if (found.bimodal > 0 || found.warm_up > 0)
            json_array_append_new(
                cells, json_pack("{s:s, s:s, s:s, s:f, s:f, s:b, s:f}", "lowering", cell->lowering,
                                 "role", role_name(cell->role), "model", memmodel_name(cell->model),
                                 "bimodal", found.bimodal, "slower_share", found.slower_share,
                                 "between_blocks", found.between_blocks, "warm_up", found.warm_up));
    }
    json_t *line = json_pack("{s:i, s:s, s:s, s:s, s:s, s:i, s:O}", "format", 1, "type", "shapes",
                             "set", set->name, "kernel", set->kernel, "params", set->parameters,
                             "threads", (int)set->threads, "cells", cells);
    if (json_array_size(cells))
        write_line(trimmer, line);
    json_decref(line);
    json_decref(cells);
}

static size_t count_samples(const struct samples *run) {
    size_t count = 0;
    for (size_t i = 0; i < run->set_count; i++)
        for (size_t b = 0; b < run->sets[i].block_count; b++)
            for (size_t c = 0; c < run->sets[i].cell_count; c++) {
                const struct sample_block *block = &run->sets[i].blocks[b];
                const struct sample_column *column = samples_column(block, c);
                count += column ? samples_tally(block, column).samples : 0;
            }
    return count;
}

static void trim_line(struct trimmer *trimmer, json_t *line) {
    const struct samples *run = trimmer->run;
    const char *type = json_string_value(json_object_get(line, "type"));
    bool is_end = text_same(type, "end"); /* asked now: what trims a block replaces its type */
    if (text_same(type, "begin"))
        json_object_set_new(line, "trimmed",
                            json_pack("{s:s, s:I, s:I}", "sha256", trimmer->sha256, "bytes",
                                      (json_int_t)trimmer->bytes, "samples",
                                      (json_int_t)count_samples(run)));
    else if (text_same(type, "block"))
        trim_block(trimmer, line);
    for (size_t i = 0; is_end && i < run->set_count; i++)
        if (is_trimmable(&run->sets[i]))
            write_shapes(trimmer, &run->sets[i]);
    write_line(trimmer, line);
}

/* ---- files ---- */

static void trim_lines(struct trimmer *trimmer, const char *directory, const char *into) {
    char path[PATH_MAX + 32], why[512];
    struct textfile file;
    snprintf(path, sizeof path, "%s/samples.jsonl", into);
    trimmer->out = fopen(path, "we");
    if (trimmer->out == NULL || !textfile_open(&file, directory, "samples.jsonl.zst"))
        die(EXIT_FAILED, "cannot trim %s into %s: %s", directory, into, strerror(errno));
    while (textfile_next(&file)) {
        json_t *line = textfile_json(file.line, file.length, file.length, why, sizeof why);
        if (line == NULL)
            die(EXIT_FAILED, "%s/samples.jsonl:%zu: %s", directory, file.number, why);
        trim_line(trimmer, line);
        json_decref(line);
    }
    textfile_close(&file);
    if (fclose(trimmer->out) || samples_compress(into))
        die(EXIT_FAILED, "cannot write the trimmed samples: %s", strerror(errno));
}

/* What names the whole samples, wherever they are kept. */
static void identify(struct trimmer *trimmer, const char *directory) {
    char path[PATH_MAX + 32];
    struct stat info;
    struct child child;
    snprintf(path, sizeof path, "%s/samples.jsonl.zst", directory);
    if (stat(path, &info))
        die(EXIT_USAGE, "%s: no samples.jsonl.zst: the run did not end", directory);
    trimmer->bytes = (size_t)info.st_size;
    char *argv[] = {"sha256sum", "--", path, NULL};
    bool started = child_start(&child, argv);
    size_t got = started ? fread(trimmer->sha256, 1, SHA256_DIGITS, child.out) : 0;
    if (!started || child_end(&child) || got != SHA256_DIGITS)
        die(EXIT_MISSING, "sha256sum failed on %s; it is in the package coreutils", path);
}

static void put_file(const char *into, const char *name, const char *text, size_t size) {
    char path[PATH_MAX + NAME_MAX + 2];
    snprintf(path, sizeof path, "%s/%s", into, name);
    if (durable_write(path, text, size))
        die(EXIT_FAILED, "cannot write %s: %s", path, strerror(errno));
}

static void copy_file(const char *directory, const char *into, const char *name) {
    struct textfile file;
    char *text;
    size_t size;
    FILE *memory = open_memstream(&text, &size);
    if (memory == NULL || !textfile_open(&file, directory, name))
        die(EXIT_FAILED, "cannot read %s/%s: %s", directory, name, strerror(errno));
    while (textfile_next(&file))
        fwrite(file.line, 1, file.length, memory);
    if (*file.why || fclose(memory))
        die(EXIT_FAILED, "%s/%s: %s", directory, name, *file.why ? file.why : strerror(errno));
    textfile_close(&file);
    put_file(into, name, text, size);
    free(text);
}

/* Documents and tables that were measured beside the samples. */
static void copy_documents(const char *directory, const char *into) {
    struct dirent **entries;
    int count = scandir(directory, &entries, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        const char *name = entries[i]->d_name;
        if (schema_of_file(name) && !text_same(name, "benchmark.json"))
            copy_file(directory, into, name);
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
}

/* The summary of what was written is that of the whole run; or death, which names the line. */
static void write_summary(const struct samples *whole, const char *into) {
    struct samples *run = samples_read(into);
    char *before = finish_summary(whole), *after = finish_summary(run);
    size_t line = 1, at = 0;
    for (; before[at] && before[at] == after[at]; at++)
        line += before[at] == '\n';
    if (before[at] != after[at])
        die(EXIT_FAILED, "%s: trimming would change line %zu of summary.tsv: publish the whole run",
            whole->directory, line);
    put_file(into, "summary.tsv", after, strlen(after));
    free(before);
    free(after);
    samples_free(run);
}

void trim_run(const char *directory, const char *into) {
    char part[PATH_MAX];
    size_t rounds = 0, sets = 0;
    struct stat info;
    if (lstat(into, &info) == 0)
        die(EXIT_USAGE, "%s exists already: name a new folder", into);
    struct samples *run = samples_read(directory);
    if (run->whole || !run->complete)
        die(EXIT_USAGE, "%s %s", directory,
            run->whole ? "is trimmed already" : "is unfinished: go on with tsobench run --resume");
    for (size_t i = 0; i < run->set_count; i++) {
        sets += is_trimmable(&run->sets[i]);
        for (size_t b = 0; b < run->sets[i].block_count; b++)
            rounds += run->sets[i].blocks[b].rounds;
    }
    if (sets == 0)
        die(EXIT_USAGE, "%s: no set has several blocks: there is nothing to trim", directory);
    struct trimmer trimmer = {.run = run, .values = allocate(3 * rounds, sizeof(double))};
    identify(&trimmer, directory);
    snprintf(part, sizeof part, "%s.part", into);
    folder_make(part, "");
    trim_lines(&trimmer, directory, part);
    write_summary(run, part);
    copy_documents(directory, part);
    if (durable_rename(part, into))
        die(EXIT_FAILED, "cannot make %s: %s", into, strerror(errno));
    free(trimmer.values);
    samples_free(run);
}
