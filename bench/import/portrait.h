/* SPDX-License-Identifier: MIT
 *
 * portrait.h: one core.json of what `tsobench-simulated core` said of a core, once in each memory
 * model.
 */
#ifndef PORTRAIT_H
#define PORTRAIT_H

#include "import/guest.h"

/* core.json, whose answers are those of weak and, beside each, that of TSO, and whose machine has
 * this name; the caller owns it. Each is what one guest said. Dies with EXIT_USAGE where they were
 * not asked the same. */
json_t *portrait_merge(const struct guest *guest, const json_t *weak, const json_t *tso,
                       const char *machine);

#endif
