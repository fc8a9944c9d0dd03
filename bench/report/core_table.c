/* SPDX-License-Identifier: MIT */
#include "report/core_table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "core/core.h"

static const char *text(const json_t *object, const char *key) {
    const char *value = json_string_value(json_object_get(object, key));
    return value ? value : "";
}

static int number(const json_t *object, const char *key) {
    return (int)json_integer_value(json_object_get(object, key));
}

/* What the tables of a core have. */
struct shown {
    bool models;    /* more than one, so it is said which */
    bool intervals; /* what is simulated is the same each time, and has none */
};

/* "waits: 1.98 [1.97, 1.99]". */
static void value_cell(struct table *table, const json_t *answer, const struct shown *shown) {
    const char *word = text(answer, "word");
    double value[3];
    if (json_object_get(answer, "skipped"))
        table_cell(table, "skipped");
    else if (!core_value(answer, value))
        table_cell(table, "undecided");
    else {
        int digits = text_same(text(answer, "unit"), "entries") ? 0 : 2;
        char text[96];
        int used =
            snprintf(text, sizeof text, "%s%s%.*f", word, *word ? ": " : "", digits, value[0]);
        if (shown->intervals)
            snprintf(text + used, sizeof text - (size_t)used, " [%.*f, %.*f]", digits, value[1],
                     digits, value[2]);
        table_cell(table, "%s", text);
    }
}

static void answer_row(struct table *table, const json_t *answer, const struct shown *shown) {
    const char *why = core_reason(answer);
    table_cell(table, "%s", text(answer, "words"));
    if (shown->models)
        table_cell(table, "%s", text(answer, "model"));
    value_cell(table, answer, shown);
    table_cell(table, "%s", *why ? why : text(answer, "how"));
}

/* The answers to a question, and how many they are. */
static size_t print_question(const json_t *answers, size_t from, const struct shown *shown,
                             const struct page *page) {
    const json_t *first = json_array_get(answers, from), *answer = first;
    char unit[64];
    size_t i = from;
    snprintf(unit, sizeof unit, "%s%s", text(first, "unit"), shown->intervals ? " [95%]" : "");
    const char *with[] = {"<of", "<mode", unit, "<read from", NULL};
    const char *without[] = {"<of", unit, "<read from", NULL};
    struct table *table = table_new(shown->models ? with : without, shown->models ? 2 : 1);
    page_paragraph(page, "%s", text(first, "question"));
    while (answer && text_same(text(answer, "question"), text(first, "question"))) {
        answer_row(table, answer, shown);
        answer = json_array_get(answers, ++i);
    }
    table_print(table, page);
    return i - from;
}

/* What a document of many machines has room for: the sizes, and what all of it means. */
static void print_short(const json_t *core, const struct page *page, size_t answered, size_t all) {
    bool models = json_array_size(json_object_get(core, "models")) > 1;
    char *sizes;
    size_t size, i;
    const json_t *answer, *sentence;
    FILE *out = open_memstream(&sizes, &size);
    json_array_foreach(json_object_get(core, "answers"), i, answer) {
        double value[3];
        if (text_same(text(answer, "reading"), "knee") && core_value(answer, value))
            fprintf(out, "%s %s%s%s %.0f", ftell(out) ? "," : ":", text(answer, "id"),
                    models ? " " : "", models ? text(answer, "model") : "", value[0]);
    }
    fprintf(out, ".");
    json_array_foreach(json_object_get(core, "meaning"), i, sentence) {
        fprintf(out, " %s", json_string_value(sentence));
    }
    fclose(out);
    page_paragraph(page, "%zu of %zu questions answered; all are in report.txt. Entries%s",
                   answered, all, sizes);
    free(sizes);
}

void core_table(const json_t *core, const struct page *page) {
    const json_t *answers = json_object_get(core, "answers");
    const struct shown shown = {.models = json_array_size(json_object_get(core, "models")) > 1,
                                .intervals = number(core, "blocks") > 1};
    size_t all, i;
    char why[256];
    const json_t *sentence;
    size_t answered = core_answered(core, &all, why, sizeof why);
    if (page->of) {
        print_short(core, page, answered, all);
        return;
    }
    page_paragraph(page,
                   "CPU %d, %s: %zu of %zu questions answered, by %d processes of %d rounds of %d "
                   "turns a sample. Misses are to %lld lines on %d KiB pages.",
                   number(core, "cpu"), text(core, "model_reason"), answered, all,
                   number(core, "blocks"), number(core, "rounds"), number(core, "turns"),
                   (long long)json_integer_value(json_object_get(core, "lines")),
                   number(core, "page_kib"));
    for (size_t at = 0; at < json_array_size(answers);)
        at += print_question(answers, at, &shown, page);
    page_paragraph(page, "What that means for TSO on this core:");
    json_array_foreach(json_object_get(core, "meaning"), i, sentence) {
        page_paragraph(page, "%s", json_string_value(sentence));
    }
}
