/* SPDX-License-Identifier: MIT
 *
 * stamp.h: simulated time, as bench/hardware/stamp.h is a machine's. In gem5's syscall emulation
 * there is no counter to read, but a pseudo-instruction that returns the time in ns: function 7,
 * encoded as in simulated.c. What must stand before and after a stamp is the same.
 */
#ifndef STAMP_H
#define STAMP_H

#include <stdint.h>

#include "simulated.h"

static inline uint64_t ticks_now(void) {
    if (simulated.functional)
        return simulated_clock();
    register uint64_t now __asm__("x0") = 0;
    __asm__ volatile("dsb ish\n\tisb\n\t.inst 0xff070110\n\tisb" : "+r"(now) : : "memory");
    return now;
}

#endif
