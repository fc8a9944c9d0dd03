/* SPDX-License-Identifier: MIT
 *
 * ticket_lock: a ticket lock (Mellor-Crummey and Scott, "Algorithms for scalable synchronization
 * on shared-memory multiprocessors", 1991). Fair: first come, first served, so that what is
 * measured is the handover, not the luck of the draw.
 */
#include "critical.h"

#include <ck_spinlock.h>

struct state {
    struct critical critical;
    LINE_ALIGNED uint32_t next; /* beside `serving`, as in most implementations */
    uint32_t serving;
    LINE_ALIGNED ck_spinlock_ticket_t ck;
};

/* With one's ticket. */
struct holder {
    struct state *state;
    uint32_t ticket;
};

static void setup(struct work *work, unsigned thread) {
    critical_setup(work, thread);
}

ALWAYS_INLINE void lock(void *context) {
    struct holder *holder = context;
    holder->ticket = sync_fetch_add32(&holder->state->next, 1);
    while (sync_load32(&holder->state->serving) != holder->ticket)
        cpu_relax();
}

ALWAYS_INLINE void unlock(void *context) {
    struct holder *holder = context;
    sync_store32(&holder->state->serving, holder->ticket + 1);
}

void RUN_SYMBOL(ticket_lock)(struct work *work, unsigned thread, uint64_t ops) {
    struct holder holder = {.state = private_load_pointer(&work->state)};
    critical_exclusive(work, thread, ops, &holder, lock, unlock);
}

static void lock_ck(void *holder) {
    ck_spinlock_ticket_lock(holder);
}
static void unlock_ck(void *holder) {
    ck_spinlock_ticket_unlock(holder);
}
void REFERENCE_SYMBOL(ticket_lock_ck)(struct work *work, unsigned thread, uint64_t ops) {
    struct state *state = work->state;
    critical_exclusive(work, thread, ops, &state->ck, lock_ck, unlock_ck);
}

CRITICAL_REFERENCES(ticket_lock)

static const struct variant *variants(const struct params *params) {
    static const struct variant table[] = {
        CRITICAL_VARIANTS(ticket_lock),
        {"ck-ticket", VARIANT_REFERENCE, 0, REFERENCE_SYMBOL(ticket_lock_ck)},
        {0},
    };
    (void)params;
    return table;
}

static const struct axis axes[] = {CRITICAL_AXES, {0}};

extern const struct kernel KERNEL_SYMBOL(ticket_lock);
const struct kernel KERNEL_SYMBOL(ticket_lock) = {
    CRITICAL_KERNEL,
    .name = "ticket_lock",
    .summary = "ticket lock around some words",
    .op = "lock and unlock",
    .weight = 1,
    .extras = &critical_extras[0],
    .uses = USES_LOAD | USES_STORE | USES_ADD,
    .max_threads = MOST_THREADS,
    .state_bytes = sizeof(struct state),
    .axes = axes,
    .setup = setup,
    .run = RUN_SYMBOL(ticket_lock),
    .variants = variants,
};
