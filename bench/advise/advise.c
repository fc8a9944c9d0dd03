/* SPDX-License-Identifier: MIT */
#include "advise/advise_parts.h"

#include <math.h>
#include <stdlib.h>

#include "base/die.h"
#include "base/text.h"
#include "samples/proof.h"

const struct operation operations[OPERATIONS] = {
#define OPERATION(id, text, kind, kernel, parameters, latency, weight)                             \
    {#id, text, kind, kernel, parameters, latency, weight},
#include "advise/operations.def"
#undef OPERATION
};

static const struct combination combinations[] = {
#define COMBINATION(...) {__VA_ARGS__},
#include "advise/combinations.def"
#undef COMBINATION
};
/* Even if all rows were of one architecture. */
_Static_assert(sizeof combinations / sizeof *combinations <= MAX_COMBINATIONS, "combinations.def");

/* ---- which are sound together ---- */

static unsigned wanted(const struct combination *combination, enum kind kind) {
    switch (kind) {
    case KIND_LOAD:
    case KIND_LOAD16:
        return combination->load;
    case KIND_STORE:
    case KIND_STORE16:
        return combination->store;
    case KIND_FENCE:
        return combination->fence;
    case KIND_BULK:
        return combination->bulk;
    default:
        return combination->rmw;
    }
}

static void judge(struct advice *advice) {
    for (size_t c = 0; c < advice->combination_count; c++) {
        const struct advice_combination *it = &advice->combinations[c];
        for (size_t o = 0; o < OPERATIONS; o++) {
            unsigned bits = wanted(it->combination, operations[o].kind);
            for (size_t i = 0; i < advice->operations[o].count; i++) {
                struct candidate *option = &advice->operations[o].options[i];
                if (!it->refused && !option->torn && option->tso == it->combination->tso &&
                    (option->fact->gives & bits) == bits)
                    option->allowed |= 1u << c;
            }
        }
    }
}

static bool has_model(const struct samples *run, bool tso) {
    for (size_t i = 0; i < run->set_count; i++)
        for (size_t k = 0; k < run->sets[i].cell_count; k++)
            if ((run->sets[i].cells[k].model == MEMMODEL_WEAK) != tso)
                return true;
    return false;
}

static bool disproved(const struct samples *run) {
    for (enum memmodel model = MEMMODEL_TSO; model < MEMMODEL_COUNT; model++) {
        struct proof proof = proof_of(run, NULL, model);
        if (proof_state(&proof) == PROOF_DISPROVED)
            return true;
    }
    return false;
}

static void add_combinations(struct advice *advice) {
    const struct samples *run = advice->report->run;
    for (size_t i = 0; i < sizeof combinations / sizeof *combinations; i++) {
        if (!text_same(combinations[i].architecture, advice->architecture))
            continue;
        struct advice_combination *it = &advice->combinations[advice->combination_count++];
        it->combination = &combinations[i];
        if (!has_model(run, it->combination->tso))
            it->refused =
                it->combination->tso ? "this run has no TSO mode" : "this run has no weak mode";
        else if (it->combination->tso && disproved(run))
            it->refused = "the litmus battery saw outcomes that TSO forbids";
    }
}

/* ---- what they cost ---- */

static struct difference scaled(const struct advice *advice, struct interval ratio, double ns,
                                double floor) {
    if (advice->report->run->source == SOURCE_SIMULATED)
        ratio.low = ratio.high = ratio.value;
    return (struct difference){ns * (ratio.value - 1), ns * (ratio.low - 1), ns * (ratio.high - 1),
                               ns * floor};
}

struct difference option_difference(const struct advice *advice, const struct candidate *option,
                                    const struct candidate *other) {
    if (option == other)
        return (struct difference){0, 0, 0, 0};
    double ns = other->plain_ns * other->ratio.value;
    if (option->row && other->row && option->row->set == other->row->set)
        return scaled(advice, summary_paired(option->row->set, option->cell, other->cell), ns,
                      summary_paired_floor(advice->report->summary, option->row->set, option->cell,
                                           other->cell));
    return scaled(advice, stats_quotient(option->ratio, other->ratio), ns,
                  fmax(option->floor, other->floor));
}

bool difference_tie(const struct difference *it) {
    double floor = isnan(it->floor) ? 0 : it->floor;
    return it->low <= floor && it->high >= -floor;
}

static double ns_of(const struct candidate *option) {
    return option->plain_ns * option->ratio.value;
}

static bool fits(const struct candidate *option, int combination) {
    return combination < 0 ? option->allowed != 0 : option->allowed >> combination & 1;
}

const struct candidate *advice_cheapest(const struct advice *advice, size_t operation,
                                        int combination) {
    return advice_runner_up(advice, operation, NULL, combination);
}

const struct candidate *advice_runner_up(const struct advice *advice, size_t operation,
                                         const struct candidate *best, int combination) {
    const struct candidate *found = NULL;
    for (size_t i = 0; i < advice->operations[operation].count; i++) {
        const struct candidate *option = &advice->operations[operation].options[i];
        bool other = best == NULL || option->tso != best->tso ||
                     !text_same(option->fact->name, best->fact->name);
        if (other && fits(option, combination) && (!found || ns_of(option) < ns_of(found)))
            found = option;
    }
    return found;
}

/* Independent sets: the squares of the distances add up. */
static void add_weighted(struct difference *sum, const struct difference *part, double weight) {
    double low = hypot(sum->value - sum->low, weight * (part->value - part->low));
    double high = hypot(sum->high - sum->value, weight * (part->high - part->value));
    sum->value += weight * part->value;
    sum->low = sum->value - low;
    sum->high = sum->value + high;
    sum->floor = hypot(sum->floor, weight * (isnan(part->floor) ? 0 : part->floor));
}

struct difference advice_over_plain(const struct advice *advice,
                                    const struct candidate *const uses[OPERATIONS]) {
    struct difference sum = {0};
    for (size_t o = 0; o < OPERATIONS; o++) {
        if (uses[o] == NULL)
            continue;
        struct difference part = scaled(advice, uses[o]->ratio, uses[o]->plain_ns, uses[o]->floor);
        add_weighted(&sum, &part, advice->weights[o]);
    }
    return sum;
}

struct difference advice_over(const struct advice *advice,
                              const struct candidate *const uses[OPERATIONS],
                              const struct candidate *const other[OPERATIONS]) {
    struct difference sum = {0};
    for (size_t o = 0; o < OPERATIONS; o++) {
        if (!uses[o] || !other[o])
            continue;
        struct difference part = option_difference(advice, uses[o], other[o]);
        add_weighted(&sum, &part, advice->weights[o]);
    }
    return sum;
}

static void cost(const struct advice *advice, struct advice_combination *it) {
    size_t found = 0;
    it->complete = !it->refused;
    for (size_t o = 0; o < OPERATIONS; o++) {
        int place = (int)(it - advice->combinations);
        it->uses[o] = advice_cheapest(advice, o, place);
        it->missing[o] = !it->uses[o] && advice_cheapest(advice, o, -1);
        it->complete &= !it->missing[o];
        found += it->uses[o] && advice->weights[o] > 0;
    }
    it->over_plain = advice_over_plain(advice, it->uses);
    it->complete &= found > 0;
}

static void choose(struct advice *advice) {
    for (size_t c = 0; c < advice->combination_count; c++) {
        struct advice_combination *it = &advice->combinations[c];
        cost(advice, it);
        if (it->complete)
            advice_judge_combination(advice, it);
        it->complete &= !it->refused;
        if (it->complete &&
            (!advice->best || it->over_plain.value < advice->best->over_plain.value))
            advice->best = it;
    }
    for (size_t c = 0; advice->best && c < advice->combination_count; c++) {
        struct advice_combination *it = &advice->combinations[c];
        if (it->complete)
            it->over_best = advice_over(advice, it->uses, advice->best->uses);
    }
}

struct advice *advice_make(const struct report *report, const double *weights, const char *from) {
    struct advice *advice = allocate(1, sizeof *advice);
    advice->report = report;
    advice->architecture = report_machine_text(report, "architecture");
    if (advice->architecture == NULL)
        die(EXIT_USAGE,
            "%s: machine.json does not say the architecture; take a run that tsobench check "
            "accepts",
            report->run->directory);
    bool x86 = text_same(advice->architecture, "x86_64");
    advice->goal = x86 ? "sequential consistency over x86-TSO" : "x86-TSO";
    enum memmodel base = report_base_model(report);
    advice->reference = has_model(report->run, false) ? MEMMODEL_WEAK
                        : base == MEMMODEL_NONE       ? MEMMODEL_FIXED_TSO
                                                      : base;
    for (size_t i = 0; i < OPERATIONS; i++)
        advice->weights[i] = weights ? weights[i] : operations[i].weight;
    advice->weights_from = from;
    advice_collect(advice);
    add_combinations(advice);
    judge(advice);
    choose(advice);
    advice_find_breaks(advice);
    return advice;
}

void advice_free(struct advice *advice) {
    free(advice);
}
