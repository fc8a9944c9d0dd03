/* SPDX-License-Identifier: MIT
 *
 * ttas_lock: test and test-and-set with exponential backoff (Anderson, "The performance of spin
 * lock alternatives for shared-memory multiprocessors", 1990): waits on its own copy of the line,
 * and whoever finds that another was faster stays away for a while, twice as long each time.
 * Unfair: who has just had the lock has its line and gets it again.
 */
#include "critical.h"

#include <ck_spinlock.h>

/* In dependent additions, so cycles: from some tens of ns to about a microsecond. */
enum { SHORTEST_WAIT = 64, LONGEST_WAIT = 4096 };

struct state {
    struct critical critical;
    LINE_ALIGNED uint32_t held;
    LINE_ALIGNED ck_spinlock_cas_t ck;
};

static void setup(struct work *work, unsigned thread) {
    critical_setup(work, thread);
}

ALWAYS_INLINE void lock(void *holder) {
    uint32_t *held = holder;
    for (uint64_t wait = SHORTEST_WAIT;; wait = wait < LONGEST_WAIT ? 2 * wait : wait) {
        while (sync_load32(held))
            cpu_relax();
        if (sync_exchange32(held, 1) == 0)
            return;
        spend(wait);
    }
}

ALWAYS_INLINE void unlock(void *holder) {
    uint32_t *held = holder;
    sync_store32(held, 0);
}

void RUN_SYMBOL(ttas_lock)(struct work *work, unsigned thread, uint64_t ops) {
    struct state *state = private_load_pointer(&work->state);
    critical_exclusive(work, thread, ops, &state->held, lock, unlock);
}

static void lock_ck(void *holder) {
    ck_spinlock_cas_lock_eb(holder);
}
static void unlock_ck(void *holder) {
    ck_spinlock_cas_unlock(holder);
}
void REFERENCE_SYMBOL(ttas_lock_ck)(struct work *work, unsigned thread, uint64_t ops) {
    struct state *state = work->state;
    critical_exclusive(work, thread, ops, &state->ck, lock_ck, unlock_ck);
}

CRITICAL_REFERENCES(ttas_lock)

static const struct variant *variants(const struct params *params) {
    static const struct variant table[] = {
        CRITICAL_VARIANTS(ttas_lock),
        {"ck-cas-backoff", VARIANT_REFERENCE, 0, REFERENCE_SYMBOL(ttas_lock_ck)},
        {0},
    };
    (void)params;
    return table;
}

static const struct axis axes[] = {CRITICAL_AXES, {0}};

extern const struct kernel KERNEL_SYMBOL(ttas_lock);
const struct kernel KERNEL_SYMBOL(ttas_lock) = {
    CRITICAL_KERNEL,
    .name = "ttas_lock",
    .summary = "test and test-and-set lock with backoff around some words",
    .op = "lock and unlock",
    .weight = 1,
    .extras = &critical_extras[1],
    .uses = USES_LOAD | USES_STORE | USES_EXCHANGE,
    .max_threads = MOST_THREADS,
    .state_bytes = sizeof(struct state),
    .axes = axes,
    .setup = setup,
    .run = RUN_SYMBOL(ttas_lock),
    .variants = variants,
};
