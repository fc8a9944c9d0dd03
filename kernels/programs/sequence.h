/* SPDX-License-Identifier: MIT
 *
 * sequence.h: a generator that programs step through and their checks jump about in:
 * x -> A x + C modulo 2^64, of full period (Hull and Dobell, 1962: C odd, A = 1 mod 4).
 */
#ifndef SEQUENCE_H
#define SEQUENCE_H

#include "access.h"

/* Steele and Vigna, "Computationally easy, spectrally good multipliers for congruential
 * pseudorandom number generators", 2021. */
#define SEQUENCE_A UINT64_C(0xd1342543de82ef95)
#define SEQUENCE_C UINT64_C(0x9e3779b97f4a7c15)

ALWAYS_INLINE uint64_t sequence_next(uint64_t x) {
    return SEQUENCE_A * x + SEQUENCE_C;
}

/* `steps` steps at once: A x + C composed with itself by doubling. Right modulo any power of two.
 */
static inline uint64_t sequence_jump(uint64_t x, uint64_t steps) {
    uint64_t a = SEQUENCE_A, c = SEQUENCE_C;
    for (; steps; steps >>= 1) {
        if (steps & 1)
            x = a * x + c;
        c *= a + 1;
        a *= a;
    }
    return x;
}

/* Scatters 0 to count - 1, count a power of two: the low bits of the generator have short periods,
 * and prefetchers would see them. Its own inverse. */
static inline uint64_t sequence_fold(uint64_t x, uint64_t count) {
    unsigned bits = (unsigned)__builtin_ctzll(count);
    return x ^ (x >> (bits + 1) / 2);
}

/* The largest power of two that is not above x. */
static inline uint64_t sequence_floor(uint64_t x) {
    return UINT64_C(1) << (63 - __builtin_clzll(x));
}

#endif
