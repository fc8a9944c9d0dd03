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
    ELEMENT_ANY, /* as many as there are, by the CPU's own loop */
};

/* Of the words "1" to "8", "16pair", "16vec" to "64vec", and COPY_WORD. */
static inline enum element element_named(const char *word) {
    static const char *const names[] = {"1",     "2",     "4",     "8",      "16pair",
                                        "16vec", "32vec", "64vec", COPY_WORD};
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(names[i], word) == 0)
            return (enum element)i;
    abort();
}

static inline uint64_t element_bytes(enum element element) {
    static const uint8_t bytes[] = {1, 2, 4, 8, 16, 16, 32, 64, 1};
    return bytes[element];
}

/* The shapes of access that a kernel with this parameter leaves out: kernel.without. */
static inline unsigned element_without(const struct params *params) {
    const unsigned shapes = USES_VECTOR | USES_PAIR | USES_COPY;
    switch (element_named(param_word(params, "bytes"))) {
    case ELEMENT_16PAIR:
        return shapes & ~(unsigned)USES_PAIR;
    case ELEMENT_16VEC:
    case ELEMENT_32VEC:
    case ELEMENT_64VEC:
        return shapes & ~(unsigned)USES_VECTOR;
    case ELEMENT_ANY:
        return shapes & ~(unsigned)USES_COPY;
    default:
        return shapes;
    }
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
