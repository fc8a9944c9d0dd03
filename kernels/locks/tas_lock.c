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

static void setup(struct work *work, unsigned thread) {
    critical_setup(work, thread);
}

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

static void lock_ck(void *holder) {
    ck_spinlock_fas_lock(holder);
}
static void unlock_ck(void *holder) {
    ck_spinlock_fas_unlock(holder);
}
void REFERENCE_SYMBOL(tas_lock_ck)(struct work *work, unsigned thread, uint64_t ops) {
    struct state *state = work->state;
    critical_exclusive(work, thread, ops, &state->ck, lock_ck, unlock_ck);
}

CRITICAL_REFERENCES(tas_lock)

static const struct variant *variants(const struct params *params) {
    static const struct variant table[] = {
        CRITICAL_VARIANTS(tas_lock),
        {"ck-fas", VARIANT_REFERENCE, 0, REFERENCE_SYMBOL(tas_lock_ck)},
        {0},
    };
    (void)params;
    return table;
}

static const struct axis axes[] = {CRITICAL_AXES, {0}};

extern const struct kernel KERNEL_SYMBOL(tas_lock);
const struct kernel KERNEL_SYMBOL(tas_lock) = {
    CRITICAL_KERNEL,
    .name = "tas_lock",
    .summary = "test-and-set lock around some words",
    .op = "lock and unlock",
    .weight = 2,
    .extras = &critical_extras[1],
    .uses = USES_LOAD | USES_STORE | USES_EXCHANGE,
    .max_threads = MOST_THREADS,
    .state_bytes = sizeof(struct state),
    .axes = axes,
    .setup = setup,
    .run = RUN_SYMBOL(tas_lock),
    .variants = variants,
};
