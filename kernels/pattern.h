/* SPDX-License-Identifier: MIT
 *
 * pattern.h: contents that follow from their place, so that a check can say what must be there
 * without a copy of it.
 */
#ifndef PATTERN_H
#define PATTERN_H

#include <stddef.h>
#include <stdint.h>

/* The word that belongs at `index`: a Weyl sequence, one multiplication, so that filling a large
 * footprint runs at the speed of memory. Neighbours differ in every byte but by rare chance. */
static inline uint64_t pattern_word(uint64_t index) {
    return (index + 1) * UINT64_C(0x9e3779b97f4a7c15);
}

static inline void pattern_fill(void *memory, uint64_t bytes) {
    uint64_t *word = memory;
    for (uint64_t i = 0; i < bytes / sizeof *word; i++)
        word[i] = pattern_word(i);
}

/* The i-th of a series of pseudo-random numbers: splitmix64 seeded by a sample's nonce. */
static inline uint64_t pattern_random(uint64_t nonce, uint64_t i) {
    uint64_t z = nonce + pattern_word(i);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

#endif
