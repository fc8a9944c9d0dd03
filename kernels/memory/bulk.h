/* SPDX-License-Identifier: MIT
 *
 * bulk.h: what kernels share whose operation is one call on `size` bytes of each of their arrays:
 * the walk, the words that a check looks at, and the parameter `size`.
 *
 * Of sizes above 2 MiB a call takes 64 KiB and the next call the next part: a sample is then
 * short under any lowering.
 */
#ifndef BULK_H
#define BULK_H

#include "element.h"
#include "pattern.h"

enum { PROBES = 32, LARGEST_CALL = 2 << 20, WALK_CALL = 64 << 10 };

struct bulk {
    enum element element;
    uint64_t first;       /* offset of the first array in the arena */
    uint64_t apart;       /* from one array to the next, bytes */
    uint64_t call;        /* bytes of one call */
    uint64_t bytes;       /* of each array, a multiple of call */
    uint64_t cursor;      /* offset of the next call */
    uint64_t start;       /* cursor before the sample */
    uint64_t calls;       /* made in the sample */
    uint64_t value, step; /* what a sample's first call is given, and each next one on top */
    uint64_t result;      /* the sum of what the sample's calls returned */
};

/* One call: `at` is in the first array, at + apart in the second. */
typedef uint64_t bulk_call(uint8_t *at, uint64_t apart, uint64_t bytes, uint64_t value);

/* `unit`: what a call is a multiple of, bytes. */
static inline void bulk_setup(struct work *work, uint64_t unit) {
    struct bulk *bulk = work->state;
    bulk->apart = work->footprint;
    bulk->call = (work->footprint <= LARGEST_CALL ? work->footprint : WALK_CALL) / unit * unit;
    bulk->bytes = work->footprint / bulk->call * bulk->call;
}

static inline void bulk_prepare(struct work *work) {
    struct bulk *bulk = work->state;
    bulk->start = bulk->cursor;
    bulk->calls = bulk->result = 0;
}

/* With a constant `one` it is called directly. */
ALWAYS_INLINE void bulk_run(struct work *work, uint64_t ops, bulk_call *one) {
    struct bulk *bulk = private_load_pointer(&work->state);
    uint8_t *first = private_load_pointer(&work->arena);
    first += private_load64(&bulk->first);
    const uint64_t apart = private_load64(&bulk->apart), call = private_load64(&bulk->call);
    const uint64_t bytes = private_load64(&bulk->bytes), step = private_load64(&bulk->step);
    uint64_t cursor = private_load64(&bulk->cursor), value = private_load64(&bulk->value);
    uint64_t calls = 0, result = 0;
    for (; calls < ops; calls++) {
        result += one(first + cursor, apart, call, value);
        value += step;
        cursor += call;
        cursor = cursor == bytes ? 0 : cursor;
    }
    private_store64(&bulk->cursor, cursor);
    private_store64(&bulk->calls, calls);
    private_store64(&bulk->result, result);
}

static inline const char *bulk_check(const struct work *work, uint64_t ops) {
    const struct bulk *bulk = work->state;
    if (bulk->calls != ops)
        return "another number of calls was made";
    if (bulk->cursor != (bulk->start + ops * bulk->call) % bulk->bytes)
        return "the walk ended at another place";
    return NULL;
}

/* Offsets of the words that a check looks at: first and last of what the sample's calls reach,
 * and some in between. */
static inline uint64_t bulk_probe(const struct work *work, uint64_t ops, uint64_t i) {
    const struct bulk *bulk = work->state;
    uint64_t random = pattern_random(work->nonce, i);
    uint64_t reached = ops < bulk->bytes / bulk->call ? ops * bulk->call : bulk->bytes;
    uint64_t offset = i == 0 ? 0 : i == 1 ? reached - 8 : random % reached & ~7ul;
    return (bulk->start + offset) % bulk->bytes;
}

/* Which of the sample's calls was the last on this offset, from 0. */
static inline uint64_t bulk_last_call(const struct bulk *bulk, uint64_t ops, uint64_t offset) {
    uint64_t calls = bulk->bytes / bulk->call;
    uint64_t first = (offset / bulk->call + calls - bulk->start / bulk->call) % calls;
    return first + (ops - 1 - first) / calls * calls;
}

/* The word at an offset of an array, which need not be aligned. */
static inline uint8_t *bulk_at(const struct work *work, unsigned array, uint64_t offset) {
    const struct bulk *bulk = work->state;
    return work->arena + bulk->first + array * bulk->apart + offset;
}

static inline uint64_t bulk_get(const struct work *work, unsigned array, uint64_t offset) {
    uint64_t word;
    memcpy(&word, bulk_at(work, array, offset), sizeof word);
    return word;
}

static inline void bulk_put(const struct work *work, unsigned array, uint64_t offset,
                            uint64_t word) {
    memcpy(bulk_at(work, array, offset), &word, sizeof word);
}

static inline uint64_t bulk_bytes(const struct work *work) {
    const struct bulk *bulk = work->state;
    return bulk->call;
}

/* Bytes of each array. */
#define BULK_SIZE                                                                                  \
    {                                                                                              \
        "size", AXIS_FOOTPRINT, {                                                                  \
            {"16K", 0, 0}, {"1K", 1, 0}, {"L3", 1, 0}, {"64", 2, 0}, {"256", 2, 0}, {"4K", 2, 0},  \
                {"64K", 2, 0}, {"L2", 2, 0}, {"DRAM", 2, 0}, {"800K", 2, 0}, {"256K", 3, 0}, {     \
                "256M", 3, 0                                                                       \
            }                                                                                      \
        }                                                                                          \
    }

#endif
