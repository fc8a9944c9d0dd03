/* SPDX-License-Identifier: MIT
 *
 * verdicts.h: whether what was simulated keeps x86-TSO: judged here, since there it takes minutes.
 */
#ifndef VERDICTS_H
#define VERDICTS_H

#include <jansson.h>

/* Gives `sound` and `witness` to the cells of a block in weak mode that can have them, by what the
 * kernel uses and the core has ("uses" and "features", which are taken out of the block; without
 * them nothing is changed). */
void verdicts_set(json_t *block);

#endif
