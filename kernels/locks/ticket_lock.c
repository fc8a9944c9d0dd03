/* SPDX-License-Identifier: MIT
 *
 * ticket_lock: threads contend for a ticket lock (Mellor-Crummey and Scott, 1991) and increment
 * two counters inside it. Fair, so each thread does its operations in a fixed order of turns, and
 * what is measured is the handover, not the luck of the draw.
 */
#include "access.h"

struct state {
    LINE_ALIGNED uint32_t next; /* beside `serving`, as in most implementations */
    uint32_t serving;
    LINE_ALIGNED uint64_t first; /* two lines, so that the handover carries data */
    LINE_ALIGNED uint64_t second;
};

static void setup(struct work *work, unsigned thread) {
    (void)work;
    (void)thread;
}

static void prepare(struct work *work, uint64_t ops) {
    (void)ops;
    struct state *state = work->state;
    state->first = work->nonce;
    state->second = ~work->nonce;
}

void RUN_SYMBOL(ticket_lock)(struct work *work, unsigned thread, uint64_t ops) {
    (void)thread;
    struct state *state = private_load_pointer(&work->state);
    for (; ops; ops--) {
        uint32_t ticket = sync_fetch_add32(&state->next, 1);
        while (sync_load32(&state->serving) != ticket)
            cpu_relax();
        data_store64(&state->first, data_load64(&state->first) + 1);
        data_store64(&state->second, data_load64(&state->second) + 1);
        sync_store32(&state->serving, ticket + 1);
    }
}

static const char *check(struct work *work, uint64_t ops) {
    const struct state *state = work->state;
    uint64_t increments = ops * work->threads;
    if (state->next != state->serving)
        return "the lock is still held";
    if (state->first - work->nonce != increments || state->second - ~work->nonce != increments)
        return "an increment was lost";
    return NULL;
}

static const struct axis axes[] = {{0}};

extern const struct kernel KERNEL_SYMBOL(ticket_lock);
const struct kernel KERNEL_SYMBOL(ticket_lock) = {
    .name = "ticket_lock",
    .family = "locks",
    .summary = "ticket lock around two counters",
    .op = "lock and unlock",
    .uses = USES_LOAD | USES_STORE | USES_ADD,
    .min_threads = 1,
    .max_threads = 0,
    .state_bytes = sizeof(struct state),
    .axes = axes,
    .setup = setup,
    .prepare = prepare,
    .run = RUN_SYMBOL(ticket_lock),
    .check = check,
};
