/* SPDX-License-Identifier: MIT
 *
 * store_throughput: stores, one array walked round and round: how fast stores leave the store
 * buffer. With stride `unit` neighbours can be merged on their way into the cache; with `line`
 * every store is the first to its line, so what an ordered store adds cannot hide in merging.
 */
#include "walk.h"

enum { UNROLL = 32, STRIDE_LINE = 64 };

struct state {
    struct walk walk;
    enum element element;
    uint32_t line; /* the stride: a line instead of the element */
};

static void setup(struct work *work, unsigned thread) {
    (void)thread;
    struct state *state = work->state;
    state->element = element_named(param_word(work->params, "bytes"));
    state->line = strcmp(param_word(work->params, "stride"), "line") == 0;
    uint64_t size = element_bytes(state->element);
    walk_lay_out(work, &state->walk, work->footprint, size, state->line ? STRIDE_LINE : size,
                 UNROLL);
}

static void prepare(struct work *work, uint64_t ops) {
    struct state *state = work->state;
    walk_prepare_stores(work, &state->walk, ops);
}

/* What is stored, in general registers and in a vector. */
struct context {
    enum element element;
    uint64_t low, high;
    vec16 vector;
};

ALWAYS_INLINE void set_value(struct context *context, struct pair value) {
    context->low = value.low;
    context->high = value.high;
    context->vector = vec16_of_pair(value);
}

ALWAYS_INLINE void store(uint8_t *p, void *context_) {
    const struct context *context = context_;
    switch (context->element) {
    case ELEMENT_1:
        return data_store8(p, (uint8_t)context->low);
    case ELEMENT_2:
        return data_store16((uint16_t *)(void *)p, (uint16_t)context->low);
    case ELEMENT_4:
        return data_store32((uint32_t *)(void *)p, (uint32_t)context->low);
    case ELEMENT_8:
        return data_store64((uint64_t *)(void *)p, context->low);
    case ELEMENT_16PAIR:
        return data_store_pair((uint64_t *)(void *)p, (struct pair){context->low, context->high});
    default:
        return data_store_vec16(p, context->vector);
    }
}

ALWAYS_INLINE void next_value(uint8_t *p, void *context) {
    (void)p;
    set_value(context, walk_value(((struct context *)context)->low, 1));
}

/* With a constant element and stride this is one loop. */
ALWAYS_INLINE void walk(struct work *work, uint64_t ops, enum element element, uint64_t step) {
    struct state *state = private_load_pointer(&work->state);
    struct context context = {.element = element};
    set_value(&context, walk_value(private_load64(&work->nonce), 0));
    walk_run(work, &state->walk, ops, step, UNROLL, store, next_value, &context);
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

static const char *check(struct work *work, uint64_t ops) {
    const struct state *state = work->state;
    return walk_check_stores(work, &state->walk, ops);
}

static uint64_t bytes(const struct work *work) {
    const struct state *state = work->state;
    return element_bytes(state->element);
}

static const struct axis axes[] = {
    {"bytes",
     AXIS_WORD,
     {{"8", 0, 0}, {"16vec", 2, 0}, {"1", 2, 0}, {"2", 3, 0}, {"4", 3, 0}, {"16pair", 2, 0}}},
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
    .weight = 1,
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
