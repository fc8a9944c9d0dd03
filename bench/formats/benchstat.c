/* SPDX-License-Identifier: MIT
 *
 * benchstat.c: the samples as lines of Go's benchmark format (the proposal "Go Benchmark Data
 * Format" in golang.org's design documents), so that a second program can judge them.
 */
#include <ctype.h>
#include <math.h>
#include <string.h>

#include "formats/formats.h"

/* A configuration line; its value must not hold a newline. */
static void print_key(const char *key, const char *value, FILE *out) {
    if (value && *value)
        fprintf(out, "%s: %.*s\n", key, (int)strcspn(value, "\n"), value);
}

/* "load_latency" as "LoadLatency": a name begins with a capital after "Benchmark". */
static void print_camel(const char *name, FILE *out) {
    bool capital = true;
    for (; *name; name++) {
        if (*name != '_' && *name != ' ')
            fputc(capital ? toupper((unsigned char)*name) : *name, out);
        capital = *name == '_' || *name == ' ';
    }
}

/* A name is one word. */
static void print_word(const char *key, const char *text, FILE *out) {
    fputs(key, out);
    for (; *text; text++)
        fputc(*text == ' ' ? '_' : *text, out);
}

/* Parameters as "/key=value" each; "-N" at the end is the number of threads. */
static void print_name(const struct sample_set *set, const struct sample_cell *cell, FILE *out) {
    fputs("Benchmark", out);
    print_camel(set->kernel, out);
    if (*set->parameters && strcmp(set->parameters, "-") != 0) {
        fputc('/', out);
        for (const char *p = set->parameters; *p; p++)
            fputc(*p == ',' ? '/' : *p == ' ' ? '_' : *p, out);
    }
    print_word("/lowering=", cell->lowering, out);
    print_word("/mode=", memmodel_name(cell->model), out);
    print_word("/role=", role_name(cell->role), out);
    fprintf(out, "-%u", set->threads);
}

static void print_cell(const struct sample_set *set, size_t cell, FILE *out) {
    for (size_t b = 0; b < set->block_count; b++) {
        const struct sample_block *block = &set->blocks[b];
        if (cell >= block->column_count || block->columns[cell].ops == 0)
            continue;
        const struct sample_column *column = &block->columns[cell];
        for (size_t i = 0; i < block->rounds; i++) {
            double ns = samples_ns(set, block, column, i);
            double cycles = samples_cycles(set, block, column, i);
            if (isnan(ns)) /* spoiled */
                continue;
            print_name(set, &set->cells[cell], out);
            fprintf(out, " %llu %.6g ns/op", (unsigned long long)column->ops, ns);
            if (!isnan(cycles))
                fprintf(out, " %.6g cycles/op", cycles);
            fputc('\n', out);
        }
    }
}

void format_benchstat(const struct report *report, FILE *out) {
    const struct samples *run = report->run;
    const char *architecture = report_machine_text(report, "architecture");
    print_key("goos", "linux", out);
    print_key("goarch",
              architecture == NULL                   ? NULL
              : strcmp(architecture, "x86_64") == 0  ? "amd64"
              : strcmp(architecture, "aarch64") == 0 ? "arm64"
                                                     : architecture,
              out);
    print_key("cpu", report->machine, out);
    print_key("system", report->system, out);
    print_key("source", source_name(run->source), out);
    print_key("suite", run->suite, out);
    print_key("seed", run->seed, out);
    print_key("date", run->time, out);
    print_key("pkg", "tsobench", out);
    print_key("samples", run->whole ? "medians of blocks: the run is trimmed" : NULL, out);
    fputs("Unit ns/op better=lower\nUnit cycles/op better=lower\n\n", out);
    for (size_t i = 0; i < run->set_count; i++)
        for (size_t c = 0; c < run->sets[i].cell_count; c++)
            print_cell(&run->sets[i], c, out);
}
