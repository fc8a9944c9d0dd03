/* SPDX-License-Identifier: MIT
 *
 * load_throughput: independent loads, one array walked round and round: how many accesses a core
 * keeps in flight, which is what an ordered load takes away.
 *
 * Unrolled so far that loop control takes none of the load ports' cycles: a loop below the
 * core's peak would hide the cost of the lowering in its own.
 */
#include "walk.h"

enum { UNROLL = 32 };

struct state {
    struct walk walk;
    enum element element;
    struct pair loaded; /* the last value; of narrow elements the low bits */
};

static void setup(struct work *work, unsigned thread) {
    (void)thread;
    struct state *state = work->state;
    state->element = element_named(param_word(work->params, "bytes"));
    uint64_t size = element_bytes(state->element);
    walk_lay_out(work, &state->walk, work->footprint, size, size, UNROLL);
}

static void prepare(struct work *work, uint64_t ops) {
    (void)ops;
    struct state *state = work->state;
    walk_prepare_loads(&state->walk);
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

struct context {
    enum element element;
    struct pair loaded;
};

ALWAYS_INLINE void load_next(uint8_t *p, void *context_) {
    struct context *context = context_;
    context->loaded = load(context->element, p);
}

/* With a constant element this is one loop. What `loaded` held before is dead, so of a vector's
 * way to general registers only the last one remains in the code. */
ALWAYS_INLINE void walk(struct work *work, uint64_t ops, enum element element) {
    struct state *state = private_load_pointer(&work->state);
    struct context context = {element, {0, 0}};
    walk_run(work, &state->walk, ops, element_bytes(element), UNROLL, load_next, walk_on, &context);
    private_store64(&state->loaded.low, context.loaded.low);
    private_store64(&state->loaded.high, context.loaded.high);
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
    return walk_check_loads(&state->walk, state->loaded, ops);
}

static uint64_t bytes(const struct work *work) {
    const struct state *state = work->state;
    return element_bytes(state->element);
}

static const struct axis axes[] = {
    {"bytes",
     AXIS_WORD,
     {{"8", 0, 0}, {"1", 2, 0}, {"16vec", 2, 0}, {"2", 3, 0}, {"4", 3, 0}, {"16pair", 2, 0}}},
    {"footprint", AXIS_FOOTPRINT, {{"L1", 0, 0}, {"L2", 1, 0}, {"L3", 1, 0}, {"DRAM", 2, 0}}},
    {0},
};

extern const struct kernel KERNEL_SYMBOL(load_throughput);
const struct kernel KERNEL_SYMBOL(load_throughput) = {
    .name = "load_throughput",
    .family = "instructions",
    .summary = "independent loads, walking an array",
    .op = "load",
    .weight = 1,
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
