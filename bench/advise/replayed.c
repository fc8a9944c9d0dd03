/* SPDX-License-Identifier: MIT */
#include "advise/replayed.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/text.h"
#include "replay/policy_verdict.h"
#include "stats/stats.h"

static const char kernel[] = "trace_replay";

/* The window that a set replays: "trace=name,window=2". NULL, with a warning, if it is not there.
 */
static const struct trace_window *window_of(const struct sample_set *set, const char *folder,
                                            struct trace **trace) {
    char path[PATH_MAX], why[512];
    const char *name = parameter_of(set->parameters, "trace");
    const char *number = parameter_of(set->parameters, "window");
    size_t window = number ? strtoul(number, NULL, 10) : 0;
    if (name == NULL)
        return NULL;
    snprintf(path, sizeof path, "%s/%.*s.trace", folder, (int)strcspn(name, ","), name);
    *trace = trace_read(path, why, sizeof why);
    if (*trace == NULL || window >= (*trace)->window_count) {
        warn("%s: no prediction: %s", set->name, *trace ? "the trace has no such window" : why);
        return NULL;
    }
    return &(*trace)->windows[window];
}

/* How many operations of the kernel one pass over a stream is. */
static double operations_of(const struct sample_set *set, const struct trace_stream *stream) {
    double accesses = 0, instructions = 0;
    for (size_t i = 0; i < stream->count; i++) {
        const struct trace_access *it = &stream->accesses[i];
        accesses += it->kind != TRACE_BLOCK && it->kind != TRACE_FENCE;
        instructions += it->gap + (it->kind != TRACE_BLOCK && !it->same);
    }
    return text_same(set->op, "pass")       ? 1
           : strstr(set->op, "instruction") ? instructions
                                            : accesses;
}

static void predict(struct replayed *it, const struct model *model, const struct policy *plain,
                    const struct trace_window *window, double plain_ns) {
    const struct sample_set *set = it->row->set;
    double fitted = 0, least = 0, most = 0, operations_done = 0;
    for (unsigned i = 0; i < set->threads; i++) {
        const struct trace_stream *stream = &window->streams[i % window->stream_count];
        struct prediction one = predict_stream(model, it->policy, plain, stream);
        operations_done += operations_of(set, stream);
        fitted += one.fitted;
        least += one.least;
        most += one.most;
        it->unmodelled += one.unmodelled / set->threads;
        if (!*it->missing)
            strcpy(it->missing, one.missing);
    }
    /* ns are of all threads together: one thread takes so many times as long. */
    double ns = plain_ns * set->threads * operations_done;
    it->predicted = 1 + fitted / ns;
    it->least = 1 + least / ns;
    it->most = 1 + most / ns;
}

static const struct policy *find_policy(enum isa isa, const char *name) {
    size_t count;
    const struct policy *all = policies(isa, &count);
    for (size_t i = 0; i < count; i++)
        if (text_same(all[i].name, name))
            return &all[i];
    return NULL;
}

static size_t cell_of(const struct summary_row *row) {
    return samples_cell(row->set, row->lowering, row->role, row->model);
}

static void add_set(struct replays *replays, const struct advice *advice,
                    const struct sample_set *set, const struct trace_window *window) {
    const struct summary *summary = advice->report->summary;
    enum isa isa = text_same(advice->architecture, "x86_64") ? ISA_X86_64 : ISA_AARCH64;
    const struct policy *plain_policy = find_policy(isa, "plain");
    const struct summary_row *plain = NULL;
    for (size_t i = 0; i < summary->count; i++) {
        const struct summary_row *row = &summary->rows[i];
        if (row->set == set && text_same(row->lowering, "plain") &&
            row->model == advice->reference &&
            (row->role == ROLE_BASELINE || row->role == ROLE_LOWERING))
            plain = row;
    }
    for (size_t i = 0; plain && plain->ns.value > 0 && i < summary->count; i++) {
        const struct summary_row *row = &summary->rows[i];
        const struct policy *policy = find_policy(isa, row->lowering);
        if (row->set != set || !policy || policy == plain_policy || !(row->ns.value > 0) ||
            row->tally.check_failed || row->model != advice->reference || row->role == ROLE_AA ||
            row->role == ROLE_TWIN)
            continue;
        struct replayed *it = &replays->rows[replays->count++];
        *it = (struct replayed){
            .row = row, .policy = policy, .breaks = policy_breaks(policy, isa, window)};
        it->measured = summary_paired(set, cell_of(row), cell_of(plain));
        it->older = policy->since && strcmp(advice->report->run->time, policy->since) < 0;
        if (it->older)
            it->predicted = NAN;
        else
            predict(it, replays->model, plain_policy, window, plain->ns.value);
    }
}

static void judge(struct replays *replays) {
    double *errors = allocate(replays->count + 1, sizeof *errors);
    for (size_t i = 0; i < replays->count; i++) {
        const struct replayed *it = &replays->rows[i];
        if (isnan(it->predicted))
            continue;
        errors[replays->compared++] = fabs(it->predicted / it->measured.value - 1);
        bool ends = stats_has_ends(it->measured); /* a simulator's time is one value */
        replays->inside += (ends ? it->measured.high : it->measured.value) >= it->least &&
                           (ends ? it->measured.low : it->measured.value) <= it->most;
    }
    replays->error = stats_median(errors, replays->compared);
    free(errors);
}

static struct replays *replays_with(const struct advice *advice, const char *folder) {
    const struct samples *run = advice->report->run;
    struct replays *replays = NULL;
    for (size_t i = 0; i < run->set_count; i++) {
        const struct sample_set *set = &run->sets[i];
        struct trace *trace = NULL;
        if (!text_same(set->kernel, kernel) || set->block_count == 0)
            continue;
        if (replays == NULL) {
            replays = allocate(1, sizeof *replays);
            replays->model = model_fit(advice);
            replays->rows = allocate(advice->report->summary->count, sizeof *replays->rows);
        }
        const struct trace_window *window = window_of(set, folder, &trace);
        if (window)
            add_set(replays, advice, set, window);
        trace_free(trace);
    }
    if (replays)
        judge(replays);
    return replays;
}

struct replays *replays_of(const struct report *report, const char *folder) {
    const struct samples *run = report->run;
    for (size_t i = 0; i < run->set_count; i++)
        if (text_same(run->sets[i].kernel, kernel) && run->sets[i].block_count &&
            report_machine_text(report, "architecture")) {
            struct advice *advice = advice_make(report, NULL, "");
            struct replays *replays = replays_with(advice, folder);
            advice_free(advice);
            return replays;
        }
    return NULL;
}

void replays_free(struct replays *replays) {
    if (replays) {
        model_free(replays->model);
        free(replays->rows);
    }
    free(replays);
}
