/* SPDX-License-Identifier: MIT
 *
 * tas_lock: the simplest lock there is: exchange until the old value says that nobody had it. All
 * who wait write, so the line goes round among them while its holder wants it too.
 */
#include "critical.h"

#include <ck_spinlock.h>

struct state {
    struct critical critical;
    LINE_ALIGNED uint32_t held;
    LINE_ALIGNED ck_spinlock_fas_t ck;
};

ALWAYS_INLINE void lock(void *holder) {
    uint32_t *held = holder;
    while (sync_exchange32(held, 1))
        cpu_relax();
}

ALWAYS_INLINE void unlock(void *holder) {
    uint32_t *held = holder;
    sync_store32(held, 0);
}

void RUN_SYMBOL(tas_lock)(struct work *work, unsigned thread, uint64_t ops) {
    struct state *state = private_load_pointer(&work->state);
    critical_exclusive(work, thread, ops, &state->held, lock, unlock);
}

CRITICAL_REFERENCE(tas_lock, ck, ck, ck_spinlock_fas_lock, ck_spinlock_fas_unlock)
CRITICAL_REFERENCES(tas_lock)

VARIANTS(CRITICAL_VARIANTS(tas_lock),
         {"ck-fas", VARIANT_REFERENCE, 0, REFERENCE_SYMBOL(tas_lock_ck)})

LOCK_KERNEL(tas_lock, 1, .summary = "test-and-set lock around some words", .op = "lock and unlock",
            .weight = 2, .uses = USES_LOAD | USES_STORE | USES_EXCHANGE,
            .max_threads = MOST_THREADS, .axes = critical_axes, .setup = critical_setup)
