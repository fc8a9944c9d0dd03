/* SPDX-License-Identifier: MIT
 *
 * litmus_tests.c: the rows of litmus.def as data, and what follows from them.
 */
#include <stdio.h>
#include <string.h>

#include "base/die.h"
#include "litmus/litmus_run.h"

enum { x, y, z, w };

#define W(variable_, value_) {.kind = LITMUS_STORE, .variable = (variable_), .value = (value_)},
#define R(slot_, variable_)  {.kind = LITMUS_LOAD, .variable = (variable_), .slot = (slot_)},
#define XCHG(slot_, variable_, value_)                                                             \
    {.kind = LITMUS_EXCHANGE, .variable = (variable_), .slot = (slot_), .value = (value_)},
#define CAS(slot_, variable_, want_, value_)                                                       \
    {.kind = LITMUS_COMPARE_EXCHANGE,                                                              \
     .variable = (variable_),                                                                      \
     .slot = (slot_),                                                                              \
     .value = (value_),                                                                            \
     .want = (want_)},
#define FENCE()                 {.kind = LITMUS_FENCE},
#define THREAD(id, thread, ops) [thread] = {ops},
#define REGISTER(thread_, slot_, value_)                                                           \
    {.kind = LITMUS_LOAD, .thread = (thread_), .slot = (slot_), .value = (value_)},
#define FINAL(variable_, value_) {.kind = LITMUS_STORE, .variable = (variable_), .value = (value_)},
#define LITMUS(id, name_, rule_, threads, outcome_)                                                \
    {.name = (name_), .rule = (rule_), .program = {threads}, .outcome = {outcome_}},

const struct litmus_test litmus_tests[] = {
#include "kernels/litmus.def"
};
enum { TESTS = sizeof litmus_tests / sizeof litmus_tests[0] };
const size_t litmus_test_count = TESTS;

static bool is_store(enum litmus_kind kind) {
    return kind == LITMUS_STORE || kind == LITMUS_EXCHANGE || kind == LITMUS_COMPARE_EXCHANGE;
}

static bool reads(enum litmus_kind kind) {
    return kind == LITMUS_LOAD || kind == LITMUS_EXCHANGE || kind == LITMUS_COMPARE_EXCHANGE;
}

static void add_cell(struct litmus_view *view, struct litmus_cell cell) {
    if (view->cell_count == LITMUS_CELLS)
        die(EXIT_FAILED, "litmus test %s has too many registers", view->test->name);
    view->cells[view->cell_count++] = cell;
}

static void fill(struct litmus_view *view, const struct litmus_test *test) {
    static const unsigned uses[] = {[LITMUS_STORE] = USES_STORE,
                                    [LITMUS_LOAD] = USES_LOAD,
                                    [LITMUS_EXCHANGE] = USES_EXCHANGE,
                                    [LITMUS_COMPARE_EXCHANGE] = USES_CAS,
                                    [LITMUS_FENCE] = USES_FENCE};
    unsigned stores[LITMUS_VARIABLES] = {0};
    view->test = test;
    for (unsigned thread = 0; thread < LITMUS_THREADS; thread++)
        for (const struct litmus_op *op = test->program[thread]; op->kind; op++) {
            view->threads = thread + 1;
            view->uses |= uses[op->kind];
            stores[op->variable] += is_store(op->kind);
            if (op->kind != LITMUS_FENCE && op->variable >= view->variables)
                view->variables = op->variable + 1;
            if (reads(op->kind))
                add_cell(view, (struct litmus_cell){.thread = thread, .slot = op->slot});
        }
    for (unsigned variable = 0; variable < LITMUS_VARIABLES; variable++)
        if (stores[variable] > 1)
            add_cell(view, (struct litmus_cell){.final = true, .variable = variable});
    litmus_explore(view);
}

const struct litmus_view *litmus_view(size_t test) {
    static struct litmus_view views[TESTS];
    if (views[test].test == NULL)
        fill(&views[test], &litmus_tests[test]);
    return &views[test];
}

static bool is_cell(const struct litmus_term *term, const struct litmus_cell *cell) {
    if (cell->final)
        return term->kind == LITMUS_STORE && term->variable == cell->variable;
    return term->kind == LITMUS_LOAD && term->thread == cell->thread && term->slot == cell->slot;
}

bool litmus_matches(const struct litmus_view *view, unsigned outcome) {
    for (const struct litmus_term *term = view->test->outcome; term->kind; term++)
        for (unsigned i = 0; i < view->cell_count; i++)
            if (is_cell(term, &view->cells[i]) && (outcome >> 2 * i & 3) != term->value)
                return false;
    return true;
}

void litmus_outcome_text(const struct litmus_view *view, unsigned outcome, char *out, size_t size) {
    size_t used = 0;
    for (unsigned i = 0; i < view->cell_count && used < size; i++) {
        const struct litmus_cell *cell = &view->cells[i];
        char place[16], value = "012?"[outcome >> 2 * i & 3];
        if (cell->final)
            snprintf(place, sizeof place, "%c", "xyzw"[cell->variable]);
        else
            snprintf(place, sizeof place, "%u:r%u", cell->thread, cell->slot);
        used += (size_t)snprintf(out + used, size - used, "%s%s=%c", i ? " " : "", place, value);
    }
}

uint64_t litmus_forbidden(const struct litmus_view *view, const struct litmus_counts *counts) {
    uint64_t seen = 0;
    for (unsigned outcome = 0; outcome < LITMUS_OUTCOMES; outcome++)
        seen += view->tso[outcome] ? 0 : counts->outcomes[outcome];
    return seen;
}

uint64_t litmus_relaxed(const struct litmus_view *view, const struct litmus_counts *counts) {
    uint64_t seen = 0;
    if (view->test->rule != TSO_ALLOWS)
        return litmus_forbidden(view, counts);
    for (unsigned outcome = 0; outcome < LITMUS_OUTCOMES; outcome++)
        seen += litmus_matches(view, outcome) ? counts->outcomes[outcome] : 0;
    return seen;
}
