/* SPDX-License-Identifier: MIT
 *
 * false_sharing: each thread counts in a word of its own, `distance` bytes from its neighbours':
 * on the same line (8), on the next (64), or where neither a 128-byte line nor a prefetcher that
 * fetches lines in pairs joins them (128). Nothing is shared but the line, so what a store that
 * waits for its line keeps waiting is seen apart from any algorithm.
 */
#include "access.h"
#include "pattern.h"

enum { MAX_THREADS = 256 };

struct state {
    LINE_ALIGNED uint8_t memory[MAX_THREADS * LINE_BYTES];
    LINE_ALIGNED uint64_t distance; /* never written while it runs */
};

ALWAYS_INLINE uint64_t *word(struct state *state, uint64_t distance, unsigned thread) {
    return (uint64_t *)(void *)(state->memory + thread * distance);
}

static void setup(struct work *work, unsigned thread) {
    struct state *state = work->state;
    if (thread == 0)
        state->distance = param_number(work->params, "distance");
    *word(state, state->distance, thread) = 0;
}

static void prepare(struct work *work, uint64_t ops) {
    (void)ops;
    struct state *state = work->state;
    for (unsigned i = 0; i < work->threads; i++)
        *word(state, state->distance, i) = pattern_random(work->nonce, i);
}

void RUN_SYMBOL(false_sharing)(struct work *work, unsigned thread, uint64_t ops) {
    struct state *state = private_load_pointer(&work->state);
    uint64_t *own = word(state, private_load64(&state->distance), thread);
    for (; ops; ops--)
        data_store64(own, data_load64(own) + 1);
}

static const char *check(struct work *work, uint64_t ops) {
    struct state *state = work->state;
    for (unsigned i = 0; i < work->threads; i++)
        if (*word(state, state->distance, i) != pattern_random(work->nonce, i) + ops)
            return "an increment was lost";
    return NULL;
}

static const struct axis axes[] = {
    {"distance", AXIS_NUMBER, {{"8", 0, 0}, {"64", 1, 0}, {"128", 1, 0}}},
    {0},
};

extern const struct kernel KERNEL_SYMBOL(false_sharing);
const struct kernel KERNEL_SYMBOL(false_sharing) = {
    .name = "false_sharing",
    .family = "messages",
    .summary = "each thread increments a word of its own, near the others'",
    .op = "increment",
    .weight = 1,
    .uses = USES_LOAD | USES_STORE,
    .min_threads = 2,
    .max_threads = MAX_THREADS,
    .state_bytes = sizeof(struct state),
    .axes = axes,
    .setup = setup,
    .prepare = prepare,
    .run = RUN_SYMBOL(false_sharing),
    .check = check,
};
