/* SPDX-License-Identifier: MIT
 *
 * scatter: groups of stores. The first of each goes to a line of a large array in pseudo-random
 * order, and misses where the array is larger than a cache; the others walk a small block that
 * stays in L1. `one_in` is the size of a group: stores in so many of which one misses. A store
 * that is ordered must not pass the miss before it.
 *
 * The i-th group's line is i times an odd number modulo a power of two, so each comes once in a
 * round, and check knows where; folding the high half into the low one hides the stride from
 * prefetchers.
 */
#include <string.h>

#include "access.h"
#include "pattern.h"

static const uint64_t ODD = UINT64_C(0x9e3779b97f4a7c15);

enum { PROBES = 16, NEAR_ROWS = 8, LARGEST_GROUP = 64 };

struct state {
    uint64_t one_in;
    uint64_t lines; /* of the array: a power of two */
    uint64_t fold;  /* half the bits of a line's number */
    uint64_t group; /* the next one's number */
    uint64_t start; /* group before the sample */
    LINE_ALIGNED uint64_t near[NEAR_ROWS][LARGEST_GROUP];
};

static void setup(struct work *work, unsigned thread) {
    (void)thread;
    struct state *state = work->state;
    state->one_in = param_number(work->params, "one_in");
    unsigned bits = 63 - (unsigned)__builtin_clzll(work->footprint / LINE_BYTES);
    state->lines = UINT64_C(1) << bits;
    state->fold = (bits + 1) / 2;
    pattern_fill(work->arena, work->footprint);
}

ALWAYS_INLINE uint64_t offset_of(uint64_t group, uint64_t lines, uint64_t fold) {
    uint64_t line = group * ODD & (lines - 1);
    return (line ^ line >> fold) * LINE_BYTES;
}

/* The word that a group of the sample stores to. */
static uint64_t *far_word(const struct work *work, uint64_t group) {
    const struct state *state = work->state;
    return (uint64_t *)(void *)(work->arena + offset_of(group, state->lines, state->fold));
}

static uint64_t probe(const struct work *work, uint64_t ops, uint64_t i) {
    const struct state *state = work->state;
    return state->start + (i == 0 ? 0 : i == 1 ? ops - 1 : pattern_random(work->nonce, i) % ops);
}

static void prepare(struct work *work, uint64_t ops) {
    struct state *state = work->state;
    state->start = state->group;
    for (uint64_t i = 0; i < PROBES; i++)
        *far_word(work, probe(work, ops, i)) = 0;
    *far_word(work, state->start + ops) = 0;
    memset(state->near, 0, sizeof state->near);
}

ALWAYS_INLINE void walk(struct work *work, uint64_t ops, unsigned one_in) {
    struct state *state = private_load_pointer(&work->state);
    uint8_t *array = private_load_pointer(&work->arena);
    const uint64_t lines = private_load64(&state->lines), fold = private_load64(&state->fold);
    const uint64_t nonce = private_load64(&work->nonce);
    uint64_t group = private_load64(&state->group);
    const uint64_t end = group + ops;
    for (; group != end; group++) {
        uint64_t value = nonce + group;
        data_store64((uint64_t *)(void *)(array + offset_of(group, lines, fold)), value);
        uint64_t *near = state->near[group % NEAR_ROWS];
#pragma GCC unroll 64
        for (unsigned i = 1; i < one_in; i++)
            data_store64(near + i, value);
    }
    private_store64(&state->group, group);
}

void RUN_SYMBOL(scatter)(struct work *work, unsigned thread, uint64_t ops) {
    (void)thread;
    struct state *state = private_load_pointer(&work->state);
    switch (private_load64(&state->one_in)) {
    case 1:
        return walk(work, ops, 1);
    case 2:
        return walk(work, ops, 2);
    case 4:
        return walk(work, ops, 4);
    case 16:
        return walk(work, ops, 16);
    default:
        return walk(work, ops, 64);
    }
}

static const char *check(struct work *work, uint64_t ops) {
    const struct state *state = work->state;
    uint64_t end = state->start + ops;
    if (state->group != end)
        return "another number of groups was stored";
    for (uint64_t i = 0; i < PROBES; i++) {
        uint64_t group = probe(work, ops, i);
        uint64_t last = group + (end - 1 - group) / state->lines * state->lines;
        if (*far_word(work, group) != work->nonce + last)
            return "a store to the array is not there";
    }
    if (ops < state->lines && *far_word(work, end) != 0)
        return "a store went past the end";
    for (uint64_t group = ops < NEAR_ROWS ? state->start : end - NEAR_ROWS; group < end; group++)
        for (uint64_t i = 1; i < state->one_in; i++)
            if (state->near[group % NEAR_ROWS][i] != work->nonce + group)
                return "a store to the small block is not there";
    return NULL;
}

static uint64_t bytes(const struct work *work) {
    const struct state *state = work->state;
    return 8 * state->one_in;
}

static const struct axis axes[] = {
    {"one_in", AXIS_NUMBER, {{"1", 0, 0}, {"4", 1, 0}, {"16", 1, 0}, {"64", 1, 0}, {"2", 2, 0}}},
    {"size", AXIS_FOOTPRINT, {{"L3", 0, 0}, {"L2", 1, 0}, {"DRAM", 1, 0}, {"L1", 2, 0}}},
    {0},
};

extern const struct kernel KERNEL_SYMBOL(scatter);
const struct kernel KERNEL_SYMBOL(scatter) = {
    .name = "scatter",
    .family = "memory",
    .summary = "groups of stores, the first to a pseudo-random line, the others to a small block",
    .op = "group",
    .weight = 2,
    .uses = USES_STORE,
    .streams = 1,
    .min_threads = 1,
    .max_threads = 1,
    .state_bytes = sizeof(struct state),
    .axes = axes,
    .setup = setup,
    .prepare = prepare,
    .run = RUN_SYMBOL(scatter),
    .check = check,
    .bytes = bytes,
};
