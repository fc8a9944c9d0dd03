/* SPDX-License-Identifier: MIT
 *
 * advise_parts.h: between advise.c and its parts.
 */
#ifndef ADVISE_PARTS_H
#define ADVISE_PARTS_H

#include "advise/advise.h"

/* Fills in the operations, whose options are not judged yet. */
void advice_collect(struct advice *advice);

/* What the oracle says of what a combination uses: its evidence, and that it is refused. */
void advice_judge_combination(const struct advice *advice, struct advice_combination *it);

/* Of the options that no combination has: the test that breaks the cheapest combination, or one of
 * full barriers, with them. */
void advice_find_breaks(struct advice *advice);

#endif
