/* SPDX-License-Identifier: MIT
 *
 * chase.h: the state of load_latency, for whoever runs forms of its own in it: bench/forms.
 */
#ifndef CHASE_H
#define CHASE_H

#include <stdint.h>

struct chase {
    uint64_t cursor; /* address of the next node to visit */
    uint64_t start;  /* cursor before the sample */
    uint64_t nodes;  /* a power of two */
};

#endif
