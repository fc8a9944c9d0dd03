/* SPDX-License-Identifier: MIT */
#include "formats/answers.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "formats/facts.h"
#include "formats/formats.h"
#include "samples/proof.h"

void begin_item(struct list *list) {
    list->item = open_memstream(&list->text, &list->size);
}

void answer(struct list *list, const char *question, const char *format, ...) {
    va_list args;
    fprintf(list->item, "%s%s: ", ftell(list->item) ? "; " : "", question);
    va_start(args, format);
    vfprintf(list->item, format, args);
    va_end(args);
}

void answer_text(struct list *list, const char *question, const char *text) {
    answer(list, question, "%s", text && *text ? text : "no");
}

void end_item(struct list *list) {
    size_t column = 4;
    fclose(list->item);
    fprintf(list->out, "%2d. ", ++list->number);
    for (char *rest = list->text, *word; (word = strsep(&rest, " ")) != NULL;) {
        size_t width = strlen(word);
        if (column > 4 && column + 1 + width > MAIL_COLUMNS) {
            fputs("\n    ", list->out);
            column = 4;
        }
        column += (size_t)fprintf(list->out, "%s%s", column > 4 ? " " : "", word);
    }
    fputc('\n', list->out);
    free(list->text);
}

void answer_array(struct list *list, const char *question, const char *key,
                  const char *const *parts) {
    size_t i;
    json_t *value, *array = json_object_get(list->report->json, key);
    if (json_array_size(array) == 0) {
        answer_text(list, question, NULL);
        return;
    }
    answer(list, question, "%s", "");
    json_array_foreach(array, i, value) {
        fputs(i ? ", " : "", list->item);
        if (json_is_string(value))
            fputs(json_string_value(value), list->item);
        for (const char *const *part = parts; part && *part; part++) {
            json_t *text = json_object_get(value, *part);
            const char *blank = part == parts ? "" : " ";
            if (json_is_integer(text))
                fprintf(list->item, "%s%lld", blank, (long long)json_integer_value(text));
            else if (json_is_string(text))
                fprintf(list->item, "%s%s", blank, json_string_value(text));
        }
    }
}

void answer_litmus(struct list *list) {
    static const char *const tests[] = {"MP", "LB", "S", "2+2W", "SB", "IRIW"};
    const struct samples *run = list->report->run;
    for (enum memmodel model = 0; model < MEMMODEL_COUNT; model++) {
        struct proof proof = proof_of(run, NULL, model);
        if (proof.runs == 0)
            continue;
        const char *flag = proof_flag(&proof);
        answer(list, memmodel_name(model), "%s", flag ? flag : "as claimed");
        for (size_t t = 0; t < sizeof tests / sizeof *tests; t++) {
            struct litmus_count count = facts_litmus(run, model, tests[t]);
            if (count.runs)
                fprintf(list->item, ", %s %llu of %llu", tests[t],
                        (unsigned long long)count.relaxed, (unsigned long long)count.runs);
            else
                fprintf(list->item, ", %s no", tests[t]);
        }
    }
    if (ftell(list->item) == 0)
        answer(list, "litmus battery", "no%s%s", run->battery_skipped ? ", " : "",
               run->battery_skipped ? run->battery_skipped : "");
}

void answer_lowering(struct list *list, const char *question, const char *beginning) {
    size_t count, length = strlen(beginning);
    struct report_column *columns = report_columns(list->report, &count);
    bool any = false;
    answer(list, question, "%s", "");
    for (size_t i = 0; i < count; i++)
        if (strncmp(columns[i].lowering, beginning, length) == 0) {
            fprintf(list->item, "%s%s", any ? ", " : "", columns[i].lowering);
            any = true;
        }
    fputs(any ? "" : "no", list->item);
    free(columns);
}

void answer_peaks(struct list *list) {
    bool any = false;
    answer(list, "what limits the loops, accesses a cycle in L1", "%s", "");
    for (size_t i = 0; i < list->report->summary->count; i++) {
        const struct summary_row *row = &list->report->summary->rows[i];
        if (row->role != ROLE_BASELINE || !row->centre ||
            !strstr(row->set->kernel, "_throughput") || isnan(row->cycles))
            continue;
        fprintf(list->item, "%s%s %.2f", any ? ", " : "", row->set->kernel, 1 / row->cycles);
        any = true;
    }
    fputs(any ? "" : "no", list->item);
}
