/* SPDX-License-Identifier: MIT */
#include "advise/model.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/text.h"
#include "stats/stats.h"

enum { TERMS = 2, MOST_ROUNDS = 100000 };

/* So many of these together cost so much over plain code. */
struct equation {
    size_t cost[TERMS];
    double count[TERMS]; /* 0: no such term */
    double extra, time;  /* ns; time: of the ordered code */
};

struct fit {
    const struct advice *advice;
    struct model *model;
    struct equation *equations;
};

/* ---- equations ---- */

static size_t cost_index(struct fit *fit, enum operation_id operation, const char *sequence) {
    struct model *model = fit->model;
    for (size_t i = 0; i < model->count; i++)
        if (model->costs[i].operation == operation && text_same(model->costs[i].sequence, sequence))
            return i;
    model->costs[model->count] = (struct cost){operation, sequence, NAN, NAN, NAN, 0};
    return model->count++;
}

/* What is plain, and what was not timed, is in no equation. */
static void add_equation(struct fit *fit, const enum operation_id *operation,
                         const char *const *sequence, const double *count, double extra,
                         double time) {
    struct equation equation = {.extra = extra, .time = time};
    size_t terms = 0;
    for (size_t i = 0; i < TERMS; i++) {
        if (count[i] == 0 || text_same(sequence[i], "plain"))
            continue;
        size_t index = cost_index(fit, operation[i], sequence[i]);
        fit->model->costs[index].equations++;
        equation.cost[terms] = index;
        equation.count[terms++] = count[i];
    }
    if (terms == 0)
        return;
    fit->equations[fit->model->equations++] = equation;
}

/* The kernels of single instructions: one unknown each. */
static void add_options(struct fit *fit, size_t operation) {
    const struct advice_operation *it = &fit->advice->operations[operation];
    for (size_t i = 0; i < it->count; i++) {
        const struct candidate *option = &it->options[i];
        enum operation_id ids[TERMS] = {(enum operation_id)operation};
        const char *names[TERMS] = {option->fact->name, "plain"};
        const double one[TERMS] = {1};
        if (option->sum || option->model != fit->advice->reference)
            continue;
        double time = option->plain_ns * option->ratio.value;
        add_equation(fit, ids, names, one, time - option->plain_ns, time);
        time = option->latency_plain_ns * option->latency.value;
        if (isfinite(time))
            add_equation(fit, ids, names, one, time - option->latency_plain_ns, time);
    }
}

/* What the lowerings make of accesses. */
static const struct {
    const char *lowering, *load, *store, *vector_load, *vector_store;
} lowerings[] = {
    {"ldar-stlr", "ldar", "stlr", "ldr+dmb.ishld", "dmb.ish+str"},
    {"ldapr-stlr", "ldapr", "stlr", "ldr+dmb.ishld", "dmb.ish+str"},
    {"ldapur-stlur", "ldapur", "stlur", "ldr+dmb.ishld", "dmb.ish+str"},
    {"half-barrier", "ldr+dmb.ishld", "dmb.ish+str", "ldr+dmb.ishld", "dmb.ish+str"},
    {"dmb-risotto", "ldr+dmb.ishld", "dmb.ishst+str", "ldr+dmb.ishld", "dmb.ishst+str"},
    {"dmb-qemu", "dmb.ishld+ldr", "dmb.ish+str", NULL, NULL},
    {"ldapr-ishst", "ldapr", "dmb.ishst+str", NULL, NULL},
    {"ishld-stlr", "ldr+dmb.ishld", "stlr", NULL, NULL},
    {"sc-xchg", "plain", "xchg", "plain", "movdqu+mfence"},
    {"sc-mfence", "plain", "mov+mfence", "plain", "movdqu+mfence"},
    {"sc-lock-add", "plain", "mov+lock.add", "plain", "movdqu+lock.add"},
};

/* How many loads and stores an operation of these kernels is. */
static bool accesses_of(const struct sample_set *set, double *loads, double *stores, bool *vector) {
    const char *parameters = set->parameters;
    *loads = *stores = 0;
    *vector = strstr(parameters, "bytes=16vec") != NULL;
    if (set->threads != 1 || !strstr(parameters, "footprint=L1") ||
        (strstr(parameters, "bytes=") && !strstr(parameters, "bytes=8,") && !*vector))
        return false;
    if (text_same(set->kernel, "load_throughput") || text_same(set->kernel, "load_latency"))
        *loads = 1;
    else if (text_same(set->kernel, "store_throughput"))
        *stores = 1;
    else if (text_same(set->kernel, "diluted"))
        *(strstr(parameters, "access=store") ? stores : loads) = 1;
    else if (text_same(set->kernel, "load_store_mix"))
        return sscanf(parameters, "mix=%lf+%lf", loads, stores) == 2;
    return *loads + *stores > 0;
}

static void add_lowered(struct fit *fit, const struct summary_row *row, double loads, double stores,
                        bool vector) {
    const struct sample_set *set = row->set;
    for (size_t i = 0; i < sizeof lowerings / sizeof *lowerings; i++) {
        const char *names[TERMS] = {vector ? lowerings[i].vector_load : lowerings[i].load,
                                    vector ? lowerings[i].vector_store : lowerings[i].store};
        enum operation_id ids[TERMS] = {vector ? OPERATION_VECTOR_LOAD : OPERATION_LOAD,
                                        vector ? OPERATION_VECTOR_STORE : OPERATION_STORE};
        const double counts[TERMS] = {loads, stores};
        if (!text_same(lowerings[i].lowering, row->lowering) || names[0] == NULL)
            continue;
        for (size_t k = 0; k < fit->advice->report->summary->count; k++) {
            const struct summary_row *plain = &fit->advice->report->summary->rows[k];
            if (plain->set == set && text_same(plain->lowering, "plain") &&
                plain->model == fit->advice->reference &&
                (plain->role == ROLE_BASELINE || plain->role == ROLE_LOWERING))
                add_equation(fit, ids, names, counts, row->ns.value - plain->ns.value,
                             row->ns.value);
        }
    }
}

static void add_kernels(struct fit *fit) {
    const struct summary *summary = fit->advice->report->summary;
    for (size_t i = 0; i < summary->count; i++) {
        const struct summary_row *row = &summary->rows[i];
        double loads, stores;
        bool vector;
        if (row->role == ROLE_LOWERING && row->model == fit->advice->reference &&
            row->erratum == 0 && row->ns.value > 0 &&
            accesses_of(row->set, &loads, &stores, &vector))
            add_lowered(fit, row, loads, stores, vector);
    }
}

/* ---- the fit ---- */

void model_solve(const double *a, const double *b, size_t rows, size_t columns, double *x) {
    double *rest = allocate(rows + 1, sizeof *rest), moved = 1, most = 0;
    memcpy(rest, b, rows * sizeof *rest);
    memset(x, 0, columns * sizeof *x);
    for (size_t round = 0; round < MOST_ROUNDS && moved > 1e-12 * most; round++) {
        moved = 0;
        for (size_t j = 0; j < columns; j++) {
            double along = 0, square = 0;
            for (size_t i = 0; i < rows; i++) {
                along += a[i * columns + j] * rest[i];
                square += a[i * columns + j] * a[i * columns + j];
            }
            double next = square > 0 ? fmax(0, x[j] + along / square) : 0, step = next - x[j];
            for (size_t i = 0; step != 0 && i < rows; i++)
                rest[i] -= step * a[i * columns + j];
            x[j] = next;
            moved = fmax(moved, fabs(step));
            most = fmax(most, next);
        }
    }
    free(rest);
}

static void bracket(struct fit *fit) {
    for (size_t i = 0; i < fit->model->equations; i++) {
        const struct equation *it = &fit->equations[i];
        if (it->count[1] != 0)
            continue;
        struct cost *cost = &fit->model->costs[it->cost[0]];
        double alone = fmax(0, it->extra / it->count[0]);
        cost->least = fmin(cost->least, alone); /* of a number and NAN: the number */
        cost->most = fmax(cost->most, alone);
    }
}

static void solve(struct fit *fit) {
    size_t rows = fit->model->equations, columns = fit->model->count;
    double *a = allocate(rows * columns + 1, sizeof *a), *b = allocate(rows + 1, sizeof *b);
    double *x = allocate(columns + 1, sizeof *x), *errors = allocate(rows + 1, sizeof *errors);
    for (size_t i = 0; i < rows; i++) {
        const struct equation *it = &fit->equations[i];
        for (size_t k = 0; k < TERMS; k++)
            if (it->count[k] != 0)
                a[i * columns + it->cost[k]] = it->count[k] / it->time;
        b[i] = it->extra / it->time;
    }
    model_solve(a, b, rows, columns, x);
    for (size_t i = 0; i < rows; i++) {
        double predicted = 0;
        for (size_t j = 0; j < columns; j++)
            predicted += a[i * columns + j] * x[j];
        errors[i] = fabs(predicted - b[i]);
    }
    for (size_t j = 0; j < columns; j++)
        fit->model->costs[j].fitted = x[j];
    fit->model->error = rows ? stats_median(errors, rows) : NAN;
    free(a);
    free(b);
    free(x);
    free(errors);
}

struct model *model_fit(const struct advice *advice) {
    struct fit fit = {.advice = advice, .model = allocate(1, sizeof *fit.model)};
    /* An option is in two equations, a row of the summary in one. */
    size_t most = 2 * OPERATIONS * MAX_OPTIONS + advice->report->summary->count;
    fit.equations = allocate(most, sizeof *fit.equations);
    fit.model->costs = allocate(TERMS * most, sizeof *fit.model->costs);
    for (size_t i = 0; i < OPERATIONS; i++)
        if (operations[i].kind != KIND_BULK && operations[i].kind != KIND_LOAD16 &&
            operations[i].kind != KIND_STORE16) /* which no trace tells from vectors */
            add_options(&fit, i);
    add_kernels(&fit);
    bracket(&fit);
    solve(&fit);
    free(fit.equations);
    return fit.model;
}

void model_free(struct model *model) {
    if (model)
        free(model->costs);
    free(model);
}

const struct cost *model_cost(const struct model *model, enum operation_id operation,
                              const char *sequence) {
    for (size_t i = 0; i < model->count; i++)
        if (model->costs[i].operation == operation && text_same(model->costs[i].sequence, sequence))
            return &model->costs[i];
    return NULL;
}
