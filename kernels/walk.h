/* SPDX-License-Identifier: MIT
 *
 * walk.h: one array walked round and round, with a cursor that stays from one sample to the next:
 * the kernels that load or store element by element.
 *
 * Stores of one pass over the array are alike, and of the next pass different: so memory tells
 * which of a sample's stores was the last at each place.
 */
#ifndef WALK_H
#define WALK_H

#include "access.h"
#include "element.h"
#include "pattern.h"
#include "walk_state.h"

static inline void walk_lay_out(struct work *work, struct walk *walk, uint64_t bytes, uint64_t size,
                                uint64_t step, uint64_t unroll) {
    *walk = (struct walk){
        .bytes = bytes / (unroll * step) * (unroll * step), .step = step, .size = size};
    pattern_fill(work->arena, work->footprint);
}

/* What the `pass`-th walk over the array in a sample stores; narrow elements have the low bits. */
ALWAYS_INLINE struct pair walk_value(uint64_t nonce, uint64_t pass) {
    return (struct pair){nonce + pass, ~(nonce + pass)};
}

/* An access at p; `context` is the kernel's. */
typedef void walk_access(uint8_t *p, void *context);

/* `ops` accesses: to a multiple of `unroll` steps, then to the array's end or the sample's, then
 * what remains. At the array's end it calls `turn`. With constants for step and unroll, and
 * functions that are known, this is one loop. */
ALWAYS_INLINE void walk_run(struct work *work, struct walk *walk, uint64_t ops, uint64_t step,
                            unsigned unroll, walk_access *access, walk_access *turn,
                            void *context) {
    uint8_t *begin = private_load_pointer(&work->arena);
    uint8_t *end = begin + private_load64(&walk->bytes);
    uint8_t *p = begin + private_load64(&walk->cursor);
    p = p == end ? begin : p;
    while (ops) {
        uint64_t left = (uint64_t)(end - p) / step, count = ops < left ? ops : left;
        ops -= count;
        for (; count && (uint64_t)(p - begin) % (unroll * step); count--, p += step)
            access(p, context);
        for (; count >= unroll; count -= unroll, p += unroll * step)
#pragma GCC unroll 32
            for (unsigned i = 0; i < unroll; i++)
                access(p + i * step, context);
        for (; count; count--, p += step)
            access(p, context);
        if (p == end) {
            p = begin;
            turn(p, context);
        }
    }
    private_store64(&walk->cursor, (uint64_t)(p - begin));
}

/* A turn that changes nothing. */
ALWAYS_INLINE void walk_on(uint8_t *p, void *context) {
    (void)p, (void)context;
}

static inline void walk_prepare_loads(struct walk *walk) {
    walk->start = walk->cursor % walk->bytes;
}

/* Writes another value where the sample must stop. */
static inline void walk_prepare_stores(struct work *work, struct walk *walk, uint64_t ops) {
    walk->start = walk->cursor % walk->bytes;
    uint64_t end = (walk->start + ops % (walk->bytes / walk->step) * walk->step) % walk->bytes;
    struct pair other = walk_value(~work->nonce, 0);
    memcpy(work->arena + end, &other, walk->size);
}

/* Whether the element at `place` (steps from the array's begin) was left by the store that `ops`
 * stores from the start left there last. */
static inline int walk_is_right(const struct work *work, const struct walk *walk, uint64_t place,
                                uint64_t ops) {
    uint64_t steps = walk->bytes / walk->step, start = walk->start / walk->step;
    uint64_t first = (place + steps - start) % steps; /* the first store that hit it */
    uint64_t last = first + (ops - 1 - first) / steps * steps;
    struct pair want = walk_value(work->nonce, (start + last) / steps);
    return memcmp(work->arena + place * walk->step, &want, walk->size) == 0;
}

static inline const char *walk_check_stores(const struct work *work, const struct walk *walk,
                                            uint64_t ops) {
    enum { PROBES = 16 };
    uint64_t steps = walk->bytes / walk->step, start = walk->start / walk->step;
    uint64_t end = (start + ops) % steps, written = ops < steps ? ops : steps;
    if (walk->cursor != end * walk->step)
        return "the walk ended at another element";
    if (!walk_is_right(work, walk, (end + steps - 1) % steps, ops))
        return "the last store is not there";
    if (!walk_is_right(work, walk, (end + steps - written) % steps, ops))
        return "the oldest store is not there";
    for (uint64_t i = 0; i < PROBES; i++)
        if (!walk_is_right(work, walk, (start + pattern_random(work->nonce, i) % written) % steps,
                           ops))
            return "a store is not there";
    struct pair other = walk_value(~work->nonce, 0);
    if (ops < steps && memcmp(work->arena + end * walk->step, &other, walk->size) != 0)
        return "a store went past the end";
    return NULL;
}

/* Loads, of what pattern_fill() left; `loaded` is the sample's last one. */
static inline const char *walk_check_loads(const struct walk *walk, struct pair loaded,
                                           uint64_t ops) {
    uint64_t last = (walk->start + (ops - 1) * walk->step) % walk->bytes, want[2] = {0, 0};
    const uint64_t words[2] = {pattern_word(last / 8), pattern_word(last / 8 + 1)};
    memcpy(want, (const uint8_t *)words + last % 8, walk->size);
    if (walk->cursor != (last + walk->step) % walk->bytes)
        return "the walk ended at another element";
    if (loaded.low != want[0] || loaded.high != want[1])
        return "the last value loaded is another";
    return NULL;
}

#endif
