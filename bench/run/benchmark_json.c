/* SPDX-License-Identifier: MIT */
#include "run/benchmark_json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <jansson.h>

#include "base/die.h"
#include "stats/stats.h"

/* Medians over a block's rounds, of ns and of cycles for one operation of the whole set. */
static void medians(const struct sample_set *set, const struct sample_block *block,
                    const struct sample_column *column, double *ns, double *cycles) {
    double *values = allocate(2 * block->rounds, sizeof *values), *clock = values + block->rounds;
    size_t used = 0;
    for (size_t i = 0; i < block->rounds; i++) {
        values[used] = samples_ns(set, block, column, i);
        if (isnan(values[used]))
            continue;
        clock[used++] = samples_cycles(set, block, column, i);
    }
    *ns = stats_ratio_median(values, used);
    *cycles = stats_ratio_median(clock, used);
    free(values);
}

struct writer {
    FILE *file;
    long family, rows; /* so far: of the library's families each has one benchmark */
};

/* One repetition of a benchmark. CPU time is not measured: the real time stands there. */
static void write_row(struct writer *writer, const char *name, const struct sample_set *set,
                      const struct sample_block *block, double ns, double cycles) {
    fprintf(writer->file,
            "%s    {\n"
            "      \"name\": %s,\n"
            "      \"family_index\": %ld,\n"
            "      \"per_family_instance_index\": 0,\n"
            "      \"run_name\": %s,\n"
            "      \"run_type\": \"iteration\",\n"
            "      \"repetitions\": %zu,\n"
            "      \"repetition_index\": %ld,\n"
            "      \"threads\": %u,\n"
            "      \"iterations\": %zu,\n"
            "      \"real_time\": %.16e,\n"
            "      \"cpu_time\": %.16e,\n"
            "      \"time_unit\": \"ns\"",
            writer->rows++ ? ",\n" : "", name, writer->family, name, set->block_count,
            block->number, set->threads, block->rounds, ns, ns);
    if (cycles >= 0)
        fprintf(writer->file, ",\n      \"cycles\": %.16e", cycles);
    fputs("\n    }", writer->file);
}

static void write_set(struct writer *writer, const struct sample_set *set) {
    for (size_t c = 0; c < set->cell_count; c++, writer->family++) {
        const struct sample_cell *cell = &set->cells[c];
        bool lowering = cell->role == ROLE_LOWERING;
        json_t *string =
            json_sprintf("%s/%s/%s%s%s", set->name, cell->lowering, memmodel_name(cell->model),
                         lowering ? "" : "/", lowering ? "" : role_name(cell->role));
        char *name = json_dumps(string, JSON_ENCODE_ANY);
        for (size_t b = 0; b < set->block_count; b++) {
            const struct sample_block *block = &set->blocks[b];
            double ns, cycles;
            if (c >= block->column_count || block->columns[c].ops == 0)
                continue;
            medians(set, block, &block->columns[c], &ns, &cycles);
            if (!isnan(ns))
                write_row(writer, name, set, block, ns, cycles);
        }
        free(name);
        json_decref(string);
    }
}

char *benchmark_json_text(const struct samples *run) {
    json_t *context = json_pack(
        "{s:s?, s:s?, s:s?, s:s?, s:s}", "date", run->time, "suite", run->suite, "seed", run->seed,
        "source", run->source ? source_name(run->source) : NULL, "library_build_type", "release");
    char *context_text = json_dumps(context, JSON_INDENT(2)), *text;
    size_t size;
    struct writer writer = {.file = open_memstream(&text, &size)};
    if (writer.file == NULL)
        die(EXIT_FAILED, "out of memory for benchmark.json");
    fprintf(writer.file, "{\n  \"context\": %s,\n  \"benchmarks\": [\n", context_text);
    for (size_t i = 0; i < run->set_count; i++)
        write_set(&writer, &run->sets[i]);
    fputs("\n  ]\n}\n", writer.file);
    free(context_text);
    json_decref(context);
    return fclose(writer.file) ? NULL : text;
}
