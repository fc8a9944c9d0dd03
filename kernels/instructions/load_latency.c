/* SPDX-License-Identifier: MIT
 *
 * load_latency: a pointer chase. Each load's address is the value of the load before it, so the
 * time of one is its latency, and what an ordered load adds to it.
 *
 * One node every LINE_BYTES, so that neither an adjacent-line prefetcher nor a 128-byte line
 * brings a second one. The order is a full-period generator x -> A x + C modulo a power of two
 * (Hull and Dobell, 1962: C odd, A = 1 mod 4), so setup writes memory in sequence, and check can
 * jump ahead. The low bits of such a generator have short periods; folding the high half of x
 * into the low half hides them from prefetchers, and is its own inverse.
 */
#include "access.h"
#include "chase.h"

/* Steele and Vigna, "Computationally easy, spectrally good multipliers for congruential
 * pseudorandom number generators", 2021. */
static const uint64_t A = UINT64_C(0xd1342543de82ef95), C = UINT64_C(0x9e3779b97f4a7c15);

enum { UNROLL = 16 };

static uint64_t fold(uint64_t x, uint64_t nodes) {
    unsigned bits = (unsigned)__builtin_ctzll(nodes);
    return x ^ (x >> (bits + 1) / 2);
}

static void setup(struct work *work, unsigned thread) {
    (void)thread;
    struct chase *state = work->state;
    state->nodes = UINT64_C(1) << (63 - __builtin_clzll(work->footprint / LINE_BYTES));
    for (uint64_t place = 0; place < state->nodes; place++) {
        uint64_t next = fold((A * fold(place, state->nodes) + C) % state->nodes, state->nodes);
        *(uint64_t *)(void *)(work->arena + place * LINE_BYTES) =
            (uint64_t)(work->arena + next * LINE_BYTES);
    }
    state->cursor = (uint64_t)work->arena;
}

static void prepare(struct work *work, uint64_t ops) {
    (void)ops;
    struct chase *state = work->state;
    state->start = state->cursor;
}

void RUN_SYMBOL(load_latency)(struct work *work, unsigned thread, uint64_t ops) {
    (void)thread;
    struct chase *state = private_load_pointer(&work->state);
    uint64_t node = private_load64(&state->cursor);
    for (; ops >= UNROLL; ops -= UNROLL)
#pragma GCC unroll 16
        for (int i = 0; i < UNROLL; i++)
            node = data_load64((const uint64_t *)node);
    for (; ops; ops--)
        node = data_load64((const uint64_t *)node);
    private_store64(&state->cursor, node);
}

/* `steps` steps of the generator at once: A x + C composed with itself by doubling. */
static uint64_t jump(uint64_t x, uint64_t steps) {
    uint64_t a = A, c = C;
    for (; steps; steps >>= 1) {
        if (steps & 1)
            x = a * x + c;
        c *= a + 1;
        a *= a;
    }
    return x;
}

static const char *check(struct work *work, uint64_t ops) {
    const struct chase *state = work->state;
    uint64_t place = (state->start - (uint64_t)work->arena) / LINE_BYTES;
    uint64_t end = fold(jump(fold(place, state->nodes), ops) % state->nodes, state->nodes);
    if (state->cursor != (uint64_t)(work->arena + end * LINE_BYTES))
        return "the chase ended at another node";
    return NULL;
}

static const struct axis axes[] = {
    {"footprint", AXIS_FOOTPRINT, {{"L1", 0, 0}, {"L2", 1, 0}, {"L3", 1, 0}, {"DRAM", 1, 0}}},
    {0},
};

extern const struct kernel KERNEL_SYMBOL(load_latency);
const struct kernel KERNEL_SYMBOL(load_latency) = {
    .name = "load_latency",
    .family = "instructions",
    .summary = "pointer chase: each load waits for the one before it",
    .op = "load",
    .weight = 1,
    .uses = USES_LOAD,
    .streams = 1,
    .min_threads = 1,
    .max_threads = 1,
    .state_bytes = sizeof(struct chase),
    .axes = axes,
    .setup = setup,
    .prepare = prepare,
    .run = RUN_SYMBOL(load_latency),
    .check = check,
};
