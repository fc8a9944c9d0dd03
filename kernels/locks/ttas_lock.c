/* SPDX-License-Identifier: MIT
 *
 * ttas_lock: test and test-and-set with exponential backoff (Anderson, "The performance of spin
 * lock alternatives for shared-memory multiprocessors", 1990): waits on its own copy of the line,
 * and whoever finds that another was faster stays away for a while, twice as long each time.
 * Unfair: who has just had the lock has its line and gets it again.
 */
#define SPIN_WEIGHT 2
#include "critical.h"

#include <ck_spinlock.h>

/* In dependent additions, so cycles: from some tens of ns to about a microsecond. */
enum { SHORTEST_WAIT = 64, LONGEST_WAIT = 4096 };

struct state {
    struct critical critical;
    LINE_ALIGNED uint32_t held;
    LINE_ALIGNED ck_spinlock_cas_t ck;
};

struct holder {
    uint32_t *held;
    enum spin spin;
};

ALWAYS_INLINE void lock(void *context) {
    struct holder *holder = context;
    for (uint64_t wait = SHORTEST_WAIT;; wait = wait < LONGEST_WAIT ? 2 * wait : wait) {
        uint32_t held;
        while ((held = sync_load32(holder->held)) != 0)
            spin_on32(holder->spin, holder->held, held);
        if (sync_exchange32(holder->held, 1) == 0)
            return;
        spend(wait);
    }
}

ALWAYS_INLINE void unlock(void *context) {
    struct holder *holder = context;
    sync_store32(holder->held, 0);
}

ALWAYS_INLINE void spinning(struct work *work, unsigned thread, uint64_t ops, enum spin spin) {
    struct state *state = private_load_pointer(&work->state);
    struct holder holder = {&state->held, spin};
    critical_exclusive(work, thread, ops, &holder, lock, unlock);
}
SPIN_RUNS(ttas_lock, spinning)

CRITICAL_REFERENCE(ttas_lock, ck, ck, ck_spinlock_cas_lock_eb, ck_spinlock_cas_unlock)
CRITICAL_REFERENCES(ttas_lock)

VARIANTS(CRITICAL_VARIANTS(ttas_lock),
         {"ck-cas-backoff", VARIANT_REFERENCE, 0, REFERENCE_SYMBOL(ttas_lock_ck)})

LOCK_KERNEL(ttas_lock, 1, .summary = "test and test-and-set lock with backoff around some words",
            .op = "lock and unlock", .weight = 1, .uses = USES_LOAD | USES_STORE | USES_EXCHANGE,
            .max_threads = MOST_THREADS, .axes = critical_axes, .setup = critical_setup)
