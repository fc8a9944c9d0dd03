/* SPDX-License-Identifier: MIT
 *
 * counts.h: what a run's PMU counted, as tables.
 */
#ifndef COUNTS_H
#define COUNTS_H

#include "report/report.h"
#include "summary/why.h"

/* Whether any sample has a count of a PMU. */
bool counts_any(const struct report *report);

/* The events that the run's self-test refused; the names live as long as the report, and the
 * caller frees the array. */
struct why_distrust counts_distrust(const struct report *report);

/* "STALL_BACKEND_MEM +4.1 of +5.0 cycles" or "DMB_SPEC 0.00 to 1.00": the event that moved most
 * against the baseline; into out, empty if none did. */
void counts_why(const struct report *report, const struct summary_row *row, char *out, size_t size);

/* A table for each set of events and kernel: events per operation beside cycles, at the kernel's
 * centre. Before them, which events were refused and what counting costs. Nothing if nothing was
 * counted. */
void counts_tables(const struct report *report, const struct page *page);

/* events.tsv: set, lowering, role, memory_model, event, per_op, baseline_per_op; medians. */
void counts_write_tsv(const struct report *report, FILE *out);

#endif
