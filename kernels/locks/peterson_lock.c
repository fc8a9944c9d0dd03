/* SPDX-License-Identifier: MIT
 *
 * peterson_lock: two threads exclude each other without a read-modify-write (Peterson, "Myths
 * about the mutual exclusion problem", 1981). Each must see the other's wish or be seen, a store
 * before a load: the one order that TSO does not give, so that it needs a fence even there.
 */
#define SPIN_ON_SEVERAL
#include "critical.h"

struct side {
    LINE_ALIGNED uint32_t wants;
};

struct state {
    struct critical critical;
    struct side side[2];
    LINE_ALIGNED uint32_t waits; /* who asked last */
};

struct holder {
    struct side *mine, *other;
    uint32_t *waits;
    uint32_t me;
    enum spin spin;
};

ALWAYS_INLINE void lock(void *context) {
    struct holder *holder = context;
    sync_store32(&holder->mine->wants, 1);
    sync_store32(holder->waits, holder->me);
    sync_fence();
    while (sync_load32(&holder->other->wants) && sync_load32(holder->waits) == holder->me)
        spin_on32(holder->spin, &holder->other->wants, 1);
}

ALWAYS_INLINE void unlock(void *context) {
    struct holder *holder = context;
    sync_store32(&holder->mine->wants, 0);
}

ALWAYS_INLINE void spinning(struct work *work, unsigned thread, uint64_t ops, enum spin spin) {
    struct state *state = private_load_pointer(&work->state);
    struct holder holder = {&state->side[thread], &state->side[1 - thread], &state->waits, thread,
                            spin};
    critical_exclusive(work, thread, ops, &holder, lock, unlock);
}
SPIN_RUNS(peterson_lock, spinning)

CRITICAL_REFERENCES(peterson_lock)

VARIANTS(CRITICAL_VARIANTS(peterson_lock))

LOCK_KERNEL(peterson_lock, 0, .summary = "Peterson's lock for two threads around some words",
            .op = "lock and unlock", .weight = 1, .uses = USES_LOAD | USES_STORE | USES_FENCE,
            .max_threads = 2, .axes = critical_axes, .setup = critical_setup)
