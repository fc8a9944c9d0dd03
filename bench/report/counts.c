/* SPDX-License-Identifier: MIT */
#include "report/counts.h"

#include <math.h>
#include <stdlib.h>

#include "base/die.h"
#include "base/text.h"

bool counts_any(const struct report *report) {
    for (size_t i = 0; i < report->run->set_count; i++) {
        const struct sample_set *set = &report->run->sets[i];
        for (size_t b = 0; b < set->block_count; b++)
            if (set->blocks[b].column_count && set->blocks[b].columns[0].cycles)
                return true;
    }
    return false;
}

struct why_distrust counts_distrust(const struct report *report) {
    json_t *tests = json_object_get(report->json, "pmu_selftest"), *test;
    struct why_distrust distrust = {allocate(json_array_size(tests) + 1, sizeof(char *)), 0};
    size_t i;
    json_array_foreach(tests, i, test) {
        const char *event = json_string_value(json_object_get(test, "event"));
        if (event && json_is_false(json_object_get(test, "trusted")))
            distrust.events[distrust.count++] = event;
    }
    return distrust;
}

/* The row's place among its set's cells, and the baseline's; false if it has none. */
static bool cells_of(const struct summary_row *row, size_t *cell, size_t *base) {
    const struct sample_set *set = row->set;
    *cell = samples_cell(set, row->lowering, row->role, row->model);
    *base = samples_role(set, ROLE_BASELINE);
    return *cell < set->cell_count && *base < set->cell_count;
}

void counts_why(const struct report *report, const struct summary_row *row, char *out,
                size_t size) {
    size_t cell, base;
    *out = 0;
    if (!cells_of(row, &cell, &base) || cell == base)
        return;
    struct why_distrust distrust = counts_distrust(report);
    struct why why = why_of(row->set, cell, base, &distrust);
    if (why.event && !isnan(why.cycles))
        snprintf(out, size, "%s %+.3g of %+.3g cycles", why.event, why.count.value - why.count.base,
                 why.cycles);
    else if (why.event)
        snprintf(out, size, "%s %.3g to %.3g", why.event, why.count.base, why.count.value);
    free(distrust.events);
}

/* ---- what the counters are worth ---- */

static void print_worth(const struct report *report, const struct page *page) {
    json_t *tests = json_object_get(report->json, "pmu_selftest"), *test;
    json_t *overhead = json_object_get(report->json, "pmu_overhead"), *ns;
    const char *key, *skipped = report_machine_text(report, "pmu_selftest_skipped");
    size_t i, trusted = 0;
    json_array_foreach(tests, i, test) {
        const char *event = json_string_value(json_object_get(test, "event"));
        const char *loop = json_string_value(json_object_get(test, "loop"));
        const char *reason = json_string_value(json_object_get(test, "reason"));
        bool fine = json_is_true(json_object_get(test, "trusted"));
        trusted += fine;
        if (fine && reason) /* the answer to a question about the core */
            page_note(page, "%s, in the loop `%s': %s.", event ? event : "?", loop ? loop : "?",
                      reason);
        else if (!fine)
            page_note(page, "Not trusted on this core: %s, in the loop `%s': %s.",
                      event ? event : "?", loop ? loop : "?", reason ? reason : "no reason given");
    }
    if (json_array_size(tests))
        page_note(page,
                  "%zu of %zu checks of events against loops of known counts passed (machine.json, "
                  "pmu_selftest); what failed is in no table.",
                  trusted, json_array_size(tests));
    else
        page_note(page, "No event was checked against a loop of known counts%s%s.",
                  skipped ? ": " : "", skipped ? skipped : "");
    json_object_foreach(overhead, key, ns) {
        page_note(page, "Reading all counters by %s costs %.0f ns, outside of what is timed.",
                  text_same(key, "user_ns") ? "user-space reads" : "a system call",
                  json_number_value(ns));
    }
}

/* ---- events per operation ---- */

static bool is_shown(const struct summary_row *row) {
    return !isnan(row->ns.value) && row->role != ROLE_AA && row->role != ROLE_TWIN;
}

static void print_head(struct table *table, const struct summary_row *row) {
    table_cell(table, "%s%s", row->lowering,
               row->role == ROLE_REFERENCE || row->role == ROLE_BASELINE ? "*" : "");
    table_cell(table, "%s", memmodel_name(row->model));
}

static void print_count(struct table *table, struct why_count count) {
    if (isnan(count.value))
        table_cell(table, "%s", "");
    else
        table_cell(table, "%.4g", count.value);
}

static bool is_refused(const struct why_distrust *distrust, const char *event) {
    for (size_t i = 0; i < distrust->count; i++)
        if (text_same(distrust->events[i], event))
            return true;
    return false;
}

enum { MOST_COLUMNS = 32 };

/* Cycles, instructions, and one set of events, in a table; "" : those that are always counted. */
static void print_events(const struct report *report, const struct page *page,
                         const struct sample_set *set, const char *wanted,
                         const struct why_distrust *distrust) {
    const char *columns[MOST_COLUMNS + 1] = {"<lowering", "<mode", "cycles", "instructions"};
    const char *event, *events;
    size_t count = 4, cell, base;
    for (size_t i = 0; (event = samples_event(set, i, &events)) != NULL; i++)
        if (text_same(events, wanted) && count < MOST_COLUMNS && !is_refused(distrust, event))
            columns[count++] = event;
    struct table *table = table_new(columns, 2);
    for (size_t r = 0; r < report->summary->count; r++) {
        const struct summary_row *row = &report->summary->rows[r];
        if (row->set != set || !is_shown(row) || !cells_of(row, &cell, &base))
            continue;
        print_head(table, row);
        for (size_t i = 2; i < count; i++)
            print_count(table, why_count(set, cell, base, columns[i], distrust));
    }
    table_print(table, page);
}

static bool is_new(const struct sample_set *set, size_t number, const char *events) {
    const char *earlier;
    for (size_t i = 0; i < number; i++)
        if (samples_event(set, i, &earlier) && text_same(earlier, events))
            return false;
    return true;
}

void counts_tables(const struct report *report, const struct page *page) {
    size_t kernels;
    if (!counts_any(report))
        return;
    const char **names = report_kernels(report, &kernels), *events;
    struct why_distrust distrust = counts_distrust(report);
    page_heading(page, 3, "Events per operation, medians (* the baseline, and references)");
    report_context(report, page);
    print_worth(report, page);
    for (size_t k = 0; k < kernels; k++) {
        const struct sample_set *set = summary_centre(report->run, names[k]);
        if (set == NULL)
            continue;
        page_heading(page, 4, "%s (%s)", set->name, set->op ? set->op : "");
        if (samples_event(set, 0, NULL) == NULL)
            print_events(report, page, set, "", &distrust);
        for (size_t i = 0; samples_event(set, i, &events); i++)
            if (is_new(set, i, events))
                print_events(report, page, set, events, &distrust);
    }
    free(distrust.events);
    free(names);
}

static void write_event(const struct summary_row *row, const char *event,
                        const struct why_distrust *distrust, FILE *out) {
    size_t cell, base;
    if (!cells_of(row, &cell, &base))
        return;
    struct why_count count = why_count(row->set, cell, base, event, distrust);
    if (!isnan(count.value))
        fprintf(out, "%s\t%s\t%s\t%s\t%s\t%.6g\t%.6g\n", row->set->name, row->lowering,
                role_name(row->role), memmodel_name(row->model), event, count.value, count.base);
}

void counts_write_tsv(const struct report *report, FILE *out) {
    struct why_distrust distrust = counts_distrust(report);
    const char *event;
    fputs("set\tlowering\trole\tmemory_model\tevent\tper_op\tbaseline_per_op\n", out);
    for (size_t r = 0; r < report->summary->count; r++) {
        const struct summary_row *row = &report->summary->rows[r];
        if (isnan(row->ns.value))
            continue;
        write_event(row, "cycles", &distrust, out);
        write_event(row, "instructions", &distrust, out);
        for (size_t i = 0; (event = samples_event(row->set, i, NULL)) != NULL; i++)
            write_event(row, event, &distrust, out);
    }
    free(distrust.events);
}
