/* SPDX-License-Identifier: MIT
 *
 * clh_lock: a queue lock (Craig, 1993; Magnusson, Landin and Hagersten, "Queue locks on cache
 * coherent multiprocessors", 1994): each who waits spins on the node of its predecessor, and goes
 * on with that node as its own. First come, first served; to unlock is one store.
 */
#include "critical.h"

#include <ck_spinlock.h>

struct node {
    LINE_ALIGNED uint64_t held;
};

/* One node more than threads: the lock keeps that of its last holder. */
struct state {
    struct critical critical;
    LINE_ALIGNED struct node *tail;
    struct node nodes[MOST_THREADS + 1];
    LINE_ALIGNED ck_spinlock_clh_t *ck;
    struct {
        LINE_ALIGNED ck_spinlock_clh_t node;
    } ck_nodes[MOST_THREADS + 1];
};

struct holder {
    uint64_t *tail;
    struct node *node, *before;
    enum spin spin;
};

static void setup(struct work *work, unsigned thread) {
    struct state *state = work->state;
    critical_setup(work, thread);
    if (thread == 0) {
        state->tail = &state->nodes[MOST_THREADS];
        ck_spinlock_clh_init(&state->ck, &state->ck_nodes[MOST_THREADS].node);
    }
    state->critical.own[thread].node = &state->nodes[thread];
    state->critical.own[thread].reference_node = &state->ck_nodes[thread].node;
}

ALWAYS_INLINE void lock(void *context) {
    struct holder *holder = context;
    data_store64(&holder->node->held, 1);
    holder->before = (struct node *)sync_exchange64(holder->tail, (uint64_t)holder->node);
    uint64_t held;
    while ((held = sync_load64(&holder->before->held)) != 0)
        spin_on64(holder->spin, &holder->before->held, held);
}

ALWAYS_INLINE void unlock(void *context) {
    struct holder *holder = context;
    sync_store64(&holder->node->held, 0);
    holder->node = holder->before;
}

ALWAYS_INLINE void spinning(struct work *work, unsigned thread, uint64_t ops, enum spin spin) {
    struct state *state = private_load_pointer(&work->state);
    struct own *own = &state->critical.own[thread];
    struct holder holder = {(uint64_t *)(void *)&state->tail, private_load_pointer(&own->node),
                            NULL, spin};
    critical_exclusive(work, thread, ops, &holder, lock, unlock);
    private_store64((uint64_t *)(void *)&own->node, (uint64_t)holder.node);
}
SPIN_RUNS(clh_lock, spinning)

struct holder_ck {
    ck_spinlock_clh_t **tail, *node;
};

static void lock_ck(void *context) {
    struct holder_ck *holder = context;
    ck_spinlock_clh_lock(holder->tail, holder->node);
}
static void unlock_ck(void *context) {
    struct holder_ck *holder = context;
    ck_spinlock_clh_unlock(&holder->node);
}
void REFERENCE_SYMBOL(clh_lock_ck)(struct work *work, unsigned thread, uint64_t ops) {
    struct state *state = work->state;
    struct own *own = &state->critical.own[thread];
    struct holder_ck holder = {&state->ck, own->reference_node};
    critical_exclusive(work, thread, ops, &holder, lock_ck, unlock_ck);
    own->reference_node = holder.node;
}

CRITICAL_REFERENCES(clh_lock)

VARIANTS(CRITICAL_VARIANTS(clh_lock),
         {"ck-clh", VARIANT_REFERENCE, 0, REFERENCE_SYMBOL(clh_lock_ck)})

LOCK_KERNEL(clh_lock, 1, .summary = "CLH queue lock around some words", .op = "lock and unlock",
            .weight = 2, .uses = USES_LOAD | USES_STORE | USES_EXCHANGE,
            .max_threads = MOST_THREADS, .axes = critical_axes, .setup = setup)
