/* SPDX-License-Identifier: MIT */
#include "report.h"

#include <jansson.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "proof.h"

static char *kept(const char *text) {
    char *copy = strdup(text);
    if (copy == NULL)
        die(EXIT_FAILED, "out of memory");
    return copy;
}

/* machine.json, down a path of keys; NULL where it says nothing. */
static const char *machine_text(json_t *machine, const char *section, const char *key) {
    return json_string_value(json_object_get(json_object_get(machine, section), key));
}

static char *describe_machine(json_t *machine) {
    char text[512] = "";
    size_t used = 0, i;
    json_t *kind;
    json_array_foreach(json_object_get(machine, "cpus"), i, kind) {
        const char *name = json_string_value(json_object_get(kind, "name"));
        if (name && used < sizeof text)
            used += (size_t)snprintf(text + used, sizeof text - used, "%s%s", i ? " + " : "", name);
    }
    const char *hypervisor = machine_text(machine, "virtualization", "hypervisor");
    const char *emulator = machine_text(machine, "virtualization", "emulator");
    if (emulator && used < sizeof text)
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
    char path[PATH_MAX], system[512];
    struct report *report = allocate(1, sizeof *report);
    report->run = samples_read(directory);
    report->summary = summary_build(report->run);
    snprintf(path, sizeof path, "%s/machine.json", directory);
    json_t *machine = json_load_file(path, 0, NULL);
    if (machine == NULL)
        warn("%s: not readable; the machine stays unknown", path);
    const char *kernel = machine_text(machine, "system", "kernel");
    json_t *memory = json_object_get(machine, "memory");
    snprintf(system, sizeof system, "Linux %s; %lld KiB pages, buffers on %ld KiB pages",
             kernel ? kernel : "unknown",
             (long long)json_integer_value(json_object_get(memory, "page_kib")),
             first_page_kib(report->run));
    report->machine = describe_machine(machine);
    report->system = kept(system);
    report->l2_bytes =
        json_number_value(json_object_get(json_object_get(machine, "caches"), "l2_bytes"));
    json_decref(machine);
    return report;
}

void report_free(struct report *report) {
    summary_free(report->summary);
    samples_free(report->run);
    free(report->machine);
    free(report->system);
    free(report);
}

const char *report_base_model(const struct report *report) {
    for (size_t i = 0; i < report->summary->count; i++)
        if (strcmp(report->summary->rows[i].role, "baseline") == 0)
            return report->summary->rows[i].model;
    return NULL;
}

const char **report_kernels(const struct report *report, size_t *count) {
    const struct samples *run = report->run;
    const char **kernels = allocate(run->set_count, sizeof *kernels);
    *count = 0;
    for (size_t i = 0; i < run->set_count; i++) {
        size_t k = 0;
        while (k < *count && strcmp(kernels[k], run->sets[i].kernel) != 0)
            k++;
        if (k == *count)
            kernels[(*count)++] = run->sets[i].kernel;
    }
    return kernels;
}

/* ---- what every table carries ---- */

static void print_proof(const struct report *report, const char *model, FILE *out) {
    struct proof proof = proof_of(report->run, NULL, model);
    const char *flag = proof_flag(&proof);
    size_t without = 0, sets = 0;
    for (size_t i = 0; i < report->run->set_count; i++) {
        const struct sample_set *set = &report->run->sets[i];
        struct proof of_set = proof_of(report->run, set, model);
        sets += set->block_count > 0;
        without += set->block_count > 0 && proof_flag(&of_set) != NULL;
    }
    fprintf(out, "; mode %s: ", model);
    if (proof.runs == 0)
        fprintf(out, "unproven (%s)", proof.skipped ? proof.skipped : "no litmus battery");
    else
        fprintf(out, "%llu TSO-forbidden outcomes in %llu litmus runs%s%s",
                (unsigned long long)proof.forbidden, (unsigned long long)proof.runs,
                flag ? ", " : "", flag ? flag : "");
    if (without && without < sets)
        fprintf(out, ", not as claimed in %zu of %zu sets", without, sets);
}

static void print_proofs(const struct report *report, FILE *out) {
    static const char *const models[] = {"weak", "tso", "fixed-tso"};
    for (size_t m = 0; m < sizeof models / sizeof models[0]; m++)
        for (size_t i = 0; i < report->summary->count; i++)
            if (*report->summary->rows[i].role &&
                strcmp(report->summary->rows[i].model, models[m]) == 0) {
                print_proof(report, models[m], out);
                break;
            }
}

/* The reaches of the rows with a role, as "0.05 % (median), 0.31 % (worst)". */
static void print_floor(const struct report *report, const char *role, FILE *out) {
    size_t count = 0;
    double *reaches = allocate(report->summary->count, sizeof *reaches), worst = 0;
    for (size_t i = 0; i < report->summary->count; i++) {
        const struct summary_row *row = &report->summary->rows[i];
        if (strcmp(row->role, role) != 0 || isnan(row->ratio.value))
            continue;
        reaches[count] = stats_reach(row->ratio);
        worst = fmax(worst, reaches[count++]);
    }
    if (count)
        fprintf(out, "%.2f%% (median of sets), %.2f%% (worst)", 100 * stats_median(reaches, count),
                100 * worst);
    else
        fputs("n/a", out);
    free(reaches);
}

static char *context_text(const struct report *report) {
    char *text;
    size_t size;
    const struct samples *run = report->run;
    FILE *out = open_memstream(&text, &size);
    fprintf(out, "%s; %s", report->machine, report->system);
    print_proofs(report, out);
    fputs("; floors: A/A ", out);
    print_floor(report, "aa", out);
    fputs(", twin ", out);
    print_floor(report, "twin", out);
    fprintf(out, "; %s %s, suite %s, seed %s", run->source ? run->source : "nothing measured",
            run->time ? run->time : "", run->suite, run->seed);
    fclose(out);
    return text;
}

void report_context(const struct report *report, const struct page *page) {
    char *text = context_text(report);
    page_paragraph(page, page->markdown ? "<sub>%s</sub>" : "%s", text);
    free(text);
}

char *report_caption(const struct report *report) {
    char *text;
    const struct samples *run = report->run;
    const char *base = report_base_model(report);
    if (asprintf(&text, "%s, %s; %s; %s %.10s, seed %s", report->machine, report->system,
                 base ? base : "", run->source ? run->source : "nothing measured",
                 run->time ? run->time : "", run->seed) < 0)
        die(EXIT_FAILED, "out of memory");
    return text;
}

void report_interval(struct interval x, char *out, size_t size) {
    int digits = x.value < 10 ? 3 : x.value < 100 ? 2 : 1;
    if (isnan(x.value))
        snprintf(out, size, "n/a");
    else
        snprintf(out, size, "%.*f [%.*f, %.*f]", digits, x.value, digits, x.low, digits, x.high);
}

void report_ratio(const struct summary_row *row, char *out, size_t size) {
    char interval[64];
    report_interval(row->ratio, interval, sizeof interval);
    snprintf(out, size, "%s%s%s", row->below_floor ? "= " : "", interval,
             row->sound == SOUND_NO ? " unsound" : "");
}

/* ---- the method's own figures ---- */

static bool in_l1_or_l2(const struct report *report, const struct sample_set *set) {
    return set->footprint == 0 || strstr(set->parameters, "=L1") ||
           strstr(set->parameters, "=L2") ||
           (!strstr(set->parameters, "=L3") && !strstr(set->parameters, "=DRAM") &&
            (double)set->footprint <= report->l2_bytes / 2);
}

void report_floors(const struct report *report, const struct page *page) {
    const struct summary *summary = report->summary;
    size_t intervals = 0, hold = 0, near_count = 0;
    double *widths = allocate(summary->count, sizeof *widths);
    double *distances = allocate(summary->count, sizeof *distances);
    char *aa, *twin;
    size_t size;
    for (size_t i = 0; i < summary->count; i++) {
        const struct summary_row *row = &summary->rows[i];
        if (strcmp(row->role, "aa") != 0 || isnan(row->ratio.value))
            continue;
        hold += row->ratio.low <= 1 && 1 <= row->ratio.high;
        widths[intervals++] = stats_half_width(row->ratio);
        if (row->set->threads == 1 && in_l1_or_l2(report, row->set))
            distances[near_count++] = fabs(row->ratio.value - 1);
    }
    FILE *out = open_memstream(&aa, &size);
    print_floor(report, "aa", out);
    fclose(out);
    out = open_memstream(&twin, &size);
    print_floor(report, "twin", out);
    fclose(out);
    page_paragraph(page,
                   "Noise floor (A/A: the baseline against itself): %s. Placement floor (twin: "
                   "the same source at another address): %s.",
                   aa, twin);
    if (intervals) {
        page_paragraph(page,
                       "A/A: %.1f%% of %zu intervals (95%%) hold 1; median half-width %.3f%%.",
                       100 * (double)hold / (double)intervals, intervals,
                       100 * stats_median(widths, intervals));
    }
    if (near_count)
        page_paragraph(page,
                       "A/A, one thread in L1 and L2: median distance of the ratio from 1 is "
                       "%.3f%% (%zu sets).",
                       100 * stats_median(distances, near_count), near_count);
    free(aa);
    free(twin);
    free(widths);
    free(distances);
}
