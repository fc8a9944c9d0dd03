/* SPDX-License-Identifier: MIT
 *
 * advise_print.c: advice as text: what to emit, what that costs, and everything it was chosen from.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "advise/advise.h"
#include "base/die.h"
#include "base/text.h"

void advice_difference_text(const struct difference *it, char *out, size_t size) {
    const char *tie = difference_tie(it) ? "= " : "";
    if (isnan(it->low) || it->low == it->high)
        snprintf(out, size, "%s%+.3g", tie, it->value);
    else
        snprintf(out, size, "%s%+.3g [%+.3g, %+.3g]", tie, it->value, it->low, it->high);
}

static void ratio_text(struct interval ratio, char *out, size_t size) {
    if (isnan(ratio.value))
        snprintf(out, size, "n/a");
    else
        report_interval(ratio, out, size);
}

/* The model is named where it is not that of the plain code. */
static void name_cell(const struct advice *advice, struct table *table, const char *before,
                      const struct candidate *option) {
    bool other = option->model != advice->reference;
    table_cell(table, "%s%s%s%s%s", before, option->fact->name, other ? "@" : "",
               other ? memmodel_name(option->model) : "", option->sum ? " (a sum)" : "");
}

/* The one to emit: under the best combination, or in any that is sound where there is no best. */
static const struct candidate *chosen(const struct advice *advice, size_t operation) {
    if (advice->best)
        return advice->best->uses[operation];
    return advice_cheapest(advice, operation, -1);
}

static void print_choice(const struct advice *advice, const struct page *page) {
    static const char *const names[] = {"<operation", "<emit",         "ns/op", "over plain [95%]",
                                        "<next best", "ns more [95%]", NULL};
    struct table *table = table_new(names, 2);
    int place = advice->best ? (int)(advice->best - advice->combinations) : -1;
    for (size_t i = 0; i < OPERATIONS; i++) {
        const struct candidate *best = chosen(advice, i);
        char text[96];
        table_cell(table, "%s", operations[i].text);
        if (best == NULL) {
            const struct advice_operation *it = &advice->operations[i];
            table_cell(table, "n/a");
            table_cell(table, "%s", "");
            table_cell(table, "%s", "");
            table_cell(table, "%s", it->set ? "nothing sound measured" : "not measured");
            table_cell(table, "%s", "");
            continue;
        }
        const struct candidate *next = advice_runner_up(advice, i, best, place);
        name_cell(advice, table, "", best);
        table_cell(table, "%.4g", best->plain_ns * best->ratio.value);
        report_interval(best->ratio, text, sizeof text);
        table_cell(table, "%s", text);
        if (next) {
            struct difference more = option_difference(advice, next, best);
            advice_difference_text(&more, text, sizeof text);
            name_cell(advice, table, difference_tie(&more) ? "tie: " : "", next);
            table_cell(table, "%s", text);
        } else {
            table_cell(table, "no other");
            table_cell(table, "%s", "");
        }
    }
    table_print(table, page);
}

static void print_combinations(const struct advice *advice, const struct page *page) {
    static const char *const names[] = {"<combination", "ns over plain [95%]",
                                        "ns over the cheapest [95%]", "<verdict", NULL};
    struct table *table = table_new(names, 1);
    for (size_t c = 0; c < advice->combination_count; c++) {
        const struct advice_combination *it = &advice->combinations[c];
        char text[96];
        table_cell(table, "%s", it->combination->id);
        advice_difference_text(&it->over_plain, text, sizeof text);
        table_cell(table, "%s", it->complete ? text : "n/a");
        advice_difference_text(&it->over_best, text, sizeof text);
        table_cell(table, "%s", it->complete && it != advice->best ? text : "");
        table_cell(table, "%s",
                   !it->complete                    ? ""
                   : it == advice->best             ? "cheapest"
                   : difference_tie(&it->over_best) ? "tie"
                                                    : "");
    }
    table_print(table, page);
}

/* What a combination is, on what evidence, and what it lacks here. */
static void print_rule(const struct advice_combination *it, const struct page *page) {
    char missing[512] = "";
    size_t used = 0;
    for (size_t o = 0; o < OPERATIONS && used < sizeof missing; o++)
        if (it->missing[o])
            used += (size_t)snprintf(missing + used, sizeof missing - used, "%s%s",
                                     used ? ", " : "", operations[o].text);
    page_paragraph(page, "%s: %s%s%s%s.%s%s%s", it->combination->id, it->combination->text,
                   it->complete ? " (" : "", it->complete ? it->evidence : "",
                   it->complete ? ")" : "",
                   it->refused    ? " n/a: "
                   : it->complete ? ""
                   : used         ? " n/a, nothing sound was measured: "
                                  : " n/a, neither loads nor stores were measured",
                   it->refused ? it->refused : missing, it->complete ? "" : ".");
}

/* "release barrier": the combinations in which it is sound; or the litmus test that breaks it. */
static void allowed_text(const struct advice *advice, const struct candidate *option, char *out,
                         size_t size) {
    size_t used = 0;
    if (option->torn)
        snprintf(out, size, "unsound: two accesses without %s", option->fact->atomic_with);
    else
        snprintf(out, size, "%s%s", option->breaks ? "unsound: " : "in no combination",
                 option->breaks ? option->breaks : "");
    for (size_t c = 0; c < advice->combination_count && used < size; c++)
        if (option->allowed >> c & 1)
            used += (size_t)snprintf(out + used, size - used, "%s%s", used ? " " : "",
                                     advice->combinations[c].combination->id);
}

/* Whether a skip in another memory model said the same. */
static bool skipped_before(const struct sample_set *set, size_t which) {
    for (size_t i = 0; i < which; i++)
        if (text_same(set->skips[i].lowering, set->skips[which].lowering) &&
            text_same(set->skips[i].reason, set->skips[which].reason))
            return true;
    return false;
}

static void print_options(const struct advice *advice, const struct page *page) {
    static const char *const names[] = {"<operation",    "<sequence", "ns/op", "over plain [95%]",
                                        "latency [95%]", "<sound in", NULL};
    struct table *table = table_new(names, 2);
    for (size_t i = 0; i < OPERATIONS; i++) {
        const struct advice_operation *it = &advice->operations[i];
        for (size_t k = 0; k < it->count; k++) {
            const struct candidate *option = &it->options[k];
            char text[96];
            table_cell(table, "%s", k ? "" : it->operation->text);
            name_cell(advice, table, "", option);
            table_cell(table, "%.4g", option->plain_ns * option->ratio.value);
            report_interval(option->ratio, text, sizeof text);
            table_cell(table, "%s", text);
            ratio_text(option->latency, text, sizeof text);
            table_cell(table, "%s", text);
            allowed_text(advice, option, text, sizeof text);
            table_cell(table, "%s", text);
        }
        for (size_t k = 0; it->set && k < it->set->skip_count; k++) {
            const struct sample_skip *skip = &it->set->skips[k];
            if (skipped_before(it->set, k))
                continue;
            table_cell(table, "%s", "");
            table_cell(table, "%s", skip->lowering);
            table_cell(table, "n/a");
            table_cell(table, "%s", "");
            table_cell(table, "%s", "");
            table_cell(table, "%s", skip->reason);
        }
    }
    table_print(table, page);
}

/* The costs above are of accesses that hit: what misses cost is known where `tsobench core` has
 * asked the core. */
static void print_core(const json_t *core, const struct page *page) {
    if (core == NULL)
        return;
    page_heading(page, 3, "Accesses that miss");
    page_paragraph(page, "The sequences were measured on data in the L1 cache. On misses, from "
                         "core.json of this run:");
    size_t i;
    const json_t *sentence;
    json_array_foreach(json_object_get(core, "meaning"), i, sentence)
        page_paragraph(page, "%s", json_string_value(sentence));
}

void advice_print(const struct advice *advice, const struct page *page) {
    page_heading(page, 2, "What to emit for %s on %s", advice->goal, advice->report->machine);
    report_context(advice->report, page);
    if (advice->best == NULL)
        page_paragraph(page, "No combination of sound sequences is complete: each line stands for "
                             "itself, and lines need not be sound together.");
    else
        page_paragraph(page,
                       "Sound together: %s (%s). Costs are times over those of plain code under "
                       "%s. \"tie\" or \"=\": not told apart%s.",
                       advice->best->combination->text, advice->best->evidence,
                       memmodel_name(advice->reference),
                       report_has_floors(advice->report) ? " above the floor of the set" : "");
    print_choice(advice, page);
    page_heading(page, 3, "Combinations");
    page_paragraph(page,
                   "All accesses of a thread must follow one of them. ns: of %s, each "
                   "operation by its throughput. Which accesses are unaligned a translator knows "
                   "when they trap, not before.",
                   advice->weights_from);
    if (strcmp(advice->architecture, "aarch64") == 0)
        page_paragraph(page,
                       "Over 16 bytes an access of arm64 may be seen in parts, whatever stands "
                       "around it; x86 promises more, inside a line.");
    print_combinations(advice, page);
    for (size_t c = 0; c < advice->combination_count; c++)
        print_rule(&advice->combinations[c], page);
    page_heading(page, 3, "All sequences");
    print_options(advice, page);
    print_core(advice->report->core, page);
}
