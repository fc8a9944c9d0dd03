/* SPDX-License-Identifier: MIT */
#include "samples.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lines.h"
#include "samples_reader.h"

/* Memory that is freed with the run. */
struct sample_chunk {
    struct sample_chunk *next;
    max_align_t data[];
};

void *samples_keep(struct samples *run, size_t count, size_t size) {
    struct sample_chunk *chunk = allocate(1, sizeof *chunk + count * size);
    chunk->next = run->memory;
    run->memory = chunk;
    return chunk->data;
}

const char *samples_keep_text(struct samples *run, const char *text) {
    if (text == NULL)
        return NULL;
    size_t size = strlen(text) + 1;
    return memcpy(samples_keep(run, size, 1), text, size);
}

void *samples_grow(struct samples *run, void *array, size_t *count, size_t size) {
    void *larger = array;
    if ((*count & (*count - 1)) == 0) { /* the capacity is the next power of two */
        larger = samples_keep(run, *count ? 2 * *count : 1, size);
        if (*count)
            memcpy(larger, array, *count * size);
    }
    ++*count;
    return larger;
}

bool samples_simulated(const struct samples *run) {
    return run->source && strcmp(run->source, "simulated") == 0;
}

struct sample_set *samples_set(const struct samples *run, const char *name) {
    for (size_t i = 0; i < run->set_count; i++)
        if (strcmp(run->sets[i].name, name) == 0)
            return &run->sets[i];
    return NULL;
}

static struct sample_set *find_set(struct reader *reader, json_t *line) {
    struct samples *run = reader->run;
    const char *name;
    UNPACK(reader, line, "{s:s}", "set", &name);
    struct sample_set *set = samples_set(run, name);
    if (set == NULL) {
        GROW(run, run->sets, run->set_count);
        set = &run->sets[run->set_count - 1];
        set->name = samples_keep_text(run, name);
    }
    const char *kernel = NULL, *family = NULL, *parameters = NULL, *op = NULL, *metric = NULL;
    int threads = 0, op_threads = 0, weight = 0;
    UNPACK(reader, line, "{s?s, s?s, s?s, s?s, s?s, s?i, s?i, s?i}", "kernel", &kernel, "family",
           &family, "params", &parameters, "op", &op, "metric", &metric, "threads", &threads,
           "op_threads", &op_threads, "weight", &weight);
    if (kernel && set->kernel == NULL) {
        set->kernel = samples_keep_text(run, kernel);
        set->parameters = samples_keep_text(run, parameters ? parameters : "");
        set->threads = set->op_threads = (unsigned)threads;
        set->weight = (unsigned)weight;
    }
    if (op_threads)
        set->op_threads = (unsigned)op_threads;
    if (family && set->family == NULL)
        set->family = samples_keep_text(run, family);
    if (op && set->op == NULL)
        set->op = samples_keep_text(run, op);
    if (metric && set->metric == NULL)
        set->metric = samples_keep_text(run, metric);
    return set;
}

static void read_skip(struct reader *reader, json_t *line) {
    const char *reason;
    UNPACK(reader, line, "{s:s}", "reason", &reason);
    find_set(reader, line)->skipped = samples_keep_text(reader->run, reason);
}

static void read_failure(struct reader *reader, json_t *line) {
    const char *reason;
    struct sample_set *set = find_set(reader, line);
    UNPACK(reader, line, "{s:s}", "reason", &reason);
    GROW(reader->run, set->failures, set->failure_count);
    set->failures[set->failure_count - 1] = samples_keep_text(reader->run, reason);
}

/* The command that makes the run again, from what its first line says was asked for. */
static const char *command_of(struct samples *run, json_t *line) {
    static const char *const options[][2] = {{"only", "--only"},           {"cpus", "--cpus"},
                                             {"models", "--memory-model"}, {"count", "--count"},
                                             {"rounds", "--rounds"},       {"blocks", "--blocks"}};
    char text[1024];
    int used =
        snprintf(text, sizeof text, "tsobench run --suite %s --seed %s", run->suite, run->seed);
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
        json_t *value = json_object_get(line, options[i][0]);
        size_t left = sizeof text - (size_t)used;
        if (json_is_string(value))
            used +=
                snprintf(text + used, left, " %s '%s'", options[i][1], json_string_value(value));
        else if (json_integer_value(value) > 0)
            used += snprintf(text + used, left, " %s %lld", options[i][1],
                             (long long)json_integer_value(value));
        if ((size_t)used >= sizeof text)
            break;
    }
    return samples_keep_text(run, text);
}

/* A run that was resumed may have several beginnings: the first counts. */
static void read_begin(struct reader *reader, json_t *line) {
    struct samples *run = reader->run;
    const char *suite, *seed, *version = NULL, *time = NULL;
    double single = NAN, multi = NAN;
    if (run->suite)
        return;
    UNPACK(reader, line, "{s:s, s:s, s?s, s?s, s?{s?F, s?F}}", "suite", &suite, "seed", &seed,
           "version", &version, "time", &time, "targets", "single", &single, "multi", &multi);
    run->suite = samples_keep_text(run, suite);
    run->seed = samples_keep_text(run, seed);
    run->version = samples_keep_text(run, version);
    run->time = samples_keep_text(run, time);
    run->target_single = single;
    run->target_multi = multi;
    const char *command = json_string_value(json_object_get(line, "command"));
    run->command = command ? samples_keep_text(run, command) : command_of(run, line);
}

static void read_end(struct reader *reader, json_t *line) {
    struct samples *run = reader->run;
    int complete;
    UNPACK(reader, line, "{s:b, s:F}", "complete", &complete, "seconds", &run->seconds);
    run->complete = complete;
}

static void read_line(struct reader *reader, json_t *line) {
    int format;
    const char *type;
    UNPACK(reader, line, "{s:i, s:s}", "format", &format, "type", &type);
    if (format != 1)
        CORRUPT(reader, "format %d; this program knows 1", format);
    if (strcmp(type, "block") == 0)
        samples_add_block(reader, find_set(reader, line), line);
    else if (strcmp(type, "skipped") == 0)
        read_skip(reader, line);
    else if (strcmp(type, "failed") == 0)
        read_failure(reader, line);
    else if (strcmp(type, "begin") == 0)
        read_begin(reader, line);
    else if (strcmp(type, "end") == 0)
        read_end(reader, line);
    else
        CORRUPT(reader, "a line of type `%s'", type);
}

static void read_file(struct reader *reader, FILE *file) {
    char *text = NULL;
    size_t capacity = 0;
    ssize_t length;
    while ((length = getline(&text, &capacity, file)) > 0) {
        json_error_t error;
        reader->line++;
        bool whole = text[length - 1] == '\n';
        size_t left = lift_arrays(&reader->lifted, text, (size_t)length);
        json_t *line = json_loadb(text, left, JSON_ALLOW_NUL, &error);
        if (line == NULL && !whole && !ferror(file)) {
            warn("%s:%zu: the last line was cut short and is left out", reader->path, reader->line);
            reader->run->torn = true;
            break;
        }
        if (line == NULL)
            CORRUPT(reader, "%s", error.text);
        read_line(reader, line);
        json_decref(line);
        reader->run->intact_bytes += (size_t)length;
    }
    if (ferror(file))
        CORRUPT(reader, "%s after this line", strerror(errno));
    lift_free(&reader->lifted);
    free(text);
}

double samples_ns(const struct sample_set *set, const struct sample_block *block,
                  const struct sample_column *column, size_t round) {
    double operations = (double)column->ops * set->op_threads;
    return column->ticks[round] / block->ticks_per_ns / operations;
}

double samples_cycles(const struct sample_set *set, const struct sample_block *block,
                      const struct sample_column *column, size_t round) {
    if (set->threads == 1 && column->cycles)
        return column->cycles[round] / (double)column->ops;
    double chain = (column->chain_before[round] + column->chain_after[round]) / 2;
    double gigahertz = block->chain_adds / (chain / block->ticks_per_ns);
    return samples_ns(set, block, column, round) * gigahertz;
}

/* By kernel, then by parameters, of which the last is the footprint where there is one: L1 before
 * DRAM. In the file the order is that of measuring, which is random. */
static int compare_sets(const void *left, const void *right) {
    const struct sample_set *a = left, *b = right;
    const char *comma = strrchr(a->parameters, ',');
    size_t prefix = comma ? (size_t)(comma + 1 - a->parameters) : 0;
    int order = strcmp(a->kernel, b->kernel);
    if (order)
        return order;
    bool same_prefix = strncmp(a->parameters, b->parameters, prefix) == 0;
    if (same_prefix && a->footprint != b->footprint)
        return a->footprint < b->footprint ? -1 : 1;
    order = strverscmp(a->parameters, b->parameters);
    return order ? order : (a->threads > b->threads) - (a->threads < b->threads);
}

struct samples *samples_read(const char *directory) {
    struct samples *run = allocate(1, sizeof *run);
    char *plain, *packed;
    if (asprintf(&plain, "%s/samples.jsonl", directory) < 0 ||
        asprintf(&packed, "%s.zst", plain) < 0)
        die(EXIT_FAILED, "out of memory");
    run->directory = samples_keep_text(run, directory);
    run->target_single = run->target_multi = run->seconds = NAN;
    /* Both are there when the compression was interrupted: then the original is whole. */
    struct reader reader = {.run = run, .path = plain};
    FILE *file = lines_open(plain);
    if (file == NULL && errno == ENOENT) {
        reader.path = packed;
        file = lines_open(packed);
    }
    if (file == NULL)
        die(EXIT_USAGE, "%s: no samples to read: %s", directory, strerror(errno));
    read_file(&reader, file);
    fclose(file);
    if (run->suite == NULL)
        die(EXIT_FAILED, "%s: does not say how the run began", reader.path);
    for (size_t i = 0; i < run->set_count; i++)
        if (run->sets[i].kernel == NULL)
            die(EXIT_FAILED, "%s: no kernel for %s", reader.path, run->sets[i].name);
    if (run->set_count)
        qsort(run->sets, run->set_count, sizeof *run->sets, compare_sets);
    free(plain);
    free(packed);
    return run;
}

void samples_free(struct samples *run) {
    while (run && run->memory) {
        struct sample_chunk *chunk = run->memory;
        run->memory = chunk->next;
        free(chunk);
    }
    free(run);
}
