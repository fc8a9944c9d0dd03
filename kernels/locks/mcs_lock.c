/* SPDX-License-Identifier: MIT
 *
 * mcs_lock: a queue lock (Mellor-Crummey and Scott, "Algorithms for scalable synchronization on
 * shared-memory multiprocessors", 1991): each who waits spins on its own node, which its
 * predecessor writes. First come, first served.
 */
#define SPIN_WEIGHT 2
#include "critical.h"

#include <ck_spinlock.h>

struct node {
    LINE_ALIGNED struct node *next;
    uint64_t waits;
};

struct state {
    struct critical critical;
    LINE_ALIGNED struct node *tail;
    struct node nodes[MOST_THREADS];
    LINE_ALIGNED ck_spinlock_mcs_t ck;
    struct {
        LINE_ALIGNED ck_spinlock_mcs_context_t node;
    } ck_nodes[MOST_THREADS];
};

struct holder {
    uint64_t *tail;
    struct node *node;
    enum spin spin;
};

/* A pointer, as access.h moves it: a number. */
ALWAYS_INLINE uint64_t *place_of_next(struct node *node) {
    return (uint64_t *)(void *)&node->next;
}

ALWAYS_INLINE void lock(void *context) {
    struct holder *holder = context;
    struct node *node = holder->node;
    data_store64(place_of_next(node), 0);
    data_store64(&node->waits, 1);
    struct node *before = (struct node *)sync_exchange64(holder->tail, (uint64_t)node);
    if (before == NULL)
        return;
    sync_store64(place_of_next(before), (uint64_t)node);
    uint64_t waits;
    while ((waits = sync_load64(&node->waits)) != 0)
        spin_on64(holder->spin, &node->waits, waits);
}

ALWAYS_INLINE void unlock(void *context) {
    struct holder *holder = context;
    struct node *node = holder->node, *next = (struct node *)sync_load64(place_of_next(node));
    if (next == NULL) {
        if (sync_compare_exchange64(holder->tail, (uint64_t)node, 0) == (uint64_t)node)
            return;
        /* Somebody has come and has not said yet who. */
        while ((next = (struct node *)sync_load64(place_of_next(node))) == NULL)
            spin_on64(holder->spin, place_of_next(node), 0);
    }
    sync_store64(&next->waits, 0);
}

ALWAYS_INLINE void spinning(struct work *work, unsigned thread, uint64_t ops, enum spin spin) {
    struct state *state = private_load_pointer(&work->state);
    struct holder holder = {(uint64_t *)(void *)&state->tail, &state->nodes[thread], spin};
    critical_exclusive(work, thread, ops, &holder, lock, unlock);
}
SPIN_RUNS(mcs_lock, spinning)

struct holder_ck {
    ck_spinlock_mcs_t *tail;
    ck_spinlock_mcs_context_t *node;
};

static void lock_ck(void *context) {
    struct holder_ck *holder = context;
    ck_spinlock_mcs_lock(holder->tail, holder->node);
}
static void unlock_ck(void *context) {
    struct holder_ck *holder = context;
    ck_spinlock_mcs_unlock(holder->tail, holder->node);
}
void REFERENCE_SYMBOL(mcs_lock_ck)(struct work *work, unsigned thread, uint64_t ops) {
    struct state *state = work->state;
    struct holder_ck holder = {&state->ck, &state->ck_nodes[thread].node};
    critical_exclusive(work, thread, ops, &holder, lock_ck, unlock_ck);
}

CRITICAL_REFERENCES(mcs_lock)

VARIANTS(CRITICAL_VARIANTS(mcs_lock),
         {"ck-mcs", VARIANT_REFERENCE, 0, REFERENCE_SYMBOL(mcs_lock_ck)})

LOCK_KERNEL(mcs_lock, 1, .summary = "MCS queue lock around some words", .op = "lock and unlock",
            .weight = 1, .uses = USES_LOAD | USES_STORE | USES_EXCHANGE | USES_CAS,
            .max_threads = MOST_THREADS, .axes = critical_axes, .setup = critical_setup)
