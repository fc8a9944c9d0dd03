/* SPDX-License-Identifier: MIT
 *
 * dekker_lock: Dekker's algorithm, the first for two threads (Dijkstra, "Cooperating sequential
 * processes", 1965): each says that it wants the lock and looks whether the other does, a store
 * before a load, which needs a fence even on TSO. If both want it, whose turn it is not steps
 * back.
 */
#define SPIN_ON_SEVERAL
#include "critical.h"

struct side {
    LINE_ALIGNED uint32_t wants;
};

struct state {
    struct critical critical;
    struct side side[2];
    LINE_ALIGNED uint32_t turn;
};

struct holder {
    struct side *mine, *other;
    uint32_t *turn;
    uint32_t me;
    enum spin spin;
};

ALWAYS_INLINE void lock(void *context) {
    struct holder *holder = context;
    for (;;) {
        sync_store32(&holder->mine->wants, 1);
        sync_fence();
        for (;;) {
            if (sync_load32(&holder->other->wants) == 0)
                return;
            if (sync_load32(holder->turn) != holder->me)
                break;
            spin_on32(holder->spin, &holder->other->wants, 1);
        }
        sync_store32(&holder->mine->wants, 0);
        while (sync_load32(holder->turn) != holder->me)
            spin_on32(holder->spin, holder->turn, 1 - holder->me);
    }
}

ALWAYS_INLINE void unlock(void *context) {
    struct holder *holder = context;
    sync_store32(holder->turn, 1 - holder->me);
    sync_store32(&holder->mine->wants, 0);
}

ALWAYS_INLINE void spinning(struct work *work, unsigned thread, uint64_t ops, enum spin spin) {
    struct state *state = private_load_pointer(&work->state);
    struct holder holder = {&state->side[thread], &state->side[1 - thread], &state->turn, thread,
                            spin};
    critical_exclusive(work, thread, ops, &holder, lock, unlock);
}
SPIN_RUNS(dekker_lock, spinning)

CRITICAL_REFERENCES(dekker_lock)

VARIANTS(CRITICAL_VARIANTS(dekker_lock))

LOCK_KERNEL(dekker_lock, 1, .summary = "Dekker's lock for two threads around some words",
            .op = "lock and unlock", .weight = 2, .uses = USES_LOAD | USES_STORE | USES_FENCE,
            .max_threads = 2, .axes = critical_axes, .setup = critical_setup)
