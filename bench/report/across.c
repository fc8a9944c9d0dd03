/* SPDX-License-Identifier: MIT
 *
 * across.c: runs side by side, a row each. Only what was measured; a mean over kernels stands
 * beside the least and the most of them, or it would hide what it is a mean of.
 */
#include "report/across.h"

#include <stdlib.h>

#include "base/text.h"

static const char *const names[] = {"<machine",
                                    "<run",
                                    "<TSO tax",
                                    "<software TSO, cheapest sound",
                                    "<portable rewrite, cheapest",
                                    "<SC over TSO, cheapest",
                                    "A/A floor, median of sets (worst)",
                                    NULL};

struct table *across_new(void) {
    return table_new(names, 2);
}

/* The cheapest sound column of a kind, of those that were measured in most kernels. */
static void add_cheapest(const struct report *report, struct table *table, enum coverage coverage,
                         bool tax) {
    size_t count, best = 0;
    struct report_column *columns = report_columns(report, &count);
    struct report_spread cheapest = {0};
    for (size_t i = 0; i < count; i++) {
        bool plain = text_same(columns[i].lowering, "plain");
        struct report_spread spread = report_spread(report, &columns[i], tax);
        if (tax != plain || columns[i].coverage != coverage || (spread.unsound && !tax) ||
            spread.count < cheapest.count)
            continue;
        if (spread.count > cheapest.count || spread.mean.value < cheapest.mean.value) {
            cheapest = spread;
            best = i;
        }
    }
    if (cheapest.count) {
        char mean[64];
        double least = cheapest.least->ratio.value, most = cheapest.most->ratio.value;
        report_interval(cheapest.mean, mean, sizeof mean);
        table_cell(table, "%s%s%s; %.3g to %.3g over %zu kernels",
                   tax ? "" : columns[best].lowering, tax ? "" : ": ", mean,
                   tax ? 1 / least : least, tax ? 1 / most : most, cheapest.count);
    } else {
        table_cell(table, "n/a");
    }
    free(columns);
}

bool across_add(struct table *table, const struct report *report) {
    const struct samples *run = report->run;
    enum memmodel base = report_base_model(report);
    char *floor;
    size_t size;
    if (base == MEMMODEL_NONE || run->source != SOURCE_MEASURED)
        return false;
    bool switched = base == MEMMODEL_TSO, fixed = base == MEMMODEL_FIXED_TSO;
    table_cell(table, "%s", report->machine);
    table_cell(table, "%s %.10s", run->suite, run->time ? run->time : "");
    if (switched)
        add_cheapest(report, table, COVERAGE_ALL, true);
    else
        table_cell(table, "n/a");
    for (int sync = 0; sync < 2; sync++)
        if (switched)
            add_cheapest(report, table, sync ? COVERAGE_SYNC : COVERAGE_ALL, false);
        else
            table_cell(table, "n/a");
    if (fixed)
        add_cheapest(report, table, COVERAGE_ALL, false);
    else
        table_cell(table, "n/a");
    FILE *out = open_memstream(&floor, &size);
    report_floor(report, ROLE_AA, out);
    fclose(out);
    table_cell(table, "%s", floor);
    free(floor);
    return true;
}

void across_print(struct table *table, const struct page *page) {
    page_heading(page, 2, "Across machines");
    page_paragraph(page, "Geometric means over the kernels of a run, with the least and the most "
                         "of them. Runs of different suites or versions hold different kernels: "
                         "tsobench compare holds two runs side by side, cell by cell.");
    table_print(table, page);
}
