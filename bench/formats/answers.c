/* SPDX-License-Identifier: MIT */
#include "formats/answers.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "formats/facts.h"
#include "formats/formats.h"
#include "oracle/oracle.h"
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

void answer_text(struct list *list, const char *question, const char *text, const char *remedy) {
    bool known = text && *text;
    answer(list, question, "%s", known ? text : "no");
    if (!known && list->missing)
        fprintf(list->missing, "%s: %s\n", question, remedy);
}

static bool is_arm64(const struct report *report) {
    const char *architecture = report_machine_text(report, "architecture");
    return architecture && text_same(architecture, "aarch64");
}

void answer_arm64(struct list *list, const char *question, const char *text, const char *remedy) {
    if (is_arm64(list->report))
        answer_text(list, question, text, remedy);
    else
        answer(list, question, "of arm64 only");
}

void answer_hardware(struct list *list, const char *question, const char *text,
                     const char *remedy) {
    if (samples_simulated(list->report->run))
        answer(list, question, "of hardware only");
    else
        answer_text(list, question, text, remedy);
}

void end_item(struct list *list) {
    size_t column = 4;
    fclose(list->item);
    if (list->out == NULL) {
        free(list->text);
        return;
    }
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
                  const char *const *parts, const char *none) {
    size_t i;
    json_t *value, *array = json_object_get(list->report->json, key);
    if (json_array_size(array) == 0) {
        answer(list, question, "%s", none);
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
        answer_text(list, "litmus battery", NULL,
                    run->battery_skipped ? run->battery_skipped : "a run of two threads or more");
}

void answer_lowering(struct list *list, const char *question, const char *beginning) {
    size_t count, length = strlen(beginning);
    struct report_column *columns = report_columns(list->report, &count);
    char names[512] = "";
    size_t used = 0;
    for (size_t i = 0; i < count; i++)
        if (strncmp(columns[i].lowering, beginning, length) == 0 && used < sizeof names)
            used += (size_t)snprintf(names + used, sizeof names - used, "%s%s", used ? ", " : "",
                                     columns[i].lowering);
    free(columns);
    answer_arm64(list, question, names, "a run with all lowerings");
}

/* The mapping of a lowering of the run's ISA; NULL of one that is a user's own. */
static const struct mapping *mapping_of_column(const struct report *report,
                                               const struct report_column *column) {
    return mapping_named(column->lowering, is_arm64(report) ? ISA_AARCH64 : ISA_X86_64);
}

void answer_sequences(struct list *list) {
    static const char *const keys[] = {"load",      "store", "exchange", "compare_exchange",
                                       "fetch_add", "fence"};
    size_t count;
    struct report_column *columns = report_columns(list->report, &count);
    answer(list, "exact sequences", "%s", "");
    for (size_t i = 0; i < count; i++) {
        const struct mapping *mapping = mapping_of_column(list->report, &columns[i]);
        fprintf(list->item, "%s%s", i ? " | " : "", columns[i].lowering);
        for (size_t row = 0; mapping && row < OPERATION_SEQUENCES; row++)
            for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
                if (text_same(operation_rows[row].key, keys[k]))
                    fprintf(list->item, "%s %s = %s", k ? "," : "", keys[k],
                            mapping_sequence(mapping, row));
        if (mapping == NULL)
            fputs(" is a user's mapping", list->item);
    }
    fputs(" (all: tsobench sound --print NAME)", list->item);
    free(columns);
}

void answer_oracle(struct list *list) {
    size_t count, tests;
    enum reference reference = is_arm64(list->report) ? REFERENCE_TSO : REFERENCE_SC;
    struct report_column *columns = report_columns(list->report, &count);
    tests_all(&tests);
    answer(list, "mappings checked by a model of memory",
           "%zu litmus tests against %s, by tsobench sound", tests,
           reference == REFERENCE_TSO ? "x86-TSO" : "sequential consistency");
    for (size_t i = 0; i < count; i++) {
        const struct mapping *mapping = mapping_of_column(list->report, &columns[i]);
        const struct verdict *verdict = mapping ? oracle_judge(mapping, reference) : NULL;
        char hole[96] = "";
        if (verdict && verdict->hole_count)
            oracle_hole_name(&verdict->holes[0], hole, sizeof hole);
        fprintf(list->item, ", %s %s%s%s", columns[i].lowering,
                verdict == NULL       ? "not judged"
                : verdict->hole_count ? "unsound for "
                : verdict->unknown    ? "not judged"
                                      : "sound",
                hole, verdict && verdict->hole_count > 1 ? " and others" : "");
    }
    free(columns);
}

void answer_peaks(struct list *list) {
    char text[256] = "";
    size_t used = 0;
    for (size_t i = 0; i < list->report->summary->count; i++) {
        const struct summary_row *row = &list->report->summary->rows[i];
        if (row->role == ROLE_BASELINE && row->centre && strstr(row->set->kernel, "_throughput") &&
            !isnan(row->cycles) && used < sizeof text)
            used += (size_t)snprintf(text + used, sizeof text - used, "%s%s %.2f", used ? ", " : "",
                                     row->set->kernel, 1 / row->cycles);
    }
    answer_text(list, "what limits the loops, accesses a cycle in L1", text,
                "the kernels load_throughput and store_throughput");
}
