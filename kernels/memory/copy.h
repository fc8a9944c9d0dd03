/* SPDX-License-Identifier: MIT
 *
 * copy.h: what copies from one array to another share: the loop, and the check.
 */
#ifndef COPY_H
#define COPY_H

#include "bulk.h"

enum { FROM, TO };

/* Contents, and new ones at the places that check looks at. */
static inline void copy_setup(struct work *work, uint64_t unit) {
    bulk_setup(work, unit);
    pattern_fill(work->arena, 2 * work->footprint);
}

static inline void copy_prepare(struct work *work, uint64_t ops) {
    bulk_prepare(work);
    for (uint64_t i = 0; i < PROBES; i++) {
        uint64_t offset = bulk_probe(work, ops, i), value = work->nonce + pattern_word(offset);
        bulk_put(work, FROM, offset, value);
        bulk_put(work, TO, offset, ~value);
    }
}

static inline const char *copy_check(struct work *work, uint64_t ops) {
    for (uint64_t i = 0; i < PROBES; i++) {
        uint64_t offset = bulk_probe(work, ops, i);
        if (bulk_get(work, TO, offset) != work->nonce + pattern_word(offset))
            return "a word was not copied";
    }
    return bulk_check(work, ops);
}

/* A call that copies: batches of `count` elements, each batch loaded and then stored, and what is
 * left element by element. `down`: from the last to the first. */
#define DEFINE_COPY(name, type, count, target, load, store, down)                                  \
    target static uint64_t RUN_SYMBOL(name)(uint8_t * from, uint64_t apart, uint64_t bytes,        \
                                            uint64_t value) {                                      \
        enum { COUNT = count, SIZE = sizeof(type) };                                               \
        uint8_t *to = from + apart;                                                                \
        (void)value;                                                                               \
        if (down) {                                                                                \
            from += bytes;                                                                         \
            to += bytes;                                                                           \
        }                                                                                          \
        for (; bytes >= COUNT * SIZE; bytes -= COUNT * SIZE) {                                     \
            type batch[COUNT];                                                                     \
            from -= down ? COUNT * SIZE : 0;                                                       \
            to -= down ? COUNT * SIZE : 0;                                                         \
            _Pragma("GCC unroll 16") for (int i = 0; i < COUNT; i++) batch[i] =                    \
                load((const void *)(from + i * SIZE));                                             \
            _Pragma("GCC unroll 16") for (int i = 0; i < COUNT; i++)                               \
                store((void *)(to + i * SIZE), batch[i]);                                          \
            from += down ? 0 : COUNT * SIZE;                                                       \
            to += down ? 0 : COUNT * SIZE;                                                         \
        }                                                                                          \
        for (; bytes; bytes -= SIZE) {                                                             \
            from -= down ? SIZE : 0;                                                               \
            to -= down ? SIZE : 0;                                                                 \
            store((void *)to, load((const void *)from));                                           \
            from += down ? 0 : SIZE;                                                               \
            to += down ? 0 : SIZE;                                                                 \
        }                                                                                          \
        return 0;                                                                                  \
    }

#ifdef VEC64_TARGET
#define DEFINE_COPY_64VEC(kernel, down)                                                            \
    DEFINE_COPY(kernel##_64vec, vec64, 4, VEC64_TARGET, data_load_vec64, data_store_vec64, down)
#define COPY_64VEC(kernel) RUN_SYMBOL(kernel##_64vec)
#else
#define DEFINE_COPY_64VEC(kernel, down)
#define COPY_64VEC(kernel) RUN_SYMBOL(kernel##_32vec)
#endif

/* Calls of all element widths, and copy_<kernel>() that makes those of the element chosen. */
#define DEFINE_COPIES(kernel, down)                                                                \
    DEFINE_COPY(kernel##_1, uint8_t, 8, , data_load8, data_store8, down)                           \
    DEFINE_COPY(kernel##_8, uint64_t, 8, , data_load64, data_store64, down)                        \
    DEFINE_COPY(kernel##_16pair, struct pair, 4, , data_load_pair, data_store_pair, down)          \
    DEFINE_COPY(kernel##_16vec, vec16, 8, , data_load_vec16, data_store_vec16, down)               \
    DEFINE_COPY(kernel##_32vec, vec32, 8, VEC32_TARGET, data_load_vec32, data_store_vec32, down)   \
    DEFINE_COPY_64VEC(kernel, down)                                                                \
    ALWAYS_INLINE void copy_##kernel(struct work *work, uint64_t ops, bulk_call *any) {            \
        struct bulk *bulk = private_load_pointer(&work->state);                                    \
        switch (private_load32(&bulk->element)) {                                                  \
        case ELEMENT_1:                                                                            \
            return bulk_run(work, ops, RUN_SYMBOL(kernel##_1));                                    \
        case ELEMENT_8:                                                                            \
            return bulk_run(work, ops, RUN_SYMBOL(kernel##_8));                                    \
        case ELEMENT_16PAIR:                                                                       \
            return bulk_run(work, ops, RUN_SYMBOL(kernel##_16pair));                               \
        case ELEMENT_16VEC:                                                                        \
            return bulk_run(work, ops, RUN_SYMBOL(kernel##_16vec));                                \
        case ELEMENT_32VEC:                                                                        \
            return bulk_run(work, ops, RUN_SYMBOL(kernel##_32vec));                                \
        case ELEMENT_64VEC:                                                                        \
            return bulk_run(work, ops, COPY_64VEC(kernel));                                        \
        default:                                                                                   \
            return bulk_run(work, ops, any);                                                       \
        }                                                                                          \
    }

#endif
