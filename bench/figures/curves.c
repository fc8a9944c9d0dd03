/* SPDX-License-Identifier: MIT */
#include "figures/curves.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* Amount per operation over time per operation. */
static struct interval rate(struct interval ns, double amount) {
    struct interval x = stats_inverse(ns);
    return (struct interval){amount * x.value, amount * x.low, amount * x.high, x.blocks};
}

static bool same_word(const char *left, const char *right) {
    size_t length = strcspn(left, ",");
    return length == strcspn(right, ",") && strncmp(left, right, length) == 0;
}

/* Whether two sets of a kernel differ in `size` and `bytes` at most. */
static bool same_but_size(const struct sample_set *a, const struct sample_set *b) {
    if (a->threads != b->threads)
        return false;
    for (const char *p = a->parameters; *p && *p != '-'; p += *p == ',') {
        char name[32];
        snprintf(name, sizeof name, "%.*s", (int)strcspn(p, "="), p);
        const char *left = parameter_of(a->parameters, name),
                   *right = parameter_of(b->parameters, name);
        if (!text_same(name, "size") && !text_same(name, "bytes") &&
            (left == NULL || right == NULL || !same_word(left, right)))
            return false;
        p += strcspn(p, ",");
    }
    return true;
}

/* Of kernels with a size: curves over it, a panel a width, the other parameters at their centre;
 * then of memcpy all widths at the size of its centre set. */
void curves_bandwidth(struct figure *figure) {
    const struct report *report = figure->report;
    const struct sample_set *last = NULL;
    double number = 0;
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < report->summary->count; i++) {
            const struct summary_row *row = &report->summary->rows[i];
            const struct sample_set *set = row->set;
            const struct sample_set *centre = summary_centre(report->run, set->kernel);
            const char *size = parameter_of(set->parameters, "size");
            const char *width = parameter_of(set->parameters, "bytes");
            char panel[96];
            if (!plots_drawn(report, row) || centre == NULL || set->bytes_per_op == 0 ||
                size == NULL || !same_but_size(set, centre))
                continue;
            struct interval y = rate(row->ns, (double)set->bytes_per_op);
            if (pass == 0) {
                snprintf(panel, sizeof panel, "%s%s%.*s", set->kernel, width ? ", bytes=" : "",
                         (int)strcspn(width ? width : "", ","), width ? width : "");
                figure_add(figure, panel, (double)set->footprint, size, row, y);
            } else if (text_same(set->kernel, "memcpy") && width &&
                       same_word(size, parameter_of(centre->parameters, "size"))) {
                number += set != last;
                last = set;
                snprintf(panel, sizeof panel, "memcpy, all widths at size=%.*s",
                         (int)strcspn(size, ","), size);
                figure_add(figure, panel, number, width, row, y);
            }
        }
}

/* Whether the row shows how a kernel that is for several threads does with another number. */
static bool is_over_threads(const struct report *report, const struct summary_row *row) {
    if (!plots_drawn(report, row))
        return false;
    const struct sample_set *centre = summary_centre(report->run, row->set->kernel);
    return centre && centre->threads > 1 && text_same(row->set->parameters, centre->parameters);
}

static bool has_fairness(const struct sample_set *set) {
    return set->metric && text_same(set->metric, "fairness");
}

void curves_threads(struct figure *figure) {
    for (size_t i = 0; i < figure->report->summary->count; i++) {
        const struct summary_row *row = &figure->report->summary->rows[i];
        if (is_over_threads(figure->report, row) && !has_fairness(row->set))
            figure_add(figure, row->set->kernel, row->set->threads, NULL, row, rate(row->ns, 1000));
    }
}

/* Two panels a lock: throughput and, after it, fairness. */
void curves_locks(struct figure *figure) {
    for (size_t i = 0; i < figure->report->summary->count; i++) {
        const struct summary_row *row = &figure->report->summary->rows[i];
        const struct sample_set *set = row->set;
        char panel[96];
        if (!is_over_threads(figure->report, row) || !has_fairness(set) || isnan(row->metric))
            continue;
        figure_add(figure, set->kernel, set->threads, NULL, row, rate(row->ns, 1000));
        snprintf(panel, sizeof panel, "%s, fairness", set->kernel);
        figure_add(figure, panel, set->threads, NULL, row,
                   (struct interval){row->metric, row->metric, row->metric, 0});
    }
}

/* A parameter's value as a number; NAN where it is only a word. A mix "2+1" is the share of its
 * second part; a level of the hierarchy is the footprint that was chosen for it. */
static double number_of(const struct sample_set *set, const char *word) {
    char *end;
    double x = strtod(word, &end);
    if (end == word)
        return *word == 'L' || strncmp(word, "DRAM", 4) == 0 ? (double)set->footprint : NAN;
    if (*end == '+') {
        double second = strtod(end + 1, &end);
        x = second / (x + second);
    }
    double unit = *end == 'K' ? 1024 : *end == 'M' ? 1048576 : *end == 'G' ? 1073741824 : 1;
    return end[unit > 1] == 0 || end[unit > 1] == ',' ? x * unit : NAN;
}

/* The one key in which two sets of a kernel differ; empty if it is not one. Threads are a key. */
static void key_apart(const struct sample_set *a, const struct sample_set *b, char key[32]) {
    unsigned apart = 0;
    *key = 0;
    if (a->threads != b->threads) {
        apart++;
        strcpy(key, "threads");
    }
    for (const char *p = a->parameters; *p && *p != '-'; p += *p == ',') {
        char name[32];
        size_t length = strcspn(p, "=");
        snprintf(name, sizeof name, "%.*s", (int)length, p);
        const char *left = parameter_of(a->parameters, name),
                   *right = parameter_of(b->parameters, name);
        if (left && (right == NULL || !same_word(left, right))) {
            apart++;
            memcpy(key, name, sizeof name);
        }
        p += strcspn(p, ",");
    }
    if (apart != 1)
        *key = 0;
}

static void add_sensitivity(struct figure *figure, const struct summary_row *row, const char *key) {
    const struct sample_set *set = row->set;
    const char *word = parameter_of(set->parameters, key);
    double x = text_same(key, "threads") ? set->threads : word ? number_of(set, word) : NAN;
    char panel[96];
    snprintf(panel, sizeof panel, "%s over %s", set->kernel, key);
    if (!isnan(x) && x > 0)
        figure_add(figure, panel, x, word, row, row->ratio);
}

/* Around each kernel's centre set, the sets that differ from it in one parameter. */
void curves_sensitivity(struct figure *figure) {
    const struct report *report = figure->report;
    for (size_t i = 0; i < report->summary->count; i++) {
        const struct summary_row *row = &report->summary->rows[i];
        char key[32];
        if (!plots_drawn(report, row) || row->role != ROLE_LOWERING || isnan(row->ratio.value))
            continue;
        const struct sample_set *centre = summary_centre(report->run, row->set->kernel);
        if (centre == NULL)
            continue;
        if (row->set != centre) {
            key_apart(row->set, centre, key);
            if (*key)
                add_sensitivity(figure, row, key);
            continue;
        }
        for (const char *p = centre->parameters; *p && *p != '-'; p += *p == ',') {
            snprintf(key, sizeof key, "%.*s", (int)strcspn(p, "="), p);
            add_sensitivity(figure, row, key);
            p += strcspn(p, ",");
        }
        add_sensitivity(figure, row, "threads");
    }
}

/* A panel a mode and number of threads; the queues stand side by side. */
void curves_queues(struct figure *figure) {
    const struct report *report = figure->report;
    const char *last = NULL;
    double number = 0;
    for (size_t i = 0; i < report->summary->count; i++) {
        const struct summary_row *row = &report->summary->rows[i];
        const struct sample_set *set = row->set;
        if (set->family == NULL || !text_same(set->family, "queues") || !plots_drawn(report, row))
            continue;
        const char *mode = parameter_of(set->parameters, "mode");
        const char *slots = parameter_of(set->parameters, "slots");
        bool hops = mode && same_word(mode, "latency");
        char panel[96];
        if ((hops && set->threads != 2) || (slots && !same_word(slots, "1024")) ||
            parameter_of(set->parameters, "spin"))
            continue;
        number += last == NULL || !text_same(last, set->kernel);
        last = set->kernel;
        snprintf(panel, sizeof panel,
                 hops ? "latency one way, %u threads" : "throughput, threads=%u", set->threads);
        /* There and back is two elements. */
        figure_add(figure, panel, number, set->kernel, row,
                   rate(stats_inverse(row->ns), hops ? 0.5 : 1));
    }
}
