/* SPDX-License-Identifier: MIT
 *
 * show_tables.c: mixes as text and as JSON.
 */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/page.h"
#include "commands/cmd_trace_show.h"

double show_size_share(const struct trace_mix *mix, unsigned size) {
    double count = mix->loads.count + mix->stores.count + mix->rmws.count;
    double sized = mix->loads.sizes[size] + mix->stores.sizes[size] + mix->rmws.sizes[size];
    return count > 0 ? 100 * sized / count : 0;
}

static double stands_for(const struct shown *row) {
    double share = 0;
    if (row->window)
        return row->window->stands_for;
    for (size_t w = 0; w < row->trace->window_count; w++)
        share += row->trace->windows[w].stands_for;
    return share;
}

/* The most threads that a window has. */
static size_t count_streams(const struct shown *row) {
    size_t most = row->window ? row->window->stream_count : 0;
    for (size_t w = 0; row->window == NULL && w < row->trace->window_count; w++)
        if (row->trace->windows[w].stream_count > most)
            most = row->trace->windows[w].stream_count;
    return most;
}

/* Three digits; what is not nothing does not look like it. */
static void number_cell(struct table *table, double value) {
    if (value > 0 && value < 0.005)
        table_cell(table, "<0.01");
    else
        table_cell(table, "%.*f", value == 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2, value);
}

static void sources_table(const struct shown *rows, size_t count, const struct page *page) {
    static const char *const columns[] = {"<trace",     "<package",   "threads", "instructions",
                                          "of the run", "stands for", NULL};
    struct table *table = table_new(columns, 1);
    for (size_t i = 0; i < count; i++) {
        const struct trace_provenance *from = &rows[i].trace->provenance;
        table_cell(table, "%s", rows[i].name);
        /* The libraries' packages follow; there is no room for them here. */
        table_cell(table, "%.*s", (int)strcspn(from->package, ","), from->package);
        table_cell(table, "%zu", count_streams(&rows[i]));
        table_cell(table, "%.0f", rows[i].mix.instructions);
        table_cell(table, "%.0f M", (double)from->run_instructions / 1e6);
        table_cell(table, "%.1f%%", 100 * stands_for(&rows[i]));
    }
    table_print(table, page);
}

static void measures_table(const struct shown *rows, size_t count, const struct page *page) {
    const char *columns[TRACE_MEASURES + 2] = {"<trace"};
    for (int m = 0; m < TRACE_MEASURES; m++)
        columns[m + 1] = trace_measures[m].heading;
    struct table *table = table_new(columns, 1);
    for (size_t i = 0; i < count; i++) {
        table_cell(table, "%s", rows[i].name);
        for (int m = 0; m < TRACE_MEASURES; m++)
            number_cell(table, trace_measure(&rows[i].mix, (enum trace_measure)m));
    }
    table_print(table, page);
}

static void sizes_table(const struct shown *rows, size_t count, const struct page *page) {
    char names[TRACE_MIX_SIZES][16];
    const char *columns[TRACE_MIX_SIZES + 2] = {"<% of accesses"};
    for (unsigned s = 0; s < TRACE_MIX_SIZES; s++) {
        snprintf(names[s], sizeof names[s], "%u B", trace_mix_sizes[s]);
        columns[s + 1] = names[s];
    }
    struct table *table = table_new(columns, 1);
    for (size_t i = 0; i < count; i++) {
        table_cell(table, "%s", rows[i].name);
        for (unsigned s = 0; s < TRACE_MIX_SIZES; s++)
            number_cell(table, show_size_share(&rows[i].mix, s));
    }
    table_print(table, page);
}

void show_tables(const struct shown *rows, size_t count) {
    const struct page page = {.out = stdout, .format = PAGE_TEXT};
    sources_table(rows, count, &page);
    measures_table(rows, count, &page);
    sizes_table(rows, count, &page);
    for (int m = 0; m < TRACE_MEASURES; m++)
        printf("%-12s%s\n", trace_measures[m].heading, trace_measures[m].meaning);
    puts("\nAccesses are loads, stores and locked instructions; REP is apart. A trace is the mean "
         "of\n"
         "its windows, each by the share of the run that it stands for.");
}

static json_t *row_json(const struct shown *row) {
    const struct trace_provenance *from = &row->trace->provenance;
    json_t *mix = json_object(), *sizes = json_object();
    char name[16];
    for (int m = 0; m < TRACE_MEASURES; m++)
        json_object_set_new(mix, trace_measures[m].key,
                            json_real(trace_measure(&row->mix, (enum trace_measure)m)));
    for (unsigned s = 0; s < TRACE_MIX_SIZES; s++) {
        snprintf(name, sizeof name, "%u", trace_mix_sizes[s]);
        json_object_set_new(sizes, name, json_real(show_size_share(&row->mix, s)));
    }
    json_t *json = json_pack("{s:s, s:s, s:s, s:s, s:s, s:I, s:i, s:f, s:f, s:o, s:o}", "name",
                             from->name, "program", from->program, "package", from->package,
                             "command", from->command, "recorder", from->recorder,
                             "run_instructions", (json_int_t)from->run_instructions, "threads",
                             (int)count_streams(row), "instructions", row->mix.instructions,
                             "stands_for", stands_for(row), "mix", mix, "size_percent", sizes);
    if (row->window)
        json_object_set_new(json, "window", json_integer(row->window - row->trace->windows));
    else
        json_object_set_new(json, "windows", json_integer((json_int_t)row->trace->window_count));
    return json;
}

void show_json(const struct shown *rows, size_t count) {
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(array, row_json(&rows[i]));
    json_t *json = json_pack("{s:o}", "traces", array);
    json_dumpf(json, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
    putchar('\n');
    json_decref(json);
}
