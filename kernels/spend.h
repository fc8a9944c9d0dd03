/* SPDX-License-Identifier: MIT
 *
 * spend.h: time that passes without memory.
 */
#ifndef SPEND_H
#define SPEND_H

#include "access.h"

/* As many additions, each of which waits for the one before it: so many cycles. */
ALWAYS_INLINE void spend(uint64_t additions) {
    for (; additions; additions--)
        __asm__ volatile("" : "+r"(additions));
}

#endif
