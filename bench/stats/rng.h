/* SPDX-License-Identifier: MIT
 *
 * rng.h: the random generator of the whole project: xoshiro256**, seeded through splitmix64
 * (Blackman and Vigna, "Scrambled Linear Pseudorandom Number Generators", ACM TOMS 2021).
 * Every seed is recorded, so every order and every interval can be made again.
 */
#ifndef RNG_H
#define RNG_H

#include <stdint.h>

struct rng {
    uint64_t s[4];
};

/* The next value of the splitmix64 sequence that *state stands in; also a good mixer of seeds. */
static inline uint64_t rng_split(uint64_t *state) {
    uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static inline void rng_seed(struct rng *rng, uint64_t seed) {
    for (int i = 0; i < 4; i++)
        rng->s[i] = rng_split(&seed);
}

static inline uint64_t rng_rotate_(uint64_t x, int k) {
    return (x << k) | (x >> (64 - k));
}

/* 64 random bits. */
static inline uint64_t rng_next(struct rng *rng) {
    uint64_t *s = rng->s, result = rng_rotate_(s[1] * 5, 7) * 9, t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rng_rotate_(s[3], 45);
    return result;
}

/* Uniform in [0, 1). */
static inline double rng_double(struct rng *rng) {
    return (double)(rng_next(rng) >> 11) * 0x1p-53;
}

/* Uniform in [0, bound), without modulo bias (Lemire, ACM TOMACS 2019). */
static inline uint64_t rng_below(struct rng *rng, uint64_t bound) {
    __extension__ typedef unsigned __int128 wide;
    wide product = (wide)rng_next(rng) * bound;
    if ((uint64_t)product < bound) {
        uint64_t threshold = -bound % bound;
        while ((uint64_t)product < threshold)
            product = (wide)rng_next(rng) * bound;
    }
    return (uint64_t)(product >> 64);
}

/* Fisher-Yates. */
static inline void rng_shuffle(struct rng *rng, unsigned *items, unsigned count) {
    for (unsigned i = count; i > 1; i--) {
        unsigned j = (unsigned)rng_below(rng, i), swap = items[i - 1];
        items[i - 1] = items[j];
        items[j] = swap;
    }
}

/* FNV-1a of a string mixed with seed: seeds that follow from names. */
static inline uint64_t rng_hash(uint64_t seed, const char *text) {
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (; *text; text++)
        hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
    seed ^= hash;
    return rng_split(&seed);
}

#endif
