/* SPDX-License-Identifier: MIT */
#include "advise/gains.h"

#include <glob.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/text.h"
#include "mapping/given.h"
#include "replay/policy_verdict.h"
#include "replay/trace_kernel.h"

enum { PER = 100, BULK = 16384 }; /* guest instructions; bytes of OPERATION_MOVS and _STOS */

const char *traces_folder(const char *asked) {
    return asked ? asked : trace_kernel_folder();
}

struct gains gains_open(const char *folder) {
    struct gains gains = {0};
    char pattern[PATH_MAX], why[512];
    glob_t found;
    snprintf(pattern, sizeof pattern, "%s/*.trace", folder);
    if (glob(pattern, 0, NULL, &found))
        return gains;
    gains.traces = allocate(found.gl_pathc, sizeof *gains.traces);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        gains.traces[gains.count] = trace_read(found.gl_pathv[i], why, sizeof why);
        if (gains.traces[gains.count++] == NULL)
            die(EXIT_FAILED, "%s", why);
    }
    globfree(&found);
    return gains;
}

void gains_close(struct gains *gains) {
    for (size_t i = 0; i < gains->count; i++)
        trace_free(gains->traces[i]);
    free(gains->traces);
}

bool gains_keep(struct gains *gains, const char *name) {
    struct trace *kept = NULL;
    for (size_t i = 0; i < gains->count; i++)
        if (kept == NULL && text_same(gains->traces[i]->provenance.name, name))
            kept = gains->traces[i];
        else
            trace_free(gains->traces[i]);
    gains->count = kept != NULL;
    if (kept)
        gains->traces[0] = kept;
    return kept != NULL;
}

/* ---- how often ---- */

static void count_access(const struct trace_access *access, double scale, double *counts) {
    if (access->kind == TRACE_BLOCK)
        return;
    if (access->kind == TRACE_MOVS || access->kind == TRACE_STOS)
        counts[access->kind == TRACE_MOVS ? OPERATION_MOVS : OPERATION_STOS] +=
            scale * access->count * access->size / BULK;
    else if (access->kind != TRACE_FENCE || access->op == TRACE_MFENCE)
        counts[predict_operation(access, access->kind == TRACE_STORE)] += scale;
}

/* Windows by the part of the run they stand for. */
static double weight_of(const struct trace *trace, size_t window) {
    double all = 0;
    for (size_t i = 0; i < trace->window_count; i++)
        all += trace->windows[i].stands_for;
    double part =
        all > 0 ? trace->windows[window].stands_for / all : 1.0 / (double)trace->window_count;
    uint64_t instructions = trace->windows[window].instructions;
    return instructions ? PER * part / (double)instructions : 0;
}

static void count_trace(const struct trace *trace, double *counts) {
    for (size_t w = 0; w < trace->window_count; w++)
        for (size_t s = 0; s < trace->windows[w].stream_count; s++) {
            const struct trace_stream *stream = &trace->windows[w].streams[s];
            for (size_t i = 0; i < stream->count; i++)
                count_access(&stream->accesses[i], weight_of(trace, w), counts);
        }
}

void gains_weights(const struct gains *gains, double weights[OPERATIONS]) {
    memset(weights, 0, OPERATIONS * sizeof *weights);
    for (size_t i = 0; i < gains->count; i++)
        count_trace(gains->traces[i], weights);
    for (size_t o = 0; o < OPERATIONS; o++)
        weights[o] /= (double)gains->count;
}

/* ---- what it costs ---- */

/* The recommended sequences. What the model does not know, of a TSO mode, is as the option says. */
static struct prediction recommended(const struct advice *advice, const struct model *model,
                                     const struct trace *trace) {
    struct prediction sum = {0};
    double counts[OPERATIONS] = {0};
    count_trace(trace, counts);
    for (size_t o = 0; o < OPERATIONS; o++) {
        const struct candidate *uses = advice->best->uses[o];
        if (counts[o] == 0)
            continue;
        if (uses == NULL) {
            sum.fitted = sum.least = sum.most = NAN;
            if (!*sum.missing)
                snprintf(sum.missing, sizeof sum.missing, "%s", operations[o].text);
            continue;
        }
        const struct cost *cost = uses->model == advice->reference
                                      ? model_cost(model, (enum operation_id)o, uses->fact->name)
                                      : NULL;
        double alone = uses->plain_ns * (uses->ratio.value - 1);
        sum.fitted += counts[o] * (cost ? cost->fitted : alone);
        sum.least += counts[o] * (cost && isfinite(cost->least) ? cost->least : alone);
        sum.most += counts[o] * (cost && isfinite(cost->most) ? cost->most : alone);
    }
    return sum;
}

static struct prediction emitted(const struct model *model, const struct policy *policy,
                                 const struct policy *plain, const struct trace *trace) {
    struct prediction sum = {0};
    for (size_t w = 0; w < trace->window_count; w++)
        for (size_t s = 0; s < trace->windows[w].stream_count; s++) {
            struct prediction one =
                predict_stream(model, policy, plain, &trace->windows[w].streams[s]);
            double weight = weight_of(trace, w);
            sum.fitted += weight * one.fitted;
            sum.least += weight * one.least;
            sum.most += weight * one.most;
            if (*one.missing && !*sum.missing)
                strcpy(sum.missing, one.missing);
        }
    return sum;
}

static enum isa isa_of(const struct advice *advice) {
    return strcmp(advice->architecture, "x86_64") == 0 ? ISA_X86_64 : ISA_AARCH64;
}

static const struct policy *all_policies(const struct advice *advice, size_t *count) {
    return policies(isa_of(advice), count);
}

static void prediction_cell(struct table *table, const struct prediction *it) {
    if (isnan(it->fitted))
        table_cell(table, "n/a");
    else
        table_cell(table, "%.3g [%.3g, %.3g]", it->fitted, it->least, it->most);
}

void gains_print(const struct gains *gains, const struct advice *advice, const struct page *page) {
    static const char *const shown[] = {"qemu",       "risotto",     "fex-lrcpc",
                                        "fex-lrcpc2", "fex-armv8",   "box64-1-1",
                                        "sc-xchg",    "sc-lock-add", "sc-mfence"};
    enum { SHOWN = sizeof shown / sizeof *shown, MOST = SHOWN + MAX_GIVEN };
    const char *names[MOST + 3] = {"<trace", "recommended"};
    char titles[MOST][48];
    const struct policy *columns[MOST];
    size_t count, used = 0, compiled = policies_compiled(isa_of(advice));
    const struct policy *all = all_policies(advice, &count);
    if (gains->count == 0 || advice->best == NULL)
        return;
    for (size_t i = 0; i < SHOWN; i++)
        for (size_t p = 0; p < compiled; p++)
            if (strcmp(all[p].name, shown[i]) == 0)
                columns[used++] = &all[p];
    for (size_t p = compiled; p < count; p++)
        columns[used++] = &all[p];
    for (size_t i = 0; i < used; i++) {
        snprintf(titles[i], sizeof *titles, "%s%s", columns[i]->name,
                 policy_breaks(columns[i], isa_of(advice), NULL) ? ", unsound" : "");
        names[i + 2] = titles[i];
    }
    struct model *model = model_fit(advice);
    struct table *table = table_new(names, 2);
    for (size_t i = 0; i < gains->count; i++) {
        struct prediction it = recommended(advice, model, gains->traces[i]);
        table_cell(table, "%s", gains->traces[i]->provenance.name);
        prediction_cell(table, &it);
        for (size_t p = 0; p < used; p++) {
            it = emitted(model, columns[p], &all[0], gains->traces[i]);
            prediction_cell(table, &it);
        }
    }
    page_heading(page, 3, "Traces");
    page_paragraph(
        page,
        "ns over plain in %d guest instructions, by the linear model of this run's "
        "instruction kernels: fitted, and from the least to the most that single kernels "
        "say. What such predictions are worth, a report of replayed traces says.",
        PER);
    table_print(table, page);
    model_free(model);
}

static json_t *prediction_json(const char *name, bool sound, const struct prediction *it) {
    json_t *numbers =
        isnan(it->fitted) ? json_null() : json_pack("[f, f, f]", it->fitted, it->least, it->most);
    return json_pack("{s:s, s:b, s:o, s:s?}", "code", name, "sound", sound, "ns_per_100", numbers,
                     "missing", *it->missing ? it->missing : NULL);
}

json_t *gains_json(const struct gains *gains, const struct advice *advice) {
    json_t *list = json_array();
    if (gains->count == 0 || advice->best == NULL)
        return list;
    size_t count;
    const struct policy *all = all_policies(advice, &count);
    struct model *model = model_fit(advice);
    for (size_t i = 0; i < gains->count; i++) {
        json_t *codes = json_array();
        struct prediction it = recommended(advice, model, gains->traces[i]);
        json_array_append_new(codes, prediction_json("recommended", true, &it));
        for (size_t p = 1; p < count; p++) {
            it = emitted(model, &all[p], &all[0], gains->traces[i]);
            json_array_append_new(
                codes,
                prediction_json(all[p].name, !policy_breaks(&all[p], isa_of(advice), NULL), &it));
        }
        json_array_append_new(list, json_pack("{s:s, s:o}", "trace",
                                              gains->traces[i]->provenance.name, "codes", codes));
    }
    model_free(model);
    return list;
}
