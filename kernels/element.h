/* SPDX-License-Identifier: MIT
 *
 * element.h: the parameter `bytes` of the kernels that walk arrays: what one access moves.
 */
#ifndef ELEMENT_H
#define ELEMENT_H

#include <stdlib.h>
#include <string.h>

#include "access.h"

enum element {
    ELEMENT_1,
    ELEMENT_2,
    ELEMENT_4,
    ELEMENT_8,
    ELEMENT_16PAIR,
    ELEMENT_16VEC,
    ELEMENT_32VEC,
    ELEMENT_64VEC,
};

/* Of the words "1" to "8", "16pair", and "16vec" to "64vec". */
static inline enum element element_named(const char *word) {
    static const char *const names[] = {"1", "2", "4", "8", "16pair", "16vec", "32vec", "64vec"};
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(names[i], word) == 0)
            return (enum element)i;
    abort();
}

static inline uint64_t element_bytes(enum element element) {
    static const uint8_t bytes[] = {1, 2, 4, 8, 16, 16, 32, 64};
    return bytes[element];
}

/* Between general and vector registers, without memory. */
typedef uint64_t vec16_words __attribute__((vector_size(16)));
ALWAYS_INLINE struct pair pair_of_vec16(vec16 value) {
    vec16_words words = (vec16_words)value;
    return (struct pair){words[0], words[1]};
}
ALWAYS_INLINE vec16 vec16_of_pair(struct pair value) {
    return (vec16)(vec16_words){value.low, value.high};
}

#endif
