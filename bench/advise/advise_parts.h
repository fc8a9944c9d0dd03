/* SPDX-License-Identifier: MIT
 *
 * advise_parts.h: between advise_cells.c and advise.c.
 */
#ifndef ADVISE_PARTS_H
#define ADVISE_PARTS_H

#include "advise/advise.h"

/* Fills in the operations, whose options are not judged yet. */
void advice_collect(struct advice *advice);

#endif
