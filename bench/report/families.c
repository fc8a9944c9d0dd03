/* SPDX-License-Identifier: MIT
 *
 * families.c: the three numbers by family of kernels, where the CPU can be switched. A queue and a
 * copy have little in common, and their mean is of neither.
 */
#include <math.h>
#include <stdlib.h>

#include "base/die.h"
#include "base/text.h"
#include "report/report.h"

/* The families of the kernels in which lowerings are compared, each once; the caller frees it. */
static const char **families_of(const struct report *report, size_t *count) {
    size_t kernel_count;
    const char **kernels = report_compared(report, &kernel_count);
    const char **families = allocate(kernel_count + 1, sizeof *families);
    *count = 0;
    for (size_t k = 0; k < kernel_count; k++) {
        const char *family = summary_centre(report->run, kernels[k])->family;
        size_t f = 0;
        while (family && f < *count && !text_same(families[f], family))
            f++;
        if (family && f == *count)
            families[(*count)++] = family;
    }
    free(kernels);
    return families;
}

static void print_spread(struct table *table, const struct report_spread *spread, bool inverse,
                         const char *name) {
    if (spread->count == 0) {
        table_cell(table, "n/a");
        return;
    }
    double from = spread->least->ratio.value, to = spread->most->ratio.value;
    table_cell(table, "%s%s%.3g (%.3g to %.3g)%s", name ? name : "", name ? " " : "",
               spread->mean.value, inverse ? 1 / from : from, inverse ? 1 / to : to,
               spread->unsound && !inverse ? " unsound" : "");
}

static void print_named(const struct report *report, struct table *table, const char *family,
                        const char *lowering, bool inverse) {
    struct report_column column = {.lowering = lowering, .model = MEMMODEL_WEAK};
    struct report_spread spread = report_spread_of(report, family, &column, inverse);
    print_spread(table, &spread, inverse, NULL);
}

void report_families(const struct report *report, const struct page *page) {
    static const char *const names[] = {"<family",
                                        "<TSO tax",
                                        "<software TSO, the cheapest that is sound",
                                        "<software TSO, ldar-stlr",
                                        "<portable rewrite",
                                        NULL};
    size_t count;
    if (report_base_model(report) != MEMMODEL_TSO)
        return;
    const char **families = families_of(report, &count);
    struct table *table = table_new(names, 1);
    for (size_t f = 0; f < count; f++) {
        table_cell(table, "%s", families[f]);
        print_named(report, table, families[f], "plain", true);
        struct report_spread cheapest;
        const char *name = report_cheapest(report, families[f], COVERAGE_ALL, &cheapest);
        print_spread(table, &cheapest, false, name);
        print_named(report, table, families[f], "ldar-stlr", false);
        print_named(report, table, families[f], "native", false);
    }
    table_print(table, page);
    page_paragraph(page, "Geometric means over the kernels of a family, with the least and the "
                         "most of them.");
    free(families);
}
