/* SPDX-License-Identifier: MIT */
#include "advise/cheapest.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "advise/words.h"
#include "base/die.h"
#include "base/text.h"
#include "oracle/oracle.h"

enum { MOST_ACCEPTED = 64 };

struct item {
    const struct candidate *option, *fails; /* NULL: not measured; fails: of a CMPXCHG */
    char words[SEQUENCE_TEXT];
    double cost;
};

struct menu {
    const struct advice *advice;
    enum isa isa;
    struct item items[SEARCH_OPERATIONS][SEARCH_SEQUENCES];
    struct search_menu costs;
};

/* ---- the menu ---- */

static double extra_ns(const struct candidate *option) {
    return option->plain_ns * (option->ratio.value - 1);
}

static const struct candidate *option_named(const struct advice *advice, size_t operation,
                                            const char *name, const char *end) {
    char whole[SEQUENCE_TEXT];
    snprintf(whole, sizeof whole, "%s%s", name, end);
    for (size_t i = 0; i < advice->operations[operation].count; i++) {
        const struct candidate *option = &advice->operations[operation].options[i];
        if (option->model == advice->reference && text_same(option->fact->name, whole))
            return option;
    }
    return NULL;
}

static int by_cost(const void *left, const void *right) {
    double a = ((const struct item *)left)->cost, b = ((const struct item *)right)->cost;
    return (a > b) - (a < b);
}

/* Where the weights leave two alike, the faster one is cheaper. */
static const double tie_break = 1e-6;

static void add_items(struct menu *menu, unsigned which) {
    const struct searched *it = &searched[which];
    const struct advice *advice = menu->advice;
    const struct advice_operation *operation = &advice->operations[it->operation];
    size_t *count = &menu->costs.count[which];
    for (size_t i = 0; i < operation->count && *count < SEARCH_SEQUENCES; i++) {
        struct item item = {.option = &operation->options[i]};
        if (item.option->model != advice->reference)
            continue;
        words_of(which, menu->isa, item.option->fact->name, item.words);
        item.cost = (advice->weights[it->operation] + tie_break) * extra_ns(item.option);
        if (it->kind == TEST_COMPARE_EXCHANGE)
            item.fails =
                option_named(advice, OPERATION_CMPXCHG_FAILS, item.option->fact->name, ":fails");
        if (item.fails)
            item.cost +=
                (advice->weights[OPERATION_CMPXCHG_FAILS] + tie_break) * extra_ns(item.fails);
        menu->items[which][(*count)++] = item;
    }
    if (*count == 0)
        snprintf(menu->items[which][(*count)++].words, SEQUENCE_TEXT, "%s", it->instead[menu->isa]);
    qsort(menu->items[which], *count, sizeof *menu->items[which], by_cost);
    for (size_t i = 0; i < *count; i++)
        menu->costs.cost[which][i] = menu->items[which][i].cost;
}

/* ---- the judge ---- */

static const struct hole *hole_of(const struct menu *menu, const struct search_choice *choice) {
    const char *words[JUDGED_OPERATIONS] = {NULL}; /* 16 bytes are not searched */
    for (unsigned i = 0; i < SEARCH_OPERATIONS; i++)
        words[i] = menu->items[i][choice->of[i]].words;
    return words_hole(menu->isa, words);
}

static unsigned judge(const struct search_choice *choice, void *data, size_t *why) {
    const struct hole *hole = hole_of(data, choice);
    if (hole == NULL)
        return 0;
    size_t count;
    unsigned kinds = tests_all(&count)[hole->test].kinds, blame = 0;
    for (unsigned i = 0; i < SEARCH_OPERATIONS; i++)
        if (kinds >> searched[i].kind & 1)
            blame |= 1u << i;
    *why = hole->test;
    return blame;
}

/* ---- the result ---- */

/* Whether they differ in nothing that the weights count. */
static bool same_in_sum(const struct advice *advice, const struct assembled *one,
                        const struct assembled *other) {
    for (size_t o = 0; o < OPERATIONS; o++)
        if (advice->weights[o] > 0 && one->uses[o] != other->uses[o])
            return false;
    return true;
}

static void assemble(const struct menu *menu, const struct search_choice *choice,
                     struct assembled *out) {
    *out = (struct assembled){0};
    for (unsigned i = 0; i < SEARCH_OPERATIONS; i++) {
        const struct item *item = &menu->items[i][choice->of[i]];
        out->uses[searched[i].operation] = item->option;
        if (searched[i].operation == OPERATION_CMPXCHG)
            out->uses[OPERATION_CMPXCHG_FAILS] = item->fails;
    }
    out->over_plain = advice_over_plain(menu->advice, out->uses);
}

/* Of sound ones that only differ where the weights count nothing, the first. */
static void fill(struct cheapest *cheapest, const struct menu *menu,
                 const struct search_result *found) {
    size_t count;
    cheapest->possible = found->possible;
    cheapest->judged = found->judged;
    for (size_t i = 0; i < found->accepted_count && cheapest->sound_count < MOST_ASSEMBLED; i++) {
        struct assembled *it = &cheapest->sound[cheapest->sound_count];
        bool known = false;
        assemble(menu, &found->accepted[i], it);
        for (size_t k = 0; k < cheapest->sound_count; k++)
            known |= same_in_sum(menu->advice, it, &cheapest->sound[k]);
        it->over_best = advice_over(menu->advice, it->uses, cheapest->sound[0].uses);
        cheapest->sound_count += !known;
    }
    for (size_t i = 0; i < found->refused_count && cheapest->sound_count; i++) {
        struct assembled *it = &cheapest->unsound[cheapest->unsound_count++];
        assemble(menu, &found->refused[i].choice, it);
        it->over_best = advice_over(menu->advice, it->uses, cheapest->sound[0].uses);
        snprintf(it->breaks, sizeof it->breaks, "%s",
                 tests_all(&count)[found->refused[i].why].name);
    }
}

struct cheapest *cheapest_make(const struct advice *advice) {
    struct cheapest *cheapest = allocate(1, sizeof *cheapest);
    struct menu *menu = allocate(1, sizeof *menu);
    menu->advice = advice;
    menu->isa = advice_isa(advice);
    for (unsigned i = 0; i < SEARCH_OPERATIONS; i++)
        add_items(menu, i);
    if (menu->isa == ISA_AARCH64 && advice->reference != MEMMODEL_WEAK)
        cheapest->refused = "this run has no weak mode: plain accesses are what is cheapest";
    else if (!menu->items[0][0].option || !menu->items[1][0].option)
        cheapest->refused = "this run has no set of single loads and one of single stores";
    if (!cheapest->refused) {
        struct search_result found =
            search_cheapest(&menu->costs, judge, menu, MOST_ACCEPTED, INFINITY);
        fill(cheapest, menu, &found);
        free(found.accepted);
    }
    free(menu);
    return cheapest;
}

/* ---- as text, and for programs ---- */

static void print_rows(const struct cheapest *cheapest, const struct page *page) {
    static const char *const names[] = {"<",        "<load",   "<store", "<XCHG",         "<XADD",
                                        "<CMPXCHG", "<MFENCE", "ns",     "ns more [95%]", "<breaks",
                                        NULL};
    struct table *table = table_new(names, 1);
    size_t rows = cheapest->unsound_count + cheapest->sound_count;
    for (size_t row = 0; row < rows; row++) {
        bool sound = row < cheapest->sound_count;
        /* The dearest of what is cheaper comes first. */
        const struct assembled *it =
            sound ? &cheapest->sound[row] : &cheapest->unsound[rows - 1 - row];
        char text[96];
        advice_difference_text(&it->over_best, text, sizeof text);
        table_cell(table, "%s",
                   !sound                           ? "unsound"
                   : row == 0                       ? "cheapest"
                   : difference_tie(&it->over_best) ? "tie"
                                                    : "sound");
        for (unsigned i = 0; i < SEARCH_OPERATIONS; i++) {
            const struct candidate *uses = it->uses[searched[i].operation];
            table_cell(table, "%s", uses ? uses->fact->name : "n/a");
        }
        table_cell(table, "%.4g", it->over_plain.value);
        table_cell(table, "%s", row ? text : "");
        table_cell(table, "%s", it->breaks);
    }
    table_print(table, page);
}

void cheapest_print(const struct cheapest *cheapest, const struct advice *advice,
                    const struct page *page) {
    page_heading(page, 3, "Searched");
    if (cheapest->refused) {
        page_paragraph(page, "Nothing is searched: %s.", cheapest->refused);
        return;
    }
    page_paragraph(page,
                   "All %llu mappings that can be put together of what was measured here under %s, "
                   "in ascending order of cost, judged by the litmus tests of `tsobench sound' "
                   "(%llu judged; the others fail the same test for the same reason). ns: over "
                   "plain code, of %s. n/a: not measured; a full barrier is taken, at no cost. "
                   "STADD and LOCK ADD have no old value: they are for LOCK ADD, not for XADD.",
                   (unsigned long long)cheapest->possible, memmodel_name(advice->reference),
                   (unsigned long long)cheapest->judged, advice->weights_from);
    if (cheapest->sound_count == 0)
        page_paragraph(page, "None is sound.");
    else
        print_rows(cheapest, page);
}

static json_t *assembled_json(const struct assembled *it) {
    json_t *uses = json_object();
    for (size_t o = 0; o < OPERATIONS; o++)
        if (it->uses[o])
            json_object_set_new(uses, operations[o].id, json_string(it->uses[o]->fact->name));
    return json_pack("{s:o, s:o, s:o, s:b, s:s?}", "uses", uses, "ns_over_plain",
                     advice_difference_json(&it->over_plain), "ns_over_cheapest",
                     advice_difference_json(&it->over_best), "tie",
                     !*it->breaks && difference_tie(&it->over_best), "breaks",
                     *it->breaks ? it->breaks : NULL);
}

json_t *cheapest_json(const struct cheapest *cheapest) {
    json_t *sound = json_array(), *unsound = json_array();
    for (size_t i = 0; i < cheapest->sound_count; i++)
        json_array_append_new(sound, assembled_json(&cheapest->sound[i]));
    for (size_t i = 0; i < cheapest->unsound_count; i++)
        json_array_append_new(unsound, assembled_json(&cheapest->unsound[i]));
    return json_pack("{s:s?, s:I, s:I, s:o, s:o}", "refused", cheapest->refused, "possible",
                     (json_int_t)cheapest->possible, "judged", (json_int_t)cheapest->judged,
                     "sound", sound, "cheaper_unsound", unsound);
}
