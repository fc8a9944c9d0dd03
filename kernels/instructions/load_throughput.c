/* SPDX-License-Identifier: MIT
 *
 * load_throughput: independent loads, one array walked round and round: how many accesses a core
 * keeps in flight, which is what an ordered load takes away.
 *
 * Unrolled so far that loop control takes none of the load ports' cycles: a loop below the
 * core's peak would hide the cost of the lowering in its own.
 */
#include "element.h"
#include "pattern.h"

enum { UNROLL = 32 };

struct state {
    enum element element;
    uint64_t bytes;     /* walked: a multiple of UNROLL elements */
    uint64_t cursor;    /* offset of the next element */
    uint64_t start;     /* cursor before the sample */
    struct pair loaded; /* the last value; of narrow elements the low bits */
};

static void setup(struct work *work, unsigned thread) {
    (void)thread;
    struct state *state = work->state;
    state->element = element_named(param_word(work->params, "bytes"));
    uint64_t step = UNROLL * element_bytes(state->element);
    state->bytes = work->footprint / step * step;
    pattern_fill(work->arena, work->footprint);
}

static void prepare(struct work *work, uint64_t ops) {
    (void)ops;
    struct state *state = work->state;
    state->start = state->cursor;
    state->loaded = (struct pair){0, 0};
}

ALWAYS_INLINE struct pair load(enum element element, const uint8_t *p) {
    switch (element) {
    case ELEMENT_1:
        return (struct pair){data_load8(p), 0};
    case ELEMENT_2:
        return (struct pair){data_load16((const uint16_t *)(const void *)p), 0};
    case ELEMENT_4:
        return (struct pair){data_load32((const uint32_t *)(const void *)p), 0};
    case ELEMENT_8:
        return (struct pair){data_load64((const uint64_t *)(const void *)p), 0};
    case ELEMENT_16PAIR:
        return data_load_pair((const uint64_t *)(const void *)p);
    default:
        return pair_of_vec16(data_load_vec16(p));
    }
}

/* With a constant element this is one loop. What `loaded` held before is dead, so of a vector's
 * way to general registers only the last one remains in the code. */
ALWAYS_INLINE void walk(struct work *work, uint64_t ops, enum element element) {
    struct state *state = private_load_pointer(&work->state);
    const uint8_t *begin = private_load_pointer(&work->arena);
    const uint8_t *end = begin + private_load64(&state->bytes);
    const uint8_t *p = begin + private_load64(&state->cursor);
    const uint64_t size = element_bytes(element);
    struct pair loaded = {0, 0};

    /* To a multiple of UNROLL elements, then round and round, then what remains. */
    while (ops && (uint64_t)(p - begin) % (UNROLL * size)) {
        loaded = load(element, p);
        p += size;
        ops--;
    }
    p = p == end ? begin : p;
    for (; ops >= UNROLL; ops -= UNROLL) {
#pragma GCC unroll 32
        for (unsigned i = 0; i < UNROLL; i++)
            loaded = load(element, p + i * size);
        p += UNROLL * size;
        p = p == end ? begin : p;
    }
    for (; ops; ops--) {
        loaded = load(element, p);
        p += size;
    }
    private_store64(&state->loaded.low, loaded.low);
    private_store64(&state->loaded.high, loaded.high);
    private_store64(&state->cursor, (uint64_t)(p - begin));
}

void RUN_SYMBOL(load_throughput)(struct work *work, unsigned thread, uint64_t ops) {
    (void)thread;
    struct state *state = private_load_pointer(&work->state);
    switch (private_load32(&state->element)) {
    case ELEMENT_1:
        return walk(work, ops, ELEMENT_1);
    case ELEMENT_2:
        return walk(work, ops, ELEMENT_2);
    case ELEMENT_4:
        return walk(work, ops, ELEMENT_4);
    case ELEMENT_8:
        return walk(work, ops, ELEMENT_8);
    case ELEMENT_16PAIR:
        return walk(work, ops, ELEMENT_16PAIR);
    default:
        return walk(work, ops, ELEMENT_16VEC);
    }
}

static const char *check(struct work *work, uint64_t ops) {
    const struct state *state = work->state;
    uint64_t size = element_bytes(state->element);
    uint64_t last = (state->start + (ops - 1) * size) % state->bytes, want[2] = {0, 0};
    const uint64_t words[2] = {pattern_word(last / 8), pattern_word(last / 8 + 1)};
    memcpy(want, (const uint8_t *)words + last % 8, size);
    if (state->cursor % state->bytes != (last + size) % state->bytes)
        return "the walk ended at another element";
    if (state->loaded.low != want[0] || state->loaded.high != want[1])
        return "the last value loaded is another";
    return NULL;
}

static uint64_t bytes(const struct work *work) {
    const struct state *state = work->state;
    return element_bytes(state->element);
}

static const struct axis axes[] = {
    {"bytes",
     AXIS_WORD,
     {{"8", 0, 0}, {"1", 1, 0}, {"16vec", 1, 0}, {"2", 2, 0}, {"4", 2, 0}, {"16pair", 2, 0}}},
    {"footprint", AXIS_FOOTPRINT, {{"L1", 0, 0}, {"L2", 1, 0}, {"L3", 1, 0}, {"DRAM", 2, 0}}},
    {0},
};

extern const struct kernel KERNEL_SYMBOL(load_throughput);
const struct kernel KERNEL_SYMBOL(load_throughput) = {
    .name = "load_throughput",
    .family = "instructions",
    .summary = "independent loads, walking an array",
    .op = "load",
    .uses = USES_LOAD | USES_VECTOR | USES_PAIR,
    .without = element_without,
    .streams = 1,
    .min_threads = 1,
    .max_threads = 1,
    .state_bytes = sizeof(struct state),
    .axes = axes,
    .setup = setup,
    .prepare = prepare,
    .run = RUN_SYMBOL(load_throughput),
    .check = check,
    .bytes = bytes,
};
