/* SPDX-License-Identifier: MIT
 *
 * mpmc_ring: Vyukov's bounded queue for many producers and many consumers (1024cores.net, 2010).
 * A slot says whose turn it is: its place plus a multiple of the ring's length for producers,
 * one more for consumers; a place is taken by compare-exchange of the index. Of n threads n/2
 * produce and the others consume. The reference is Concurrency Kit's ring.
 */
#include <ck_ring.h>

#include "spin.h"
#include "traffic.h"

enum { MAX_SLOTS = 1024 };

struct queue {
    LINE_ALIGNED uint64_t pushed; /* how many, ever */
    LINE_ALIGNED uint64_t popped;
    LINE_ALIGNED struct slot {
        uint64_t turn;
        uint64_t element;
    } slot[MAX_SLOTS];
};

struct ck_queue {
    LINE_ALIGNED ck_ring_t ring;
    LINE_ALIGNED ck_ring_buffer_t slot[MAX_SLOTS];
};

struct state {
    struct traffic traffic;
    LINE_ALIGNED uint64_t slots; /* a power of two; never written while it runs */
    struct queue queue[2];
    struct ck_queue ck[2];
};

static void setup(struct work *work, unsigned thread) {
    struct state *state = work->state;
    traffic_setup(&state->traffic, thread);
    if (thread)
        return;
    state->slots = param_number(work->params, "slots");
    state->traffic.latency = is_latency(work);
    for (int i = 0; i < 2; i++) {
        ck_ring_init(&state->ck[i].ring, (unsigned)state->slots);
        for (uint64_t slot = 0; slot < state->slots; slot++)
            state->queue[i].slot[slot].turn = slot;
    }
}

struct side {
    struct queue *to, *from;
    uint64_t mask;
    enum spin spin;
};

/* The slot of the next place, and the place, once it is this thread's; `behind`: what the turn
 * of a slot that is ready is on top of its place. */
ALWAYS_INLINE struct slot *take(const struct side *side, struct queue *queue, uint64_t *next,
                                uint64_t behind, uint64_t *place) {
    uint64_t at = sync_load64(next);
    for (;;) {
        struct slot *slot = &queue->slot[at & side->mask];
        uint64_t turn = sync_load64(&slot->turn), ahead = turn - (at + behind);
        if (ahead == 0) {
            uint64_t seen = sync_compare_exchange64(next, at, at + 1);
            if (seen == at) {
                *place = at;
                return slot;
            }
            at = seen;
        } else {
            if ((int64_t)ahead < 0) /* full or empty; else another thread was faster */
                spin_on64(side->spin, &slot->turn, turn);
            at = sync_load64(next);
        }
    }
}

ALWAYS_INLINE void push(void *side_, uint64_t value) {
    struct side *side = side_;
    uint64_t at;
    struct slot *slot = take(side, side->to, &side->to->pushed, 0, &at);
    data_store64(&slot->element, value);
    sync_store64(&slot->turn, at + 1);
}

ALWAYS_INLINE uint64_t pop(void *side_) {
    struct side *side = side_;
    uint64_t at;
    struct slot *slot = take(side, side->from, &side->from->popped, 1, &at);
    uint64_t value = data_load64(&slot->element);
    sync_store64(&slot->turn, at + side->mask + 1);
    return value;
}

ALWAYS_INLINE void spinning(struct work *work, unsigned thread, uint64_t ops, enum spin spin) {
    struct state *state = private_load_pointer(&work->state);
    struct route route = route_of(work, &state->traffic, thread, ops);
    struct side side = {&state->queue[route.to], &state->queue[route.from],
                        private_load64(&state->slots) - 1, spin};
    if (route.latency)
        answer(&route, &side, push, pop);
    else
        split(&route, route.threads / 2, &side, push, pop);
}
SPIN_RUNS(mpmc_ring, spinning)

struct ck_side {
    struct ck_queue *to, *from;
};

ALWAYS_INLINE void ck_push(void *side, uint64_t value) {
    struct ck_queue *to = ((struct ck_side *)side)->to;
    while (!ck_ring_enqueue_mpmc(&to->ring, to->slot, (const void *)value))
        cpu_relax();
}

ALWAYS_INLINE uint64_t ck_pop(void *side) {
    struct ck_queue *from = ((struct ck_side *)side)->from;
    void *value;
    while (!ck_ring_dequeue_mpmc(&from->ring, from->slot, (void *)&value))
        cpu_relax();
    return (uint64_t)value;
}

void REFERENCE_SYMBOL(mpmc_ring_ck)(struct work *work, unsigned thread, uint64_t ops) {
    struct state *state = work->state;
    struct route route = route_of(work, &state->traffic, thread, ops);
    struct ck_side side = {&state->ck[route.to], &state->ck[route.from]};
    if (route.latency)
        answer(&route, &side, ck_push, ck_pop);
    else
        split(&route, route.threads / 2, &side, ck_push, ck_pop);
}

VARIANTS({"ck", VARIANT_REFERENCE, 0, REFERENCE_SYMBOL(mpmc_ring_ck)})

static const struct axis axes[] = {
    {"slots", AXIS_NUMBER, {{"1024", 0, 0}, {"64", 2, 0}}},
    MODE_AXIS,
    SPIN_AXIS,
    {0},
};

QUEUE_KERNEL(mpmc_ring, .summary = "ring, many producers and many consumers",
             .uses = USES_LOAD | USES_STORE | USES_CAS, .max_threads = MOST_THREADS, .axes = axes,
             .setup = setup, .run_at = run_at, .check = queue_check, .variants = variants)
