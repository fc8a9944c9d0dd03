/* SPDX-License-Identifier: MIT */
#include "samples/samples.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "samples/bounds.h"
#include "samples/samples_reader.h"
#include "samples/textfile.h"

/* Memory that is freed with the run. */
struct sample_chunk {
    struct sample_chunk *next;
    max_align_t data[];
};

void *samples_keep(struct samples *run, size_t count, size_t size) {
    size_t bytes = sizeof(struct sample_chunk) + count * size;
    struct sample_chunk *chunk = allocate(1, bytes);
    chunk->next = run->memory;
    run->memory = chunk;
    run->kept += bytes + sizeof(max_align_t);
    return chunk->data;
}

static const char *keep(struct samples *run, const char *text) {
    size_t size = strlen(text) + 1;
    return memcpy(samples_keep(run, size, 1), text, size);
}

const char *samples_keep_text(struct samples *run, const json_t *object, const char *key) {
    const char *text = samples_text(object, key);
    return text ? keep(run, text) : NULL;
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

/* ---- what the parts share ---- */

bool samples_refuse(struct reader *reader, const char *format, ...) {
    va_list args;
    int used = snprintf(reader->why, reader->size, "samples.jsonl:%zu: ", reader->line);
    va_start(args, format);
    vsnprintf(reader->why + used, reader->size - (size_t)used, format, args);
    va_end(args);
    return false;
}

const char *samples_text(const json_t *object, const char *key) {
    return json_string_value(json_object_get(object, key));
}

uint64_t samples_whole(const json_t *object, const char *key) {
    return (uint64_t)json_integer_value(json_object_get(object, key));
}

bool samples_note(struct reader *reader, json_t *names, const char *name, size_t most,
                  const char *what) {
    if (json_object_get(names, name))
        return true;
    if (json_object_size(names) == most)
        return samples_refuse(reader, "more than %zu %s", most, what);
    json_object_set_new(names, name, json_null());
    return true;
}

/* ---- lines ---- */

static struct sample_set *find_set(struct reader *reader, const json_t *line) {
    struct samples *run = reader->run;
    const char *name = samples_text(line, "set");
    const json_t *number = json_object_get(reader->sets, name);
    if (number)
        return &run->sets[json_integer_value(number)];
    if (run->set_count == BOUND_SETS) {
        samples_refuse(reader, "more than %d sets", BOUND_SETS);
        return NULL;
    }
    json_object_set_new(reader->sets, name, json_integer((json_int_t)run->set_count));
    GROW(run, run->sets, run->set_count);
    struct sample_set *set = &run->sets[run->set_count - 1];
    set->name = keep(run, name);
    set->kernel = samples_keep_text(run, line, "kernel");
    set->parameters = samples_keep_text(run, line, "params");
    set->threads = set->op_threads = (unsigned)samples_whole(line, "threads");
    return set;
}

/* The set of a line, which says the same of it as the lines before; or NULL. */
static struct sample_set *set_of(struct reader *reader, const json_t *line) {
    struct sample_set *set = find_set(reader, line);
    if (set == NULL)
        return NULL;
    if (strcmp(set->kernel, samples_text(line, "kernel")) ||
        strcmp(set->parameters, samples_text(line, "params")) ||
        set->threads != samples_whole(line, "threads")) {
        samples_refuse(reader, "%s: another kernel, parameters or threads than before", set->name);
        return NULL;
    }
    return samples_note(reader, reader->kernels, set->kernel, BOUND_KERNELS, "kernels") ? set
                                                                                        : NULL;
}

static bool read_skip(struct reader *reader, const json_t *line) {
    struct sample_set *set = set_of(reader, line);
    if (set)
        set->skipped = samples_keep_text(reader->run, line, "reason");
    return set != NULL;
}

static bool read_failure(struct reader *reader, const json_t *line) {
    struct sample_set *set = set_of(reader, line);
    if (set && set->failure_count == BOUND_BLOCKS)
        return samples_refuse(reader, "%s: more than %d blocks died", set->name, BOUND_BLOCKS);
    if (set) {
        GROW(reader->run, set->failures, set->failure_count);
        set->failures[set->failure_count - 1] = samples_keep_text(reader->run, line, "reason");
    }
    return set != NULL;
}

/* The command that makes the run again, from what its first line says was asked for. */
static const char *command_of(struct samples *run, const json_t *line) {
    static const char *const options[][2] = {{"only", "--only"},           {"cpus", "--cpus"},
                                             {"models", "--memory-model"}, {"count", "--count"},
                                             {"rounds", "--rounds"},       {"blocks", "--blocks"}};
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    fprintf(out, "tsobench run --suite %s --seed %s", run->suite, run->seed);
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
        const json_t *value = json_object_get(line, options[i][0]);
        if (json_is_string(value))
            fprintf(out, " %s '%s'", options[i][1], json_string_value(value));
        else if (json_integer_value(value) > 0)
            fprintf(out, " %s %lld", options[i][1], (long long)json_integer_value(value));
    }
    fclose(out);
    const char *kept = keep(run, text);
    free(text);
    return kept;
}

static bool read_begin(struct reader *reader, const json_t *line) {
    struct samples *run = reader->run;
    const json_t *targets = json_object_get(line, "targets");
    const json_t *single = json_object_get(targets, "single");
    const json_t *multi = json_object_get(targets, "multi");
    run->suite = samples_keep_text(run, line, "suite");
    run->seed = samples_keep_text(run, line, "seed");
    run->version = samples_keep_text(run, line, "version");
    run->time = samples_keep_text(run, line, "time");
    run->only = samples_keep_text(run, line, "only");
    run->cpus = samples_keep_text(run, line, "cpus");
    run->models = samples_keep_text(run, line, "models");
    run->count = samples_keep_text(run, line, "count");
    run->mappings = json_incref(json_object_get(line, "mappings"));
    run->rounds = samples_whole(line, "rounds");
    run->blocks = samples_whole(line, "blocks");
    run->min_blocks = samples_whole(line, "min_blocks");
    run->target_single = single ? json_number_value(single) : NAN;
    run->target_multi = multi ? json_number_value(multi) : NAN;
    run->whole = samples_keep_text(run, json_object_get(line, "trimmed"), "sha256");
    run->whole_samples = samples_whole(json_object_get(line, "trimmed"), "samples");
    run->command = samples_keep_text(run, line, "command");
    if (run->command == NULL)
        run->command = command_of(run, line);
    return true;
}

static bool read_end(struct reader *reader, const json_t *line) {
    struct samples *run = reader->run;
    const json_t *sets = json_object_get(line, "sets");
    run->seconds = json_number_value(json_object_get(line, "seconds"));
    run->complete = json_is_true(json_object_get(line, "complete"));
    run->planned_sets = sets ? (long)json_integer_value(sets) : -1;
    reader->ended = true;
    return true;
}

static bool read_block(struct reader *reader, const json_t *line) {
    struct sample_set *set = set_of(reader, line);
    return set && samples_add_block(reader, set, line);
}

static bool read_shapes(struct reader *reader, const json_t *line) {
    struct sample_set *set = set_of(reader, line);
    return set && samples_add_shapes(reader, set, line);
}

static bool read_line(struct reader *reader, const json_t *line) {
    static const struct {
        const char *type;
        bool (*read)(struct reader *reader, const json_t *line);
    } types[] = {{"begin", read_begin},   {"block", read_block},  {"medians", read_block},
                 {"shapes", read_shapes}, {"skipped", read_skip}, {"failed", read_failure},
                 {"end", read_end}};
    char why[400];
    const char *type = samples_text(line, "type");
    const struct schema *rows = schema_of_line(type);
    if (rows == NULL)
        return samples_refuse(reader, "a line of no known type");
    if ((reader->line == 1) != (strcmp(type, "begin") == 0) || reader->ended)
        return samples_refuse(reader, "`%s' does not stand there", type);
    if (!schema_fits(line, rows, &reader->rules, why, sizeof why))
        return samples_refuse(reader, "%s", why);
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (strcmp(type, types[i].type) == 0 && !types[i].read(reader, line))
            return false;
    if (reader->run->kept > reader->most_kept)
        return samples_refuse(reader, "the samples take more than %zu MiB of memory",
                              reader->most_kept / BOUND_MIB);
    return true;
}

/* The line of the file as JSON, without its arrays; or NULL. */
static json_t *parse_line(struct reader *reader, struct textfile *file) {
    char why[256];
    size_t left = arrays_take_out(&reader->arrays, file->line, file->length);
    if (left == 0) {
        samples_refuse(reader, "a text `#', which stands for an array that was taken out");
        return NULL;
    }
    json_t *line = textfile_json(file->line, left, file->length, why, sizeof why);
    if (line == NULL) /* it is the first line of what was parsed */
        samples_refuse(reader, "%s", why + strcspn(why, " ") + (strchr(why, ' ') != NULL));
    return line;
}

static bool read_lines(struct reader *reader, struct textfile *file) {
    while (textfile_next(file)) {
        reader->line = file->number;
        bool whole = file->line[file->length - 1] == '\n';
        json_t *line = parse_line(reader, file);
        if (line == NULL && !whole && file->packed == file->used) {
            warn("%s/%s:%zu: the last line was cut short and is left out", reader->run->directory,
                 file->name, reader->line);
            reader->run->torn = true;
            break;
        }
        bool fine = line && read_line(reader, line);
        json_decref(line);
        if (!fine)
            return false;
        reader->run->intact_bytes += file->length;
    }
    return *file->why == 0;
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

/* Where both files are there, the compression was interrupted and the original is whole. */
static bool open_samples(struct textfile *file, const char *directory) {
    return textfile_open(file, directory, "samples.jsonl") ||
           (errno == ENOENT && textfile_open(file, directory, "samples.jsonl.zst"));
}

static bool read_run(struct reader *reader) {
    struct textfile file;
    struct samples *run = reader->run;
    if (!open_samples(&file, run->directory)) {
        snprintf(reader->why, reader->size,
                 "no samples to read: %s; is this a run directory, as results/*/2*?",
                 strerror(errno));
        return false;
    }
    reader->most_kept = BOUND_KEPT_EACH * file.packed;
    reader->most_kept = reader->most_kept > BOUND_KEPT ? reader->most_kept : BOUND_KEPT;
    bool fine = read_lines(reader, &file);
    /* Of an archive that is damaged, what was read so far may be anything. */
    if (!fine && (*file.why || !textfile_is_whole(&file)))
        snprintf(reader->why, reader->size, "%s", file.why);
    if (fine && run->suite == NULL) {
        snprintf(reader->why, reader->size, "%s: does not say how the run began", file.name);
        fine = false;
    }
    textfile_close(&file);
    return fine;
}

static void number_sets(struct samples *run) {
    if (run->set_count)
        qsort(run->sets, run->set_count, sizeof *run->sets, compare_sets);
    for (size_t i = 0; i < run->set_count; i++)
        json_object_set_new(run->numbers, run->sets[i].name, json_integer((json_int_t)i));
    samples_find_centres(run);
}

struct samples *samples_open(const char *directory, const char *(*refuse)(const char *text),
                             char *why, size_t size) {
    struct samples *run = allocate(1, sizeof *run);
    struct reader reader = {.run = run,
                            .rules = {.refuse = refuse},
                            .sets = json_object(),
                            .kernels = json_object(),
                            .lowerings = json_object(),
                            .why = why,
                            .size = size};
    reader.rules.arrays = &reader.arrays;
    run->directory = keep(run, directory);
    run->target_single = run->target_multi = run->seconds = NAN;
    run->planned_sets = -1;
    bool fine = read_run(&reader);
    arrays_free(&reader.arrays);
    json_decref(reader.kernels);
    json_decref(reader.lowerings);
    run->numbers = reader.sets;
    number_sets(run);
    if (fine)
        return run;
    samples_free(run);
    return NULL;
}

struct samples *samples_read(const char *directory) {
    char why[512];
    struct samples *run = samples_open(directory, NULL, why, sizeof why);
    if (run == NULL && strncmp(why, "no samples", strlen("no samples")) == 0)
        die(EXIT_USAGE, "%s: %s", directory, why);
    if (run == NULL)
        die(EXIT_FAILED, "%s/%s", directory, why);
    return run;
}

void samples_free(struct samples *run) {
    if (run) {
        json_decref(run->numbers);
        json_decref(run->mappings);
    }
    while (run && run->memory) {
        struct sample_chunk *chunk = run->memory;
        run->memory = chunk->next;
        free(chunk);
    }
    free(run);
}
