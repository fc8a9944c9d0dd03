/* SPDX-License-Identifier: MIT
 *
 * diluted: stores, or loads, of 8 bytes with some independent additions between them, so that the
 * core makes more or fewer accesses a cycle. A lowering, or a TSO mode, may cost nothing up to some
 * rate and much above it: the knee is what this kernel is for. The stores go to the next word, the
 * next line, or round one line, where they can all be merged.
 */
#include "walk.h"

enum { UNROLL = 8, STRIDE_LINE = 64 };

struct state {
    struct walk walk;
    uint32_t loads; /* in place of stores */
    uint32_t alu;   /* additions for each access */
    uint32_t line;  /* stride: a line in place of a word */
    uint64_t loaded;
};

static void setup(struct work *work, unsigned thread) {
    (void)thread;
    struct state *state = work->state;
    const char *stride = param_word(work->params, "stride");
    state->loads = strcmp(param_word(work->params, "access"), "load") == 0;
    state->alu = (uint32_t)param_number(work->params, "alu");
    state->line = strcmp(stride, "line") == 0;
    walk_lay_out(work, &state->walk, strcmp(stride, "same") == 0 ? LINE_BYTES : work->footprint,
                 sizeof(uint64_t), state->line ? STRIDE_LINE : sizeof(uint64_t), UNROLL);
}

static void prepare(struct work *work, uint64_t ops) {
    struct state *state = work->state;
    state->loaded = 0;
    if (state->loads)
        walk_prepare_loads(&state->walk);
    else
        walk_prepare_stores(work, &state->walk, ops);
}

struct context {
    uint64_t value, addend;
    unsigned alu;
};

/* They wait for nothing and nothing waits for them: all read what none of them writes. */
ALWAYS_INLINE void dilute(const struct context *context) {
    uint64_t sum;
#if defined(__aarch64__)
    __asm__ volatile(".rept %c2\n\tadd %0, %1, #1\n\t.endr"
                     : "=&r"(sum)
                     : "r"(context->addend), "i"(context->alu));
#else
    __asm__ volatile(".rept %c2\n\tleaq 1(%1), %0\n\t.endr"
                     : "=&r"(sum)
                     : "r"(context->addend), "i"(context->alu));
#endif
}

ALWAYS_INLINE void store(uint8_t *p, void *context_) {
    struct context *context = context_;
    data_store64((uint64_t *)(void *)p, context->value);
    dilute(context);
}

ALWAYS_INLINE void next_value(uint8_t *p, void *context_) {
    struct context *context = context_;
    (void)p;
    context->value++;
}

ALWAYS_INLINE void load(uint8_t *p, void *context_) {
    struct context *context = context_;
    context->value = data_load64((const uint64_t *)(const void *)p);
    dilute(context);
}

/* With constants for the last three this is one loop. */
ALWAYS_INLINE void walk(struct work *work, uint64_t ops, bool loads, uint64_t step, unsigned alu) {
    struct state *state = private_load_pointer(&work->state);
    struct context context = {.value = private_load64(&work->nonce), .alu = alu};
    context.addend = context.value;
    if (loads) {
        walk_run(work, &state->walk, ops, step, UNROLL, load, walk_on, &context);
        private_store64(&state->loaded, context.value);
    } else {
        walk_run(work, &state->walk, ops, step, UNROLL, store, next_value, &context);
    }
}

ALWAYS_INLINE void walk_alu(struct work *work, uint64_t ops, bool loads, uint64_t step) {
    struct state *state = private_load_pointer(&work->state);
    switch (private_load32(&state->alu)) {
    case 0:
        return walk(work, ops, loads, step, 0);
    case 1:
        return walk(work, ops, loads, step, 1);
    case 2:
        return walk(work, ops, loads, step, 2);
    case 4:
        return walk(work, ops, loads, step, 4);
    case 8:
        return walk(work, ops, loads, step, 8);
    default:
        return walk(work, ops, loads, step, 16);
    }
}

static void RUN_SYMBOL(diluted_loads)(struct work *work, uint64_t ops, uint32_t line) {
    if (line)
        walk_alu(work, ops, true, STRIDE_LINE);
    else
        walk_alu(work, ops, true, sizeof(uint64_t));
}

static void RUN_SYMBOL(diluted_stores)(struct work *work, uint64_t ops, uint32_t line) {
    if (line)
        walk_alu(work, ops, false, STRIDE_LINE);
    else
        walk_alu(work, ops, false, sizeof(uint64_t));
}

void RUN_SYMBOL(diluted)(struct work *work, unsigned thread, uint64_t ops) {
    (void)thread;
    struct state *state = private_load_pointer(&work->state);
    if (private_load32(&state->loads))
        RUN_SYMBOL(diluted_loads)(work, ops, private_load32(&state->line));
    else
        RUN_SYMBOL(diluted_stores)(work, ops, private_load32(&state->line));
}

static const char *check(struct work *work, uint64_t ops) {
    const struct state *state = work->state;
    if (state->loads)
        return walk_check_loads(&state->walk, (struct pair){state->loaded, 0}, ops);
    return walk_check_stores(work, &state->walk, ops);
}

static unsigned without(const struct params *params) {
    return strcmp(param_word(params, "access"), "load") == 0 ? USES_STORE : USES_LOAD;
}

static const struct axis axes[] = {
    {"access", AXIS_WORD, {{"store", 0, 0}, {"load", 0, 0}}},
    {"alu",
     AXIS_NUMBER,
     {{"4", 0, 0}, {"0", 1, 0}, {"1", 1, 0}, {"2", 1, 0}, {"8", 1, 0}, {"16", 1, 0}}},
    {"stride", AXIS_WORD, {{"unit", 0, 0}, {"same", 2, 0}, {"line", 2, 0}}},
    {"footprint", AXIS_FOOTPRINT, {{"L1", 0, 0}, {"L2", 2, 0}, {"DRAM", 2, 0}}},
    {0},
};

extern const struct kernel KERNEL_SYMBOL(diluted);
const struct kernel KERNEL_SYMBOL(diluted) = {
    .name = "diluted",
    .family = "store_buffer",
    .summary = "stores or loads with independent additions between them",
    .op = "access",
    .weight = 1,
    .uses = USES_LOAD | USES_STORE,
    .without = without,
    .streams = 1,
    .min_threads = 1,
    .max_threads = 1,
    .state_bytes = sizeof(struct state),
    .axes = axes,
    .setup = setup,
    .prepare = prepare,
    .run = RUN_SYMBOL(diluted),
    .check = check,
};
