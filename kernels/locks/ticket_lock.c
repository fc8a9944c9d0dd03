/* SPDX-License-Identifier: MIT
 *
 * ticket_lock: a ticket lock (Mellor-Crummey and Scott, "Algorithms for scalable synchronization
 * on shared-memory multiprocessors", 1991). Fair: first come, first served, so that what is
 * measured is the handover, not the luck of the draw.
 */
#define SPIN_WEIGHT 2
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
    enum spin spin;
};

ALWAYS_INLINE void lock(void *context) {
    struct holder *holder = context;
    holder->ticket = sync_fetch_add32(&holder->state->next, 1);
    uint32_t serving;
    while ((serving = sync_load32(&holder->state->serving)) != holder->ticket)
        spin_on32(holder->spin, &holder->state->serving, serving);
}

ALWAYS_INLINE void unlock(void *context) {
    struct holder *holder = context;
    sync_store32(&holder->state->serving, holder->ticket + 1);
}

ALWAYS_INLINE void spinning(struct work *work, unsigned thread, uint64_t ops, enum spin spin) {
    struct holder holder = {.state = private_load_pointer(&work->state), .spin = spin};
    critical_exclusive(work, thread, ops, &holder, lock, unlock);
}
SPIN_RUNS(ticket_lock, spinning)

CRITICAL_REFERENCE(ticket_lock, ck, ck, ck_spinlock_ticket_lock, ck_spinlock_ticket_unlock)
CRITICAL_REFERENCES(ticket_lock)

VARIANTS(CRITICAL_VARIANTS(ticket_lock),
         {"ck-ticket", VARIANT_REFERENCE, 0, REFERENCE_SYMBOL(ticket_lock_ck)})

LOCK_KERNEL(ticket_lock, 0, .summary = "ticket lock around some words", .op = "lock and unlock",
            .weight = 1, .uses = USES_LOAD | USES_STORE | USES_ADD, .max_threads = MOST_THREADS,
            .axes = critical_axes, .setup = critical_setup)
