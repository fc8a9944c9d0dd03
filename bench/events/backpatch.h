/* SPDX-License-Identifier: MIT
 *
 * backpatch.h: what FEX does about ordered accesses that are not aligned, done for real: the code
 * stands in a page that may be written, the access traps, and the signal handler makes it a plain
 * access with a barrier, in the NOP that was left for it. From then on everybody who comes along
 * there pays the barrier, aligned or not. Read-modify-writes have no such form and are emulated in
 * the handler each time.
 *
 * It is no kernel: kernels have no code but their lowering's, and no signals. What the lowerings
 * fex-default and half-barrier cost in kernels is the same comparison without the traps.
 */
#ifndef BACKPATCH_H
#define BACKPATCH_H

#include <stdbool.h>

#include "events/event.h"

/* The events; ended by a NULL name. On x86-64, which needs nothing of this, each says so. */
extern const struct event backpatch_events[];

enum backpatch_access { BACKPATCH_LDAR, BACKPATCH_LDAPR, BACKPATCH_STLR, BACKPATCH_RMW };

/* For tests: whether an access at an address across 16 bytes traps here, is patched (or emulated),
 * touches just the bytes it should, and leaves the words it should in the code. NULL, or what is
 * wrong; "not here" if it does not trap. */
const char *backpatch_try(enum backpatch_access access);

#endif
