/* SPDX-License-Identifier: MIT
 *
 * stamp.h: the clock that is read on either side of a sample: a machine's, or where the program is
 * built for a simulator (SIMULATED), simulated time.
 */
#ifndef STAMP_H
#define STAMP_H

#include <stdbool.h>
#include <stdint.h>

#ifdef SIMULATED
/* No simulator is there to take its instructions: an emulator, for tests. */
extern bool simulated_functional;
/* CLOCK_MONOTONIC in ns, for an emulator. */
uint64_t simulated_clock(void);
#endif

/* A stamp on either side of a sample. A store retires long before other cores can see it, and
 * how long it waits is just what ordering costs: so the stores before a stamp are made visible
 * first (MFENCE, DSB), and those of a sample are inside it. Then the instruction stream is
 * serialised (LFENCE, ISB), before the counter is read, since the read does not wait for earlier
 * instructions, and after it, since later ones do not wait for the read.
 *
 * In gem5's syscall emulation there is no counter to read, but a pseudo-instruction that returns
 * the time in ns: function 7, encoded as in bench/simulated/simulated.c. */
static inline uint64_t ticks_now(void) {
#if defined(SIMULATED)
    if (simulated_functional)
        return simulated_clock();
    register uint64_t now __asm__("x0") = 0;
    __asm__ volatile("dsb ish\n\tisb\n\t.inst 0xff070110\n\tisb" : "+r"(now) : : "memory");
    return now;
#elif defined(__x86_64__)
    uint32_t low, high;
    __asm__ volatile("mfence\n\tlfence\n\trdtsc\n\tlfence" : "=a"(low), "=d"(high) : : "memory");
    return (uint64_t)high << 32 | low;
#elif defined(__aarch64__)
    uint64_t now;
    __asm__ volatile("dsb ish\n\tisb\n\tmrs %0, cntvct_el0\n\tisb" : "=r"(now) : : "memory");
    return now;
#else
#error "tsobench knows aarch64 and x86_64"
#endif
}

#endif
