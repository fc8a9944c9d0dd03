/* SPDX-License-Identifier: MIT */
#include "report/report.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "mapping/given.h"
#include "samples/document.h"

static char *kept(const char *text) {
    char *copy = strdup(text);
    if (copy == NULL)
        die(EXIT_FAILED, "out of memory");
    return copy;
}

const char *report_machine_text(const struct report *report, const char *path) {
    return json_string_value(document_at(report->json, path));
}

static char *describe_machine(const struct report *report) {
    char text[512] = "";
    size_t used = 0, i;
    json_t *kind;
    json_array_foreach(document_at(report->json, "cpus"), i, kind) {
        const char *name = json_string_value(json_object_get(kind, "name"));
        if (name && used < sizeof text)
            used += (size_t)snprintf(text + used, sizeof text - used, "%s%s", i ? " + " : "", name);
    }
    const char *hypervisor = report_machine_text(report, "virtualization.hypervisor");
    const char *emulator = report_machine_text(report, "virtualization.emulator");
    const char *simulator = report_machine_text(report, "virtualization.simulator");
    if (simulator && used < sizeof text)
        snprintf(text + used, sizeof text - used, " (simulated: %s)", simulator);
    else if (emulator && used < sizeof text)
        snprintf(text + used, sizeof text - used, " (emulated: %s)", emulator);
    else if (hypervisor && strcmp(hypervisor, "none seen") != 0 && used < sizeof text)
        snprintf(text + used, sizeof text - used, " (guest of %s)", hypervisor);
    return kept(text[0] ? text : "unknown machine");
}

static long first_page_kib(const struct samples *run) {
    for (size_t i = 0; i < run->set_count; i++)
        if (run->sets[i].block_count && run->sets[i].blocks[0].page_kib)
            return run->sets[i].blocks[0].page_kib;
    return 0;
}

struct report *report_open(const char *directory) {
    char system[512], buffers[64] = "buffers' page size not verified";
    struct report *report = allocate(1, sizeof *report);
    report->run = samples_read(directory);
    report->summary = summary_build(report->run);
    given_join(report->run->mappings);
    report->json = document_if_any(directory, "machine.json", "the machine stays unknown");
    report->matrix = document_if_any(directory, "matrix.json", NULL);
    report->core = document_if_any(directory, "core.json", NULL);
    const char *kernel = report_machine_text(report, "system.kernel");
    long page_kib = (long)json_integer_value(document_at(report->json, "memory.page_kib"));
    if (first_page_kib(report->run))
        snprintf(buffers, sizeof buffers, "buffers on %ld KiB pages", first_page_kib(report->run));
    if (report_machine_text(report, "virtualization.simulator"))
        snprintf(system, sizeof system, "no kernel: system calls are emulated");
    else if (page_kib)
        snprintf(system, sizeof system, "Linux %s; %ld KiB pages, %s", kernel ? kernel : "unknown",
                 page_kib, buffers);
    else
        snprintf(system, sizeof system, "Linux %s; %s", kernel ? kernel : "unknown", buffers);
    report->machine = describe_machine(report);
    report->system = kept(system);
    report->l2_bytes = json_number_value(document_at(report->json, "caches.l2_bytes"));
    return report;
}

void report_free(struct report *report) {
    summary_free(report->summary);
    samples_free(report->run);
    json_decref(report->json);
    json_decref(report->matrix);
    json_decref(report->core);
    free(report->machine);
    free(report->system);
    free(report);
}

struct page report_page(const struct report *report, FILE *out, enum page_format format) {
    struct page page = {.out = out, .format = format};
    if (report->run->source == SOURCE_EMULATED)
        page.warning = "Emulated: these times are an emulator's and mean nothing about a CPU.";
    else if (samples_simulated(report->run))
        page.warning = "Simulated: these times are a model's and were measured on no machine.";
    return page;
}

bool report_ordered_twice(const struct report *report, const struct summary_row *row) {
    return report_base_model(report) == MEMMODEL_TSO && row->role == ROLE_LOWERING &&
           row->model == MEMMODEL_TSO;
}

enum memmodel report_base_model(const struct report *report) {
    for (size_t i = 0; i < report->summary->count; i++)
        if (report->summary->rows[i].role == ROLE_BASELINE)
            return report->summary->rows[i].model;
    return MEMMODEL_NONE;
}

const char **report_compared(const struct report *report, size_t *count) {
    size_t all;
    const char **kernels = report_kernels(report, &all);
    *count = 0;
    for (size_t i = 0; i < all; i++)
        if (summary_centre(report->run, kernels[i]))
            kernels[(*count)++] = kernels[i];
    return kernels;
}

const char **report_kernels(const struct report *report, size_t *count) {
    const struct samples *run = report->run;
    const char **kernels = allocate(run->set_count, sizeof *kernels);
    *count = 0;
    for (size_t i = 0; i < run->set_count; i++) {
        if (i == 0 || strcmp(run->sets[i - 1].kernel, run->sets[i].kernel) != 0)
            kernels[(*count)++] = run->sets[i].kernel;
    }
    return kernels;
}

void report_interval(struct interval x, char *out, size_t size) {
    int digits = x.value < 10 ? 3 : x.value < 100 ? 2 : 1;
    if (isnan(x.value))
        snprintf(out, size, "n/a");
    else if (!stats_has_ends(x))
        snprintf(out, size, "%.*f", digits, x.value);
    else
        snprintf(out, size, "%.*f [%.*f, %.*f]", digits, x.value, digits, x.low, digits, x.high);
}

void report_ratio(const struct summary_row *row, char *out, size_t size) {
    char interval[64];
    report_interval(row->ratio, interval, sizeof interval);
    snprintf(out, size, "%s%s%s", row->below_floor ? "= " : "", interval,
             row->sound == SOUND_NO ? " unsound" : "");
}
