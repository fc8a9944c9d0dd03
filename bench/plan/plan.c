/* SPDX-License-Identifier: MIT */
#include "plan/plan.h"

#include <limits.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/text.h"
#include "forms/forms.h"
#include "machine/feature.h"
#include "mapping/given.h"
#include "plan/registry.h"

const struct suite plan_suites[] = {
    {.name = "smoke",
     .summary = "every kernel and lowering once, in seconds: does it work?",
     .every_kernel = true,
     .max_lowering = 1,
     .min_blocks = 1,
     .max_blocks = 1,
     .rounds = 5},
    {.name = "quick",
     .summary = "some sets of every family: two minutes",
     .max_weight = 1,
     .min_blocks = 16,
     .max_blocks = 16,
     .block_seconds = 0.035,
     .limit_seconds = 100},
    {.name = "full",
     .summary = "every kernel, and its parameters one or two at a time: up to forty minutes",
     .every_kernel = true,
     .max_weight = 2,
     .max_lowering = 1,
     .min_blocks = 16,
     .max_blocks = 32,
     .block_seconds = 0.09,
     .limit_seconds = 2200},
    {.name = "exhaustive",
     .summary = "every point of every kernel's parameters: hours",
     .every_kernel = true,
     .max_weight = UINT_MAX,
     .max_lowering = 1,
     .min_blocks = 16,
     .max_blocks = 32,
     .block_seconds = 0.06,
     .limit_seconds = 24 * 3600.0},
    {0},
};

const struct suite *plan_suite(const char *name) {
    for (const struct suite *suite = plan_suites; suite->name; suite++)
        if (strcmp(suite->name, name) == 0)
            return suite;
    return NULL;
}

const struct suite *plan_suite_named(const char *name) {
    const char *names[8];
    size_t count = 0;
    const struct suite *suite = plan_suite(name);
    for (const struct suite *known = plan_suites; known->name && count < 8; known++)
        names[count++] = known->name;
    if (suite == NULL)
        text_unknown("suite", name, names, count);
    return suite;
}

double plan_set_seconds(const struct set *set, const struct suite *suite) {
    /* Of a block beside its rounds: process, memory, litmus battery, and of a set's first block the
     * calibration and the search for a lead-in. Measured on two cores of a virtual machine. */
    static const double around_block = 0.08;
    if (set->skip[0])
        return 0;
    return suite->min_blocks * (suite->block_seconds + around_block);
}

static void add_cell(struct set *set, enum role role, enum memmodel model,
                     const struct lowering *lowering) {
    const struct kernel *kernel = registry_kernel(lowering, set->kernel->name);
    if (set->cell_count == MAX_CELLS)
        die(EXIT_FAILED, "%s has more than %d cells", set->name, MAX_CELLS);
    set->cells[set->cell_count++] =
        (struct cell){lowering->name, role, model,
                      lowering,       NULL, kernel_run_at(kernel, &set->params, set->threads)};
}

static struct cell_skip *add_skip(struct set *set, const char *name, enum memmodel model) {
    if (set->skip_count == MAX_SKIPS)
        die(EXIT_FAILED, "%s has more than %d skips", set->name, MAX_SKIPS);
    struct cell_skip *skip = &set->skips[set->skip_count++];
    *skip = (struct cell_skip){.lowering = name, .model = model};
    return skip;
}

/* Whether this CPU has what the cell needs; else the set says what it lacks. */
static bool can_run(struct set *set, const char *name, enum memmodel model, unsigned needs,
                    unsigned have) {
    if ((needs & ~have) == 0)
        return true;
    struct cell_skip *skip = add_skip(set, name, model);
    feature_missing(needs, have, skip->reason, sizeof skip->reason);
    return false;
}

void plan_drop(struct set *set, unsigned which, const char *reason) {
    struct cell *cell = &set->cells[which];
    struct cell_skip *skip = add_skip(set, cell->name, cell->model);
    snprintf(skip->reason, sizeof skip->reason, "%s", reason);
    set->cell_count--;
    memmove(cell, cell + 1, (set->cell_count - which) * sizeof *cell);
}

static void add_lowering(struct set *set, enum memmodel model, const struct lowering *lowering,
                         unsigned have) {
    unsigned needs = lowering->needs | (set->uses & USES_RMW ? lowering->rmw_needs : 0);
    if (can_run(set, lowering->name, model, needs, have))
        add_cell(set, ROLE_LOWERING, model, lowering);
}

/* Forms are measured in every memory model, as plain code is; references only in the baseline's
 * model, unless the kernel has nothing but variants. */
static void add_variants(struct set *set, const struct variant *variant, enum memmodel model,
                         bool base, unsigned have) {
    static const enum role roles[] = {ROLE_REFERENCE, ROLE_FORM};
    for (; variant && variant->name; variant++)
        if ((base || variant->kind == VARIANT_FORM || set->kernel->forms_only) &&
            can_run(set, variant->name, model, variant->needs, have)) {
            if (set->cell_count == MAX_CELLS)
                die(EXIT_FAILED, "%s has more than %d cells", set->name, MAX_CELLS);
            set->cells[set->cell_count++] = (struct cell){
                variant->name, roles[variant->kind], model, NULL, variant, variant->run};
        }
}

/* The memory model whose plain cell is the baseline: the denominator of "software TSO". */
static enum memmodel baseline_model(const struct plan_request *request) {
    if (request->model[MEMMODEL_TSO])
        return MEMMODEL_TSO;
    return request->model[MEMMODEL_FIXED_TSO] ? MEMMODEL_FIXED_TSO : MEMMODEL_WEAK;
}

static void add_cells(struct set *set, const struct plan_request *request) {
    size_t count;
    const struct lowering *const *lowerings = registry_lowerings(&count);
    enum memmodel base = baseline_model(request);
    const struct kernel *kernel = set->kernel;
    bool no_lowerings = kernel->forms_only || given_alone();

    add_lowering(set, base, lowerings[0], request->features);
    if (set->cell_count == 0) { /* no baseline, no comparison */
        snprintf(set->skip, sizeof set->skip, "no baseline: %s", set->skips[0].reason);
        set->skip_count = 0;
        return;
    }
    set->cells[0].role = ROLE_BASELINE;
    add_cell(set, ROLE_AA, base, lowerings[0]);
    add_cell(set, ROLE_TWIN, base, registry_twin());
    for (int model = 0; model < MEMMODEL_COUNT; model++)
        for (size_t i = 0; request->model[model] && i < (no_lowerings ? 1 : count); i++)
            if ((i > 0 || model != (int)base) &&
                lowerings[i]->weight <= request->suite->max_lowering)
                add_lowering(set, (enum memmodel)model, lowerings[i], request->features);
    bool weak_only = kernel_extras(kernel)->unsound && request->model[MEMMODEL_WEAK];
    for (int model = 0; model < MEMMODEL_COUNT; model++) {
        if (!(weak_only ? model == MEMMODEL_WEAK : model == (int)base || request->model[model]))
            continue;
        if (kernel->variants && !given_alone())
            add_variants(set, kernel->variants(&set->params), (enum memmodel)model,
                         model == (int)base, request->features);
        add_variants(set, forms_variants(kernel, &set->params), (enum memmodel)model,
                     model == (int)base, request->features);
    }
}

/* Bytes per stream for a footprint value: a level of the machine's caches, or a size. */
static uint64_t footprint(struct set *set, const char *text, const struct plan_request *request) {
    static const char *const levels[] = {"L1", "L2", "L3", "DRAM"};
    for (int i = 0; i < 4; i++) {
        if (strcmp(text, levels[i]))
            continue;
        if (request->level[i].bytes == 0)
            snprintf(set->skip, sizeof set->skip, "%s size unknown: %s", text,
                     request->level[i].reason);
        unsigned streams = set->kernel->streams ? set->kernel->streams : 1;
        return request->level[i].bytes / streams & ~UINT64_C(4095);
    }
    char *unit;
    uint64_t bytes = strtoull(text, &unit, 10);
    return *unit == 'K' ? bytes << 10 : *unit == 'M' ? bytes << 20 : bytes;
}

/* Fills in what follows from kernel, params and threads. */
static void describe(struct set *set, const struct plan_request *request) {
    const struct kernel *kernel = set->kernel;
    size_t used = 0;
    unsigned needs = 0;
    set->features = request->features;
    set->uses = kernel->uses & ~(kernel->without ? kernel->without(&set->params) : 0);
    for (unsigned i = 0; kernel->axes && kernel->axes[i].key; i++) {
        const struct axis *axis = &kernel->axes[i];
        const struct axis_value *value = &axis->values[set->params.chosen[i]];
        if (axis->kind != AXIS_UNSAID || set->params.chosen[i] > 0)
            used += (size_t)snprintf(set->parameters + used, sizeof set->parameters - used,
                                     "%s%s=%s", used ? "," : "", axis->key, value->text);
        if (used >= sizeof set->parameters)
            die(EXIT_FAILED, "the parameters of %s are too long", kernel->name);
        set->weight += value->weight;
        needs |= value->needs;
        if (axis->kind == AXIS_FOOTPRINT)
            set->footprint = footprint(set, value->text, request);
    }
    snprintf(set->name, sizeof set->name, "%s/%s/threads=%u", kernel->name,
             used ? set->parameters : "-", set->threads);
    if (needs & ~request->features)
        feature_missing(needs, request->features, set->skip, sizeof set->skip);
    if (set->skip[0] == 0 && kernel_extras(kernel)->fits &&
        !kernel_extras(kernel)->fits(set->footprint, set->threads))
        snprintf(set->skip, sizeof set->skip, "%llu KiB are too small a footprint for %u threads",
                 (unsigned long long)set->footprint >> 10, set->threads);
    if (set->threads > request->cpu_count)
        snprintf(set->skip, sizeof set->skip, "needs %u CPUs, has %u", set->threads,
                 request->cpu_count);
}

/* Whether the request is for this set, of which all but the cells is known. */
static bool is_wanted(const struct set *set, const struct plan_request *request) {
    unsigned own = request->suite->every_kernel ? 0 : set->kernel->weight;
    return set->weight + own <= request->suite->max_weight &&
           (request->set == NULL || strcmp(request->set, set->name) == 0);
}

/* Spares the points of other kernels' parameters being written out, all for nothing. */
static bool may_be_wanted(const struct kernel *kernel, const struct plan_request *request) {
    size_t length = strlen(kernel->name);
    return request->set == NULL ||
           (strncmp(request->set, kernel->name, length) == 0 && request->set[length] == '/');
}

/* 1, 2, 4, ... within what the kernel takes and the machine has, and all CPUs. A kernel that
 * needs more than there are gets its minimum, to be skipped with the reason. */
static unsigned next_threads(const struct kernel *kernel, unsigned now, unsigned cpus) {
    unsigned limit = kernel->max_threads && kernel->max_threads < cpus ? kernel->max_threads : cpus;
    if (now == 0)
        return kernel->min_threads;
    if (now >= limit)
        return 0;
    unsigned next = 1;
    while (next <= now)
        next *= 2;
    return next < limit ? next : limit;
}

static void add_set(struct plan *plan, const struct set *set) {
    plan->sets = realloc(plan->sets, (plan->count + 1) * sizeof *plan->sets);
    if (plan->sets == NULL)
        die(EXIT_FAILED, "out of memory for %zu sets", plan->count + 1);
    plan->sets[plan->count++] = *set;
}

/* Steps through all combinations of values like a counter; false after the last. */
static bool next_point(const struct axis *axes, struct params *params) {
    for (unsigned i = 0; axes && axes[i].key; i++) {
        unsigned next = params->chosen[i] + 1;
        if (next < MAX_VALUES && axes[i].values[next].text) {
            params->chosen[i] = next;
            return true;
        }
        params->chosen[i] = 0;
    }
    return false;
}

/* What a kernel that reads its parameters from files says of a set; false: there is no such. */
static bool take_point(struct set *set, const struct plan_request *request) {
    struct point point = {0};
    kernel_extras(set->kernel)->at(&set->params, set->threads, &point);
    set->footprint = point.footprint;
    if (set->skip[0] == 0)
        snprintf(set->skip, sizeof set->skip, "%s", point.skip);
    if (point.needs & ~request->features && set->skip[0] == 0)
        feature_missing(point.needs, request->features, set->skip, sizeof set->skip);
    return !point.absent;
}

struct plan plan_make(const struct plan_request *request) {
    struct plan plan = {NULL, 0};
    struct set *set = allocate(1, sizeof *set);

    for (const struct kernel *const *each = registry_kernels(); *each; each++) {
        const struct kernel *kernel = *each;
        struct params params = {.axes = kernel->axes};
        if (!may_be_wanted(kernel, request))
            continue;
        const struct kernel_extras *extras = kernel_extras(kernel);
        if (extras->open)
            extras->open(request->set);
        do {
            for (unsigned threads = 0;
                 (threads = next_threads(kernel, threads, request->cpu_count)) != 0;) {
                if (kernel_run_at(kernel, &params, threads) == NULL)
                    continue;
                *set = (struct set){.kernel = kernel, .params = params, .threads = threads};
                set->weight = threads > 2 ? 1 : threads == 1 ? extras->alone_weight : 0;
                describe(set, request);
                if (!is_wanted(set, request) || (extras->at && !take_point(set, request)))
                    continue;
                if (set->skip[0] == 0)
                    add_cells(set, request);
                add_set(&plan, set);
            }
        } while (next_point(kernel->axes, &params));
    }
    free(set);
    return plan;
}

void plan_free(struct plan *plan) {
    free(plan->sets);
    *plan = (struct plan){NULL, 0};
}

void plan_filter(struct plan *plan, const char *expression) {
    regex_t regex;
    char message[128];
    int error = regcomp(&regex, expression, REG_EXTENDED | REG_NOSUB);
    if (error) {
        regerror(error, &regex, message, sizeof message);
        die(EXIT_USAGE, "--only `%s' is no regular expression: %s", expression, message);
    }
    size_t kept = 0;
    for (size_t i = 0; i < plan->count; i++)
        if (regexec(&regex, plan->sets[i].name, 0, NULL, 0) == 0)
            plan->sets[kept++] = plan->sets[i];
    regfree(&regex);
    plan->count = kept;
    if (kept == 0) {
        size_t names = 0;
        const char *candidates[128];
        for (const struct kernel *const *kernel = registry_kernels(); *kernel && names < 128;
             kernel++)
            candidates[names++] = (*kernel)->name;
        text_unknown("set (--only matches nothing)", expression, candidates, names);
    }
}

const struct set *plan_find(const struct plan *plan, const char *name) {
    for (size_t i = 0; i < plan->count; i++)
        if (strcmp(plan->sets[i].name, name) == 0)
            return &plan->sets[i];
    return NULL;
}

static const char *breaks(const struct set *set, const struct cell *cell) {
    const struct kernel_extras *extras = kernel_extras(set->kernel);
    if (cell->model != MEMMODEL_WEAK)
        return NULL;
    if (cell->variant && extras->unsound)
        return extras->unsound(cell->variant, &set->params);
    return registry_breaks(cell->lowering, set->uses, set->features);
}

int plan_sound(const struct set *set, const struct cell *cell) {
    const struct kernel_extras *extras = kernel_extras(set->kernel);
    bool form = cell->variant && extras->unsound;
    if (!form && (cell->lowering == NULL || (set->kernel->forms_only && extras->unsound == NULL)))
        return -1;
    return breaks(set, cell) == NULL;
}

const char *plan_witness(const struct set *set, const struct cell *cell) {
    return breaks(set, cell);
}
