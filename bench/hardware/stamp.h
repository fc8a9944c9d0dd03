/* SPDX-License-Identifier: MIT
 *
 * stamp.h: the clock of a machine, read on either side of a sample. A simulated core has a stamp.h
 * of its own, by the same name in bench/simulated/: the build chooses the folder.
 */
#ifndef STAMP_H
#define STAMP_H

#include <stdint.h>

/* A stamp on either side of a sample. A store retires long before other cores can see it, and
 * how long it waits is just what ordering costs: so the stores before a stamp are made visible
 * first (MFENCE, DSB), and those of a sample are inside it. Then the instruction stream is
 * serialised (LFENCE, ISB), before the counter is read, since the read does not wait for earlier
 * instructions, and after it, since later ones do not wait for the read. */
static inline uint64_t ticks_now(void) {
#if defined(__x86_64__)
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
