/* SPDX-License-Identifier: MIT
 *
 * publish.h: instructions that were stored as data, before they are executed.
 */
#ifndef PUBLISH_H
#define PUBLISH_H

#include <stddef.h>

#ifdef SIMULATED
#include "machine/stamp.h"
#endif

/* What was stored there is what all threads execute from now on. In gem5 caches of instructions see
 * each store, as caches of data do; and a program may not maintain them: in syscall emulation
 * SCTLR_EL1.UCI and UCT are 0 (arch/arm/regs/misc.cc:3432), and reading CTR_EL0, as the compiler's
 * own function does, is a fault. */
static inline void publish_code(char *code, size_t bytes) {
#ifdef SIMULATED
    if (simulated_functional)
        __builtin___clear_cache(code, code + bytes);
    __asm__ volatile("dsb ish\n\tisb" : : : "memory");
#else
    __builtin___clear_cache(code, code + bytes);
#endif
}

#endif
