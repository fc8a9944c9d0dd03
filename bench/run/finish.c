/* SPDX-License-Identifier: MIT */
#include "run/finish.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/durable.h"
#include "run/benchmark_json.h"
#include "samples/samples.h"
#include "summary/summary.h"

char *finish_summary(const struct samples *run) {
    char *text;
    size_t size;
    struct summary *summary = summary_build(run);
    FILE *memory = open_memstream(&text, &size);
    if (memory == NULL)
        die(EXIT_FAILED, "out of memory for the summary");
    summary_write_tsv(summary, memory);
    summary_free(summary);
    if (fclose(memory))
        die(EXIT_FAILED, "out of memory for the summary");
    return text;
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
    keep(directory, "summary.tsv", finish_summary(run), remedy);
    keep(directory, "benchmark.json", benchmark_json_text(run), remedy);
    samples_free(run);
    if (samples_compress(directory))
        die(EXIT_FAILED, "cannot make %s/samples.jsonl.zst of samples.jsonl: %s; %s", directory,
            strerror(errno), remedy);
}
