/* SPDX-License-Identifier: MIT
 *
 * overview.h: what is known of each core: a row a machine that was measured, a row a core that was
 * simulated, a row a core of which somebody published a figure; a column for each of the three
 * numbers. Each cell says where it is from.
 */
#ifndef OVERVIEW_H
#define OVERVIEW_H

#include "report/report.h"

/* What a run says of its core, which outlives the report; NULL if it was not finished or its times
 * mean nothing. Free it with overview_row_free(). */
struct overview_row;
struct overview_row *overview_row_of(const struct report *report);
void overview_row_free(struct overview_row *core);

/* The table of these runs and of what was published, and the sources of its figures. Measured runs
 * stand before simulated ones; those of the same simulated core (simulated.core in machine.json)
 * stand together, and become one row, from the least to the greatest, and a table of their own by
 * store path. */
void overview_print(struct overview_row *const *cores, size_t count, const struct page *page);

#endif
