/* SPDX-License-Identifier: MIT
 *
 * across.h: the table that holds runs of several machines side by side.
 */
#ifndef ACROSS_H
#define ACROSS_H

#include "report/report.h"

/* An empty table; across_print() frees it. */
struct table *across_new(void);

/* A row for a run; false if there is none, since it was not measured, or measured nothing. */
bool across_add(struct table *table, const struct report *report);

/* Prints it under a heading and frees it. */
void across_print(struct table *table, const struct page *page);

#endif
