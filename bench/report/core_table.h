/* SPDX-License-Identifier: MIT
 *
 * core_table.h: what was found out about a core, as tables.
 */
#ifndef CORE_TABLE_H
#define CORE_TABLE_H

#include <jansson.h>

#include "base/page.h"

/* core.json (core/core.h) on a page: how it was measured, a table a question, and what it means. */
void core_table(const json_t *core, const struct page *page);

#endif
