/* SPDX-License-Identifier: MIT
 *
 * store_throughput: stores, one array walked round and round: how fast stores leave the store
 * buffer. With stride `unit` neighbours can be merged on their way into the cache; with `line`
 * every store is the first to its line, so what an ordered store adds cannot hide in merging.
 */
#include "element.h"
#include "pattern.h"

enum { UNROLL = 32, STRIDE_LINE = 64, PROBES = 16 };

struct state {
    enum element element;
    uint32_t line;   /* the stride: a line instead of the element */
    uint64_t bytes;  /* walked: a multiple of UNROLL strides */
    uint64_t cursor; /* offset of the next store */
    uint64_t start;  /* cursor before the sample */
};

static uint64_t stride(const struct state *state) {
    return state->line ? STRIDE_LINE : element_bytes(state->element);
}

static void setup(struct work *work, unsigned thread) {
    (void)thread;
    struct state *state = work->state;
    state->element = element_named(param_word(work->params, "bytes"));
    state->line = strcmp(param_word(work->params, "stride"), "line") == 0;
    uint64_t step = UNROLL * stride(state);
    state->bytes = work->footprint / step * step;
    pattern_fill(work->arena, work->footprint);
}

/* What the `pass`-th walk over the array in a sample stores; narrow elements have the low bits. */
ALWAYS_INLINE struct pair value_of(uint64_t nonce, uint64_t pass) {
    return (struct pair){nonce + pass, ~(nonce + pass)};
}

/* Writes another value where the sample must stop. */
static void prepare(struct work *work, uint64_t ops) {
    struct state *state = work->state;
    state->start = state->cursor % state->bytes;
    uint64_t strides = state->bytes / stride(state);
    uint64_t end = (state->start + ops % strides * stride(state)) % state->bytes;
    struct pair other = value_of(~work->nonce, 0);
    memcpy(work->arena + end, &other, element_bytes(state->element));
}

ALWAYS_INLINE void store(enum element element, uint8_t *p, struct pair value, vec16 vector) {
    switch (element) {
    case ELEMENT_1:
        return data_store8(p, (uint8_t)value.low);
    case ELEMENT_2:
        return data_store16((uint16_t *)(void *)p, (uint16_t)value.low);
    case ELEMENT_4:
        return data_store32((uint32_t *)(void *)p, (uint32_t)value.low);
    case ELEMENT_8:
        return data_store64((uint64_t *)(void *)p, value.low);
    case ELEMENT_16PAIR:
        return data_store_pair((uint64_t *)(void *)p, value);
    default:
        return data_store_vec16(p, vector);
    }
}

/* With a constant element and stride this is one loop. */
ALWAYS_INLINE void walk(struct work *work, uint64_t ops, enum element element, uint64_t step) {
    struct state *state = private_load_pointer(&work->state);
    uint8_t *begin = private_load_pointer(&work->arena);
    uint8_t *end = begin + private_load64(&state->bytes);
    uint8_t *p = begin + private_load64(&state->cursor);
    uint64_t nonce = private_load64(&work->nonce);
    struct pair value = value_of(nonce, 0);
    vec16 vector = vec16_of_pair(value);

    p = p == end ? begin : p;
    while (ops) {
        /* To a multiple of UNROLL strides, then to the array's end or the sample's, then what
         * remains. */
        uint64_t left = (uint64_t)(end - p) / step, count = ops < left ? ops : left;
        ops -= count;
        for (; count && (uint64_t)(p - begin) % (UNROLL * step); count--, p += step)
            store(element, p, value, vector);
        for (; count >= UNROLL; count -= UNROLL, p += UNROLL * step)
#pragma GCC unroll 32
            for (unsigned i = 0; i < UNROLL; i++)
                store(element, p + i * step, value, vector);
        for (; count; count--, p += step)
            store(element, p, value, vector);
        if (p == end) {
            p = begin;
            value = value_of(value.low, 1);
            vector = vec16_of_pair(value);
        }
    }
    private_store64(&state->cursor, (uint64_t)(p - begin));
}

ALWAYS_INLINE void walk_stride(struct work *work, uint64_t ops, enum element element) {
    struct state *state = private_load_pointer(&work->state);
    if (private_load32(&state->line))
        walk(work, ops, element, STRIDE_LINE);
    else
        walk(work, ops, element, element_bytes(element));
}

void RUN_SYMBOL(store_throughput)(struct work *work, unsigned thread, uint64_t ops) {
    (void)thread;
    struct state *state = private_load_pointer(&work->state);
    switch (private_load32(&state->element)) {
    case ELEMENT_1:
        return walk_stride(work, ops, ELEMENT_1);
    case ELEMENT_2:
        return walk_stride(work, ops, ELEMENT_2);
    case ELEMENT_4:
        return walk_stride(work, ops, ELEMENT_4);
    case ELEMENT_8:
        return walk_stride(work, ops, ELEMENT_8);
    case ELEMENT_16PAIR:
        return walk_stride(work, ops, ELEMENT_16PAIR);
    default:
        return walk_stride(work, ops, ELEMENT_16VEC);
    }
}

/* Whether the element at `place` (strides from the array's begin) was left by the store that
 * `ops` stores from `start` left there last. */
static int is_right(const struct work *work, uint64_t start, uint64_t place, uint64_t ops) {
    const struct state *state = work->state;
    uint64_t strides = state->bytes / stride(state);
    uint64_t first = (place + strides - start) % strides; /* the first store that hit it */
    uint64_t last = first + (ops - 1 - first) / strides * strides;
    struct pair want = value_of(work->nonce, (start + last) / strides);
    return memcmp(work->arena + place * stride(state), &want, element_bytes(state->element)) == 0;
}

static const char *check(struct work *work, uint64_t ops) {
    const struct state *state = work->state;
    uint64_t strides = state->bytes / stride(state), start = state->start / stride(state);
    uint64_t end = (start + ops) % strides, written = ops < strides ? ops : strides;
    if (state->cursor != end * stride(state))
        return "the walk ended at another element";
    if (!is_right(work, start, (end + strides - 1) % strides, ops))
        return "the last store is not there";
    if (!is_right(work, start, (end + strides - written) % strides, ops))
        return "the oldest store is not there";
    for (uint64_t i = 0; i < PROBES; i++)
        if (!is_right(work, start, (start + pattern_random(work->nonce, i) % written) % strides,
                      ops))
            return "a store is not there";
    struct pair other = value_of(~work->nonce, 0);
    const uint8_t *next = work->arena + end * stride(state);
    if (ops < strides && memcmp(next, &other, element_bytes(state->element)) != 0)
        return "a store went past the end";
    return NULL;
}

static uint64_t bytes(const struct work *work) {
    const struct state *state = work->state;
    return element_bytes(state->element);
}

static const struct axis axes[] = {
    {"bytes",
     AXIS_WORD,
     {{"8", 0, 0}, {"16vec", 1, 0}, {"1", 2, 0}, {"2", 2, 0}, {"4", 2, 0}, {"16pair", 2, 0}}},
    {"stride", AXIS_WORD, {{"unit", 0, 0}, {"line", 1, 0}}},
    {"footprint", AXIS_FOOTPRINT, {{"L1", 0, 0}, {"L2", 1, 0}, {"L3", 1, 0}, {"DRAM", 2, 0}}},
    {0},
};

extern const struct kernel KERNEL_SYMBOL(store_throughput);
const struct kernel KERNEL_SYMBOL(store_throughput) = {
    .name = "store_throughput",
    .family = "instructions",
    .summary = "stores, walking an array element by element or line by line",
    .op = "store",
    .uses = USES_STORE | USES_VECTOR | USES_PAIR,
    .without = element_without,
    .streams = 1,
    .min_threads = 1,
    .max_threads = 1,
    .state_bytes = sizeof(struct state),
    .axes = axes,
    .setup = setup,
    .prepare = prepare,
    .run = RUN_SYMBOL(store_throughput),
    .check = check,
    .bytes = bytes,
};
