/* SPDX-License-Identifier: MIT
 *
 * bursts.h: the state of fence_cost, for whoever runs forms of its own in it: bench/forms.
 */
#ifndef BURSTS_H
#define BURSTS_H

#include <stdint.h>

#include "../line.h"

enum { BURST_STEP = 33 * LINE_BYTES }; /* from a store to the next */

struct bursts {
    LINE_ALIGNED uint64_t word; /* of the release store or read-modify-write */
    LINE_ALIGNED uint64_t mask; /* of an offset; the footprint is a power of two */
    uint64_t stores;
    uint64_t cursor; /* offset of the next store, modulo the mask */
    uint64_t start;  /* before the sample */
    uint64_t first;  /* word before the sample */
    uint64_t next;   /* what the sample's last store would have been followed by */
    uint64_t done;   /* operations of the sample */
    uint32_t then;
};

#endif
