/* SPDX-License-Identifier: MIT
 *
 * walk_state.h: where a walk over an array (walk.h) is: the first part of its kernels' states.
 */
#ifndef WALK_STATE_H
#define WALK_STATE_H

#include <stdint.h>

struct walk {
    uint64_t bytes;  /* walked: a multiple of the unrolled steps */
    uint64_t step;   /* from one element to the next */
    uint64_t size;   /* of an element: 1 to 16 */
    uint64_t cursor; /* offset of the next element, or the end */
    uint64_t start;  /* that of the sample's first */
};

#endif
