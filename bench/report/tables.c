/* SPDX-License-Identifier: MIT
 *
 * tables.c: the long part of a report: peaks, then every cell.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/text.h"
#include "report/counts.h"
#include "report/report.h"

/* The median of a block's samples of the baseline, in cycles; NAN if it has none. */
static double block_cycles(const struct sample_set *set, const struct sample_block *block) {
    double *values = allocate(block->rounds, sizeof *values);
    size_t count = 0;
    for (size_t i = 0; i < block->rounds; i++) {
        double cycles = samples_cycles(set, block, &block->columns[0], i);
        if (!isnan(cycles))
            values[count++] = cycles;
    }
    double median = stats_median(values, count);
    free(values);
    return median;
}

/* What a loop that only loads or only stores reaches in L1: if it is under the core's peak, the
 * loop and not the access is what was timed. On a machine that lends half of the core to somebody
 * else for minutes, the clock is the same and the issue slots are not: the best block is what the
 * loop can do, and how many come near it is how much of the run was undisturbed. */
static void print_peaks(const struct report *report, const struct page *page) {
    static const char *const names[] = {
        "<kernel", "<at", "accesses a cycle", "best block", "blocks within 3% of it", NULL};
    struct table *table = table_new(names, 5);
    size_t lines = 0;
    for (size_t i = 0; i < report->summary->count; i++) {
        const struct summary_row *row = &report->summary->rows[i];
        const struct sample_set *set = row->set;
        if (row->role != ROLE_BASELINE || !strstr(set->kernel, "_throughput") ||
            !strstr(set->parameters, "=L1") || set->threads != 1 || set->block_count == 0)
            continue;
        double best = INFINITY;
        for (size_t b = 0; b < set->block_count; b++)
            best = fmin(best, block_cycles(set, &set->blocks[b]));
        size_t near = 0;
        for (size_t b = 0; b < set->block_count; b++)
            near += block_cycles(set, &set->blocks[b]) < 1.03 * best;
        table_cell(table, "%s", set->kernel);
        table_cell(table, "%s", set->parameters);
        table_cell(table, "%.2f", 1 / row->cycles);
        table_cell(table, "%.2f", 1 / best);
        table_cell(table, "%zu of %zu", near, set->block_count);
        lines++;
    }
    if (lines) {
        page_heading(page, 3, "Peaks: plain accesses on one thread in L1");
        report_context(report, page);
    }
    table_print(table, page);
}

/* The place of a set's parameters with the width of its accesses left out: a reference does that
 * work whatever width it takes. */
static void work_of(const struct sample_set *set, char *out, size_t size) {
    const char *rest = set->parameters;
    size_t used = (size_t)snprintf(out, size, "%s x%u", set->kernel, set->threads);
    for (char word[128]; text_next(&rest, word, sizeof word);)
        if (strncmp(word, "bytes=", 6) != 0 && used < size)
            used += (size_t)snprintf(out + used, size - used, " %s", word);
}

/* Whether the set does the work of the one that stands for its kernel. */
static bool is_central(const struct sample_set *set) {
    char work[256], central[256];
    if (set->centre == NULL)
        return false;
    work_of(set, work, sizeof work);
    work_of(set->centre, central, sizeof central);
    return text_same(work, central);
}

/* Every lock has the C library's two beside it, which are other algorithms: they need not serve in
 * turn, and hand over less often. All other references do the same work in the same way. */
static bool is_other_algorithm(const struct summary_row *row) {
    return text_same(row->lowering, "pthread-mutex") || text_same(row->lowering, "pthread-spin");
}

/* The fastest reference of a set, of the same algorithm or of others, or NULL. */
static const struct summary_row *best_reference(const struct report *report,
                                                const struct sample_set *set, bool others) {
    size_t count;
    const struct summary_row *row = summary_rows(report->summary, set, &count), *best = NULL;
    for (; count; row++, count--)
        if (row->role == ROLE_REFERENCE && !isnan(row->ratio.value) &&
            is_other_algorithm(row) == others &&
            (best == NULL || row->ratio.value < best->ratio.value))
            best = row;
    return best;
}

static const struct summary_row *reference_of(const struct report *report,
                                              const struct sample_set *set) {
    const struct summary_row *row = best_reference(report, set, false);
    return row ? row : best_reference(report, set, true);
}

/* Of each work the set whose baseline does best against its reference, by its number. */
static json_t *best_of_works(const struct report *report) {
    char work[256];
    json_t *works = json_object();
    for (size_t i = 0; i < report->run->set_count; i++) {
        const struct sample_set *sets = report->run->sets;
        const struct summary_row *row = reference_of(report, &sets[i]);
        if (row == NULL)
            continue;
        work_of(&sets[i], work, sizeof work);
        const json_t *best = json_object_get(works, work);
        if (best == NULL ||
            row->ratio.value > reference_of(report, &sets[json_integer_value(best)])->ratio.value)
            json_object_set_new(works, work, json_integer((json_int_t)i));
    }
    return works;
}

/* The metric of a lock for several threads; of one it says nothing. */
static void add_fairness(struct table *table, const struct summary_row *row) {
    bool is_fairness = row && row->set->metric && text_same(row->set->metric, "fairness");
    if (is_fairness && row->set->threads > 1 && !isnan(row->metric))
        table_cell(table, "%.2f", row->metric);
    else
        table_cell(table, "%s", "");
}

/* A reference, how fast plain code is beside it, and how fair it is. */
static void add_reference(const struct report *report, struct table *table,
                          const struct summary_row *row) {
    char ratio[64] = "";
    if (row)
        report_interval(row->ratio, ratio, sizeof ratio);
    table_cell(table, "%s", row ? row->lowering : "");
    table_cell(table, "%s%s", ratio, row && summary_is_wide(report->summary, row) ? " wide" : "");
    add_fairness(table, row);
}

/* No straw man: of each work, of each kernel's central one in a section of a document, the baseline
 * beside the same algorithm by somebody else, then beside the best of other algorithms. A
 * lock that is handed over in turn is slower than one that its last owner may take again, and fair:
 * the one without the other would be half of the comparison. */
static void print_references(const struct report *report, const struct page *page) {
    static const char *const names[] = {"<kernel",
                                        "<best plain at",
                                        "fairness",
                                        "<same algorithm, by others",
                                        "plain's speed over it",
                                        "its fairness",
                                        "<another algorithm",
                                        "plain's speed over it",
                                        "its fairness",
                                        NULL};
    struct table *table = table_new(names, 2);
    size_t lines = 0;
    json_t *works = best_of_works(report);
    for (size_t i = 0; i < report->run->set_count; i++) {
        const struct sample_set *set = &report->run->sets[i];
        const struct summary_row *baseline = summary_role(report->summary, set, ROLE_BASELINE);
        char at[128], work[256];
        work_of(set, work, sizeof work);
        const json_t *best = json_object_get(works, work);
        if (best == NULL || (size_t)json_integer_value(best) != i || baseline == NULL ||
            (page->of && !is_central(set)))
            continue;
        report_at(set, at, sizeof at);
        table_cell(table, "%s", set->kernel);
        table_cell(table, "%s", at);
        add_fairness(table, baseline);
        add_reference(report, table, best_reference(report, set, false));
        add_reference(report, table, best_reference(report, set, true));
        lines++;
    }
    if (lines) {
        page_heading(page, 3, "Beside references: plain code and that of others for the same work");
        report_context(report, page);
        page_note(
            page,
            "%sOf sets that differ only in the width of their accesses, the best one. Fairness: "
            "the operations of the thread that made least over those of the one that made "
            "most. A lock that serves in turn hands over each time; one that its last owner "
            "may take again is faster and less fair.",
            page->of ? "Each kernel at its centre; all others are in report.txt. " : "");
    }
    table_print(table, page);
    json_decref(works);
}

/* The flags that no other column says. */
static void notes_of(const struct report *report, const struct summary_row *row, char *out,
                     size_t size) {
    FILE *memory = fmemopen(out, size, "w");
    summary_print_flags(report->summary, row, memory);
    fclose(memory);
    out[size - 1] = 0;
    char *all = strdup(out), *rest = all;
    size_t used = 0;
    *out = 0;
    for (char *word; rest && (word = strsep(&rest, " ")) != NULL;) {
        enum role role;
        bool ignored = role_parse(word, &role) || text_same(word, "centre") ||
                       text_same(word, "unsound") || text_same(word, "below-floor");
        if (!ignored && used < size)
            used += (size_t)snprintf(out + used, size - used, "%s%s", used ? " " : "", word);
    }
    free(all);
}

/* What not every kernel's table has. */
struct further {
    const char *metric; /* NULL: it has none */
    bool floors, counted;
};

static void print_cell(const struct report *report, struct table *table,
                       const struct summary_row *row, bool first, struct further further) {
    const struct sample_set *set = row->set;
    char text[512] = "";
    bool plain_row = row->role == ROLE_LOWERING || row->role == ROLE_NONE;
    if (set->threads > 1)
        snprintf(text, sizeof text, "%s%sx%u", set->parameters, *set->parameters ? " " : "",
                 set->threads);
    else
        snprintf(text, sizeof text, "%s", set->parameters);
    table_cell(table, "%s", first ? text : "");
    table_cell(table, "%s%s%s", row->lowering, plain_row ? "" : " ",
               plain_row ? "" : role_name(row->role));
    table_cell(table, "%s", memmodel_name(row->model));
    if (isnan(row->ns.value)) {
        table_cell(table, "%s", "");
        table_cell(table, "%s", "");
    } else {
        table_cell(table, "%.4g", row->ns.value);
        table_cell(table, "%.4g", row->cycles);
    }
    if (further.metric && isnan(row->metric))
        table_cell(table, "%s", "");
    else if (further.metric)
        table_cell(table, "%.3g", row->metric);
    if (row->skipped && strncmp(row->skipped, "faults: ", 8) == 0)
        snprintf(text, sizeof text, "faults (%s)", row->skipped + 8);
    else if (isnan(row->ratio.value))
        snprintf(text, sizeof text, "%s", row->sound == SOUND_NO ? "unsound" : "");
    else
        report_ratio(row, text, sizeof text);
    table_cell(table, "%s%s%s%s", text, row->witness ? " (" : "", row->witness ? row->witness : "",
               row->witness ? ")" : "");
    if (further.floors && isnan(row->floor))
        table_cell(table, "%s", "");
    else if (further.floors)
        table_cell(table, "%.2f%%", 100 * row->floor);
    if (further.counted) {
        counts_why(report, row, text, sizeof text);
        table_cell(table, "%s", text);
    }
    notes_of(report, row, text, sizeof text);
    table_cell(table, "%s", text);
}

static void print_kernel(const struct report *report, const struct page *page, const char *kernel) {
    struct further further = {.floors = report_has_floors(report), .counted = counts_any(report)};
    for (size_t i = 0; i < report->run->set_count; i++)
        if (text_same(report->run->sets[i].kernel, kernel) && report->run->sets[i].metric)
            further.metric = report->run->sets[i].metric;
    const char *ratio = samples_simulated(report->run) ? "<ratio" : "<ratio [95%]";
    const char *all[] = {"<at",
                         "<lowering",
                         "<mode",
                         "ns/op",
                         "cycles/op",
                         further.metric,
                         ratio,
                         further.floors ? "floor" : NULL,
                         further.counted ? "<why" : NULL,
                         "<notes"};
    enum { COLUMNS = sizeof all / sizeof all[0] };
    const char *names[COLUMNS + 1] = {NULL};
    unsigned used = 0;
    for (unsigned i = 0; i < COLUMNS; i++)
        if (all[i])
            names[used++] = all[i];
    struct table *table = table_new(names, used);
    const struct sample_set *previous = NULL;
    const char *op = NULL;
    for (size_t i = 0; i < report->summary->count; i++) {
        const struct summary_row *row = &report->summary->rows[i];
        if (!text_same(row->set->kernel, kernel))
            continue;
        print_cell(report, table, row, row->set != previous, further);
        previous = row->set;
        op = op ? op : row->set->op;
    }
    page_heading(page, 3, "%s (op: %s)", kernel, op ? op : "not measured");
    report_context(report, page);
    table_print(table, page);
}

void report_tables(const struct report *report, const struct page *page, bool every_cell) {
    size_t count;
    const char **kernels = report_kernels(report, &count);
    print_peaks(report, page);
    print_references(report, page);
    for (size_t i = 0; every_cell && i < count; i++)
        print_kernel(report, page, kernels[i]);
    if (every_cell)
        counts_tables(report, page);
    free(kernels);
}
