/* SPDX-License-Identifier: MIT
 *
 * results.c: RESULTS.md: what is known of each core, then a section for the best run of each
 * machine; runs of a part of a suite, and those that a later or larger one replaces, are listed.
 */
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/text.h"
#include "formats/formats.h"
#include "report/overview.h"
#include "report/store_paths.h"

struct section {
    char *machine, *title, *directory, *time, *text;
    struct overview_row *core; /* or NULL */
    const char *why;           /* it is a line of the list only; NULL: it is a section */
    enum source source;
    int rank; /* of its suite */
    enum store_path store_path;
    size_t compared; /* lowerings and models */
};

struct results {
    struct section *sections;
    size_t count;
};

struct results *results_new(void) {
    return allocate(1, sizeof(struct results));
}

/* Suites, from the smallest. */
static int rank_of(const char *suite) {
    static const char *const suites[] = {"smoke", "quick", "full", "exhaustive"};
    for (int i = 0; i < (int)(sizeof suites / sizeof *suites); i++)
        if (text_same(suite, suites[i]))
            return i;
    return -1;
}

static const char *part_of(const struct samples *run) {
    return !run->complete             ? "not finished"
           : run->only || run->models ? "a part of the suite"
                                      : NULL;
}

void results_add(struct results *results, const struct plot_source *source, const char *directory) {
    const struct samples *run = source->report->run;
    const char *machine = report_machine_text(source->report, "machine");
    results->sections =
        reallocarray(results->sections, results->count + 1, sizeof *results->sections);
    if (results->sections == NULL)
        die(EXIT_FAILED, "out of memory");
    struct section *section = &results->sections[results->count++];
    *section = (struct section){.machine = strdup(machine ? machine : "unknown"),
                                .title = report_title(source->report),
                                .directory = strdup(directory),
                                .time = strdup(run->time ? run->time : ""),
                                .core = overview_row_of(source->report),
                                .why = part_of(run),
                                .source = run->source,
                                .rank = rank_of(run->suite),
                                .store_path = store_path_of(source->report)};
    free(report_columns(source->report, &section->compared));
    size_t size;
    FILE *out = open_memstream(&section->text, &size);
    struct page page = report_page(source->report, out, PAGE_MARKDOWN);
    format_section(source, &page, directory);
    fclose(out);
}

/* Measured before simulated; of a machine the largest suite first, of these, if simulated, what
 * compares most and then the last store path, and the newest. */
static int compare_sections(const void *left, const void *right) {
    const struct section *a = left, *b = right;
    if (a->source != b->source)
        return a->source < b->source ? -1 : 1;
    int order = strcmp(a->machine, b->machine);
    if (order == 0)
        order = !a->why == !b->why ? b->rank - a->rank : a->why ? 1 : -1;
    if (order == 0 && a->source == SOURCE_SIMULATED && a->compared != b->compared)
        order = a->compared > b->compared ? -1 : 1;
    if (order == 0)
        order = (int)b->store_path - (int)a->store_path;
    return order ? order : strcmp(b->time, a->time);
}

static const char OTHER_PATH[] = "another store path";

/* The first run of a machine is shown, whatever it is; the others are replaced by it. */
static void mark_replaced(struct results *results) {
    qsort(results->sections, results->count, sizeof *results->sections, compare_sections);
    for (size_t i = 0; i < results->count; i++) {
        struct section *section = &results->sections[i];
        const struct section *before = &results->sections[i ? i - 1 : 0];
        if (i == 0 || section->source != before->source ||
            !text_same(section->machine, before->machine))
            section->why = NULL;
        else if (section->why == NULL)
            section->why = section->rank < before->rank                ? "a smaller suite"
                           : section->store_path != before->store_path ? OTHER_PATH
                                                                       : "an earlier run";
    }
}

/* A section whose title another one has, too, names its machine's folder in each heading. */
static void print_section(const struct results *results, size_t number, FILE *out) {
    const struct section *section = &results->sections[number];
    const char *at = section->text, *title;
    char *escaped;
    size_t size;
    bool again = false;
    for (size_t i = 0; i < number; i++)
        again |= results->sections[i].why == NULL &&
                 text_same(results->sections[i].title, section->title);
    FILE *memory = open_memstream(&escaped, &size);
    page_text(&(struct page){.out = memory, .format = PAGE_MARKDOWN}, section->title);
    fclose(memory);
    for (; again && (title = strstr(at, escaped)) != NULL; at = title + size)
        fprintf(out, "%.*s%s, %s", (int)(title - at), at, escaped, section->machine);
    fputs(at, out);
    free(escaped);
}

static void print_overview(const struct results *results, const struct page *page) {
    struct overview_row **cores = allocate(results->count, sizeof *cores);
    size_t count = 0;
    for (size_t i = 0; i < results->count; i++)
        if ((results->sections[i].why == NULL || results->sections[i].why == OTHER_PATH) &&
            results->sections[i].core)
            cores[count++] = results->sections[i].core;
    overview_print(cores, count, page);
    fputs("<!-- end of cores -->\n\n", page->out);
    free(cores);
}

static void print_list(const struct results *results, const struct page *page) {
    size_t count = 0;
    char title[64];
    for (size_t i = 0; i < results->count; i++)
        count += results->sections[i].why != NULL;
    if (count == 0)
        return;
    snprintf(title, sizeof title, "%zu further run%s", count, count == 1 ? "" : "s");
    page_fold(page, title);
    for (size_t i = 0; i < results->count; i++) {
        const struct section *section = &results->sections[i];
        if (section->why == NULL)
            continue;
        fputs("- ", page->out);
        page_link(page, section->title, "%s/report.txt", section->directory);
        fprintf(page->out, " (%s)\n", section->why);
    }
    fputc('\n', page->out);
    page_unfold(page);
}

void results_print(struct results *results, FILE *out) {
    const struct page page = {.out = out, .format = PAGE_MARKDOWN};
    mark_replaced(results);
    print_overview(results, &page);
    for (size_t i = 0; i < results->count; i++)
        if (results->sections[i].why == NULL)
            print_section(results, i, out);
    print_list(results, &page);
    for (size_t i = 0; i < results->count; i++) {
        struct section *section = &results->sections[i];
        overview_row_free(section->core);
        free(section->machine);
        free(section->title);
        free(section->directory);
        free(section->time);
        free(section->text);
    }
    free(results->sections);
    free(results);
}
