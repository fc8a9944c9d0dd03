/* SPDX-License-Identifier: MIT
 *
 * spin.c: what a waiting thread does between two looks: the same kernel at the same point with
 * another hint than the usual one. They are two sets, measured in rounds of their own, so a ratio
 * is one of cycles, with the intervals of both in its own.
 */
#include <math.h>
#include <string.h>

#include "report/report.h"

/* The parameter, with the comma before it, and where it ends. */
static const char *spin_of(const struct sample_set *set, size_t *length) {
    const char *at = strstr(set->name, ",spin=");
    *length = at ? 1 + strcspn(at + 1, ",/") : 0;
    return at;
}

/* The set without the parameter: that of the usual hint. */
static const struct sample_set *usual_of(const struct samples *run, const struct sample_set *set) {
    char name[256];
    size_t length;
    const char *at = spin_of(set, &length);
    snprintf(name, sizeof name, "%.*s%s", (int)(at - set->name), set->name, at + length);
    return samples_set(run, name);
}

static struct interval baseline_cycles(const struct sample_set *set) {
    for (size_t i = 0; i < set->cell_count; i++)
        if (set->cells[i].role == ROLE_BASELINE)
            return summary_cycles(set, i);
    return (struct interval){NAN, NAN, NAN, 0};
}

static bool add_row(const struct report *report, struct table *table,
                    const struct sample_set *set) {
    size_t length;
    const char *at = spin_of(set, &length);
    const struct sample_set *usual = at ? usual_of(report->run, set) : NULL;
    if (usual == NULL)
        return false;
    struct interval ratio = stats_quotient(baseline_cycles(set), baseline_cycles(usual));
    const struct summary_row *row = summary_role(report->summary, usual, ROLE_BASELINE);
    if (row == NULL || isnan(ratio.value))
        return false;
    char place[128], text[64];
    report_at(usual, place, sizeof place);
    report_interval(ratio, text, sizeof text);
    table_cell(table, "%s", set->kernel);
    table_cell(table, "%s", place);
    table_cell(table, "%.4g", row->ns.value);
    table_cell(table, "%.*s", (int)(length - strlen(",spin=")), at + strlen(",spin="));
    table_cell(table, "%s%s",
               stats_has_ends(ratio) && ratio.low <= 1 && ratio.high >= 1 ? "= " : "", text);
    return true;
}

void report_spin(const struct report *report, const struct page *page) {
    const char *isa = report_machine_text(report, "architecture");
    const char *hint = isa && strcmp(isa, "aarch64") == 0 ? "YIELD" : "PAUSE";
    static const char *const names[] = {"<kernel",        "<at", "ns/op", "<in place of it",
                                        "<times as long", NULL};
    struct table *table = table_new(names, 2);
    bool any = false;
    for (size_t i = 0; i < report->run->set_count; i++)
        any |= add_row(report, table, &report->run->sets[i]);
    if (any) {
        page_heading(page, 3, "Spin hints");
        report_context(report, page);
        page_paragraph(page,
                       "Plain code whose waiting threads execute another hint, or none, between "
                       "two looks. ns/op is with %s, the usual one; the ratios are of cycles, of "
                       "sets that were not measured in the same rounds.",
                       hint);
    }
    table_print(table, page);
}
