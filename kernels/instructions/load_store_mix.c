/* SPDX-License-Identifier: MIT
 *
 * load_store_mix: groups of some loads and one store, two arrays walked round and round. Loads
 * and stores of one lowering meet here as they do in programs: a barrier before the store may
 * wait for the loads, a barrier after the load for the store.
 *
 * The store's value is the sum of the group's loads, so every load is needed and checked. A
 * group's place in the stored array is its number, in the loaded one its number times the loads.
 */
#include "element.h"
#include "pattern.h"

enum { UNROLL = 16, PROBES = 16 };

struct state {
    uint64_t loads;  /* of a group */
    uint64_t groups; /* in the arrays: a multiple of UNROLL */
    uint64_t cursor; /* the next group */
    uint64_t start;  /* cursor before the sample */
};

static void setup(struct work *work, unsigned thread) {
    (void)thread;
    struct state *state = work->state;
    state->loads = (uint64_t)(param_word(work->params, "mix")[0] - '0');
    state->groups = work->footprint / 8 / state->loads / UNROLL * UNROLL;
    pattern_fill(work->arena, 2 * work->footprint);
}

static uint64_t *stored(const struct work *work, uint64_t group) {
    return (uint64_t *)(void *)(work->arena + work->footprint) + group;
}

static uint64_t sum(const struct state *state, uint64_t group) {
    uint64_t sum = 0;
    for (uint64_t i = 0; i < state->loads; i++)
        sum += pattern_word(group * state->loads + i);
    return sum;
}

/* The groups that check looks at: first and last of the sample, and some in between. */
static uint64_t probe(const struct work *work, uint64_t ops, uint64_t i) {
    const struct state *state = work->state;
    uint64_t op = i == 0 ? 0 : i == 1 ? ops - 1 : pattern_random(work->nonce, i) % ops;
    return (state->start + op) % state->groups;
}

/* Spoils what the sample must write, and the place it must not reach. */
static void prepare(struct work *work, uint64_t ops) {
    struct state *state = work->state;
    state->start = state->cursor;
    for (uint64_t i = 0; i < PROBES; i++) {
        uint64_t group = probe(work, ops, i);
        *stored(work, group) = ~sum(state, group);
    }
    uint64_t end = (state->start + ops) % state->groups;
    *stored(work, end) = ~sum(state, end);
}

ALWAYS_INLINE void group(const uint64_t *from, uint64_t *to, unsigned loads) {
    uint64_t sum = data_load64(from);
#pragma GCC unroll 4
    for (unsigned i = 1; i < loads; i++)
        sum += data_load64(from + i);
    data_store64(to, sum);
}

/* With a constant number of loads this is one loop. */
ALWAYS_INLINE void walk(struct work *work, uint64_t ops, unsigned loads) {
    struct state *state = private_load_pointer(&work->state);
    const uint64_t *from_begin = private_load_pointer(&work->arena);
    uint64_t *to_begin = (uint64_t *)((uint64_t)from_begin + private_load64(&work->footprint));
    uint64_t *to_end = to_begin + private_load64(&state->groups), cursor;
    cursor = private_load64(&state->cursor);
    const uint64_t *from = from_begin + cursor * loads;
    uint64_t *to = to_begin + cursor;

    /* To a multiple of UNROLL groups, then round and round, then what remains. */
    for (; ops && (uint64_t)(to - to_begin) % UNROLL; ops--, from += loads, to++)
        group(from, to, loads);
    for (;; ops -= UNROLL) {
        if (to == to_end) {
            from = from_begin;
            to = to_begin;
        }
        if (ops < UNROLL)
            break;
#pragma GCC unroll 16
        for (unsigned i = 0; i < UNROLL; i++)
            group(from + i * loads, to + i, loads);
        from += UNROLL * loads;
        to += UNROLL;
    }
    for (; ops; ops--, from += loads, to++)
        group(from, to, loads);
    private_store64(&state->cursor, (uint64_t)(to - to_begin));
}

void RUN_SYMBOL(load_store_mix)(struct work *work, unsigned thread, uint64_t ops) {
    (void)thread;
    struct state *state = private_load_pointer(&work->state);
    switch (private_load64(&state->loads)) {
    case 1:
        return walk(work, ops, 1);
    case 2:
        return walk(work, ops, 2);
    default:
        return walk(work, ops, 3);
    }
}

static const char *check(struct work *work, uint64_t ops) {
    const struct state *state = work->state;
    uint64_t end = (state->start + ops) % state->groups;
    if (state->cursor != end)
        return "the walk ended at another group";
    for (uint64_t i = 0; i < PROBES; i++) {
        uint64_t group = probe(work, ops, i);
        if (*stored(work, group) != sum(state, group))
            return "a group's store is not there, or not the sum of its loads";
    }
    if (ops < state->groups && *stored(work, end) != ~sum(state, end))
        return "a store went past the end";
    return NULL;
}

static uint64_t bytes(const struct work *work) {
    const struct state *state = work->state;
    return 8 * (state->loads + 1);
}

static const struct axis axes[] = {
    {"mix", AXIS_WORD, {{"2+1", 0, 0}, {"1+1", 1, 0}, {"3+1", 2, 0}}},
    {"footprint", AXIS_FOOTPRINT, {{"L1", 0, 0}, {"L2", 1, 0}, {"L3", 2, 0}}},
    {0},
};

extern const struct kernel KERNEL_SYMBOL(load_store_mix);
const struct kernel KERNEL_SYMBOL(load_store_mix) = {
    .name = "load_store_mix",
    .family = "instructions",
    .summary = "some 8-byte loads from one array and a store to another, in turn",
    .op = "group",
    .weight = 1,
    .uses = USES_LOAD | USES_STORE,
    .streams = 2,
    .min_threads = 1,
    .max_threads = 1,
    .state_bytes = sizeof(struct state),
    .axes = axes,
    .setup = setup,
    .prepare = prepare,
    .run = RUN_SYMBOL(load_store_mix),
    .check = check,
    .bytes = bytes,
};
