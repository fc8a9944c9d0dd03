/* SPDX-License-Identifier: MIT
 *
 * spsc_ring: Lamport's queue for one producer and one consumer, each with a private copy of the
 * other's index that it renews only when the ring looks full or empty (Lee, Bu and Chandranmenon,
 * MCRingBuffer, 2010, without its batches). One thread pushes and pops in turn: what the code
 * costs; two: what the handover costs too.
 */
#define SPIN_WEIGHT 2
#include "spsc.h"

struct queue {
    LINE_ALIGNED uint64_t pushed;      /* how many, ever: written by the producer */
    LINE_ALIGNED uint64_t popped;      /* written by the consumer */
    LINE_ALIGNED uint64_t seen_popped; /* the producer's copy */
    LINE_ALIGNED uint64_t seen_pushed; /* the consumer's copy */
    LINE_ALIGNED uint64_t slot[MAX_SLOTS];
};

struct state {
    struct spsc spsc;
    struct queue queue[2];
};

struct end {
    struct queue *queue;
    uint64_t at, seen;
};

struct side {
    struct end to, from;
    uint64_t mask, slip;
    enum spin spin;
};

ALWAYS_INLINE void push(void *side_, uint64_t value) {
    struct side *side = side_;
    struct end *to = &side->to;
    while (to->at - to->seen > side->mask) {
        to->seen = sync_load64(&to->queue->popped);
        if (to->at - to->seen > side->mask)
            slip(side->slip, side->spin, &to->queue->popped, to->seen);
    }
    data_store64(&to->queue->slot[to->at & side->mask], value);
    sync_store64(&to->queue->pushed, ++to->at);
}

ALWAYS_INLINE uint64_t pop(void *side_) {
    struct side *side = side_;
    struct end *from = &side->from;
    while (from->seen == from->at) {
        from->seen = sync_load64(&from->queue->pushed);
        if (from->seen == from->at)
            slip(side->slip, side->spin, &from->queue->pushed, from->seen);
    }
    uint64_t value = data_load64(&from->queue->slot[from->at & side->mask]);
    sync_store64(&from->queue->popped, ++from->at);
    return value;
}

ALWAYS_INLINE void spinning(struct work *work, unsigned thread, uint64_t ops, enum spin spin) {
    struct state *state = private_load_pointer(&work->state);
    struct route route = route_of(work, &state->spsc.traffic, thread, ops);
    struct queue *to = &state->queue[route.to], *from = &state->queue[route.from];
    struct side side = {
        .to = {to, private_load64(&to->pushed), private_load64(&to->seen_popped)},
        .from = {from, private_load64(&from->popped), private_load64(&from->seen_pushed)},
        .mask = private_load64(&state->spsc.slots) - 1,
        .slip = slip_of(&route),
        .spin = spin,
    };
    stream(&route, &side, push, pop);
    if (route.pushes)
        private_store64(&to->seen_popped, side.to.seen);
    if (route.pops)
        private_store64(&from->seen_pushed, side.from.seen);
}
SPIN_RUNS(spsc_ring, spinning)

SPSC_KERNEL(spsc_ring,
            .summary = "ring, one producer and one consumer, each with a copy of the other's index")
