/* SPDX-License-Identifier: MIT
 *
 * fill.h: what a user's mapping leaves out: between mapping_read.c and fill.c.
 */
#ifndef FILL_H
#define FILL_H

#include "mapping/mapping.h"

/* A copy that lives as long as the mapping, in whose text mapping_parse() made room for all: each
 * is put behind what was kept last. */
const char *mapping_keep(struct mapping *mapping, const char *text);

/* Fills in what was left out, as mapping_read() says, and sums up the features that all of it
 * needs. */
void mapping_fill_in(struct mapping *mapping);
void mapping_sum_needs(struct mapping *mapping);

#endif
