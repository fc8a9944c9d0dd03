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

struct holder {
    uint32_t *held;
    enum spin spin;
};

ALWAYS_INLINE void lock(void *context) {
    struct holder *holder = context;
    while (sync_exchange32(holder->held, 1))
        spin_on32(holder->spin, holder->held, 1);
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
SPIN_RUNS(tas_lock, spinning)

CRITICAL_REFERENCE(tas_lock, ck, ck, ck_spinlock_fas_lock, ck_spinlock_fas_unlock)
CRITICAL_REFERENCES(tas_lock)

VARIANTS(CRITICAL_VARIANTS(tas_lock),
         {"ck-fas", VARIANT_REFERENCE, 0, REFERENCE_SYMBOL(tas_lock_ck)})

LOCK_KERNEL(tas_lock, 1, .summary = "test-and-set lock around some words", .op = "lock and unlock",
            .weight = 2, .uses = USES_LOAD | USES_STORE | USES_EXCHANGE,
            .max_threads = MOST_THREADS, .axes = critical_axes, .setup = critical_setup)
