/* SPDX-License-Identifier: MIT
 *
 * meaning.c: what the answers mean for a program that needs TSO here: a sentence on stores, one on
 * loads, one on what waits for the store buffer. Each names its numbers, or what was not answered.
 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "core/core.h"

/* At fewer at a time than this, misses come one after the other. */
static const double overlaps_least = 1.5;

static bool models_have(const json_t *core, const char *model) {
    size_t i;
    const json_t *name;
    json_array_foreach(json_object_get(core, "models"), i, name) {
        if (text_same(json_string_value(name), model))
            return true;
    }
    return false;
}

/* Whether an instruction was asked about: of which ISA the core is. */
static bool answers_are_of(const json_t *core, const char *words) {
    size_t i;
    const json_t *answer;
    json_array_foreach(json_object_get(core, "answers"), i, answer) {
        if (text_same(json_string_value(json_object_get(answer, "words")), words))
            return true;
    }
    return false;
}

/* How this core is TSO: a mode, or ordered instructions in weak mode; and its full barrier. */
struct order {
    const char *model, *load, *store, *fence, *name;
};

static struct order order_of(const json_t *core) {
    if (models_have(core, "tso"))
        return (struct order){"tso", "LDR", "STR", "DMB ISH", "in TSO mode"};
    if (!models_have(core, "fixed-tso"))
        return (struct order){"weak", "LDAPR", "STLR", "DMB ISH", "with LDAPR and STLR"};
    if (answers_are_of(core, "LDR") || answers_are_of(core, "STR"))
        return (struct order){"fixed-tso", "LDR", "STR", "DMB ISH", "here"};
    return (struct order){"fixed-tso", "MOV", "MOV", "MFENCE", "here"};
}

static bool value(const json_t *core, const char *about, const char *words, const char *model,
                  double out[3]) {
    char id[96];
    snprintf(id, sizeof id, "%s/%s", about, words);
    return core_value(core_answer(core, id, model), out);
}

static void say(json_t *list, const char *sentence) {
    json_array_append_new(list, json_string(sentence));
}

static void on_misses(json_t *list, const json_t *core, const struct order *order, bool stores) {
    const char *what = stores ? "stores" : "loads",
               *about = stores ? "store-overlap" : "load-overlap";
    const char *words = stores ? order->store : order->load;
    double at_once[3];
    char sentence[320];
    if (!value(core, about, words, order->model, at_once))
        snprintf(sentence, sizeof sentence,
                 "Whether misses of ordered %s overlap %s is not answered.", what, order->name);
    else if (at_once[2] < overlaps_least)
        snprintf(sentence, sizeof sentence,
                 "Misses of ordered %s do not overlap %s (%.2f at a time): code with many %s pays "
                 "the latency of every miss.",
                 what, order->name, at_once[0], what);
    else
        snprintf(sentence, sizeof sentence,
                 "Misses of ordered %s overlap %s, %.1f at a time: TSO does not make code with "
                 "many %s pay for each.",
                 what, order->name, at_once[0], what);
    say(list, sentence);
}

static void on_buffer(json_t *list, const json_t *core, const struct order *order) {
    const char *fence = order->fence;
    double entries[3], waits[3], alone[3];
    char sentence[400], buffer[96] = "The store buffer, whose size is not answered,", then[160];
    if (value(core, "store-buffer", order->store, order->model, entries))
        snprintf(buffer, sizeof buffer, "The store buffer of %.0f entries", entries[0]);
    if (!value(core, "waits-for-store", fence, order->model, waits) ||
        !value(core, "waits-for-store", "nothing", order->model, alone))
        snprintf(then, sizeof then, "whether a load waits for it after %s is not answered", fence);
    else if (alone[0] < overlaps_least && waits[0] > overlaps_least)
        snprintf(then, sizeof then,
                 "loads pass it, and only %s waits until it is empty: that is what sequential "
                 "consistency costs beyond TSO",
                 fence);
    else if (alone[0] < overlaps_least)
        snprintf(then, sizeof then, "loads pass it, after %s too", fence);
    else
        snprintf(then, sizeof then, "but a load waits for the stores in it");
    snprintf(sentence, sizeof sentence, "%s takes stores that miss until it is full; %s.", buffer,
             then);
    say(list, sentence);
}

json_t *core_meaning(const json_t *core) {
    const struct order order = order_of(core);
    json_t *list = json_array();
    on_misses(list, core, &order, true);
    on_misses(list, core, &order, false);
    on_buffer(list, core, &order);
    return list;
}
