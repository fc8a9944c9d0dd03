/* SPDX-License-Identifier: MIT
 *
 * spsc_lamport: Lamport's queue for one producer and one consumer (Proving the correctness of
 * multiprocess programs, 1977): two indices that both sides look at in every operation, so that
 * their lines go to and fro with every element. spsc_ring is the same with copies of the indices.
 */
#include "spsc.h"

struct queue {
    LINE_ALIGNED uint64_t pushed; /* how many, ever: written by the producer */
    LINE_ALIGNED uint64_t popped; /* written by the consumer */
    LINE_ALIGNED uint64_t slot[MAX_SLOTS];
};

struct state {
    struct spsc spsc;
    struct queue queue[2];
};

struct end {
    struct queue *queue;
    uint64_t at; /* its own index, which nobody else writes */
};

struct side {
    struct end to, from;
    uint64_t mask, slip;
    enum spin spin;
};

ALWAYS_INLINE void push(void *side_, uint64_t value) {
    struct side *side = side_;
    struct end *to = &side->to;
    uint64_t popped;
    while (to->at - (popped = sync_load64(&to->queue->popped)) > side->mask)
        slip(side->slip, side->spin, &to->queue->popped, popped);
    data_store64(&to->queue->slot[to->at & side->mask], value);
    sync_store64(&to->queue->pushed, ++to->at);
}

ALWAYS_INLINE uint64_t pop(void *side_) {
    struct side *side = side_;
    struct end *from = &side->from;
    while (sync_load64(&from->queue->pushed) == from->at)
        slip(side->slip, side->spin, &from->queue->pushed, from->at);
    uint64_t value = data_load64(&from->queue->slot[from->at & side->mask]);
    sync_store64(&from->queue->popped, ++from->at);
    return value;
}

ALWAYS_INLINE void spinning(struct work *work, unsigned thread, uint64_t ops, enum spin spin) {
    struct state *state = private_load_pointer(&work->state);
    struct route route = route_of(work, &state->spsc.traffic, thread, ops);
    struct queue *to = &state->queue[route.to], *from = &state->queue[route.from];
    struct side side = {
        .to = {to, private_load64(&to->pushed)},
        .from = {from, private_load64(&from->popped)},
        .mask = private_load64(&state->spsc.slots) - 1,
        .slip = slip_of(&route),
        .spin = spin,
    };
    stream(&route, &side, push, pop);
}
SPIN_RUNS(spsc_lamport, spinning)

SPSC_KERNEL(spsc_lamport, .summary = "ring, one producer and one consumer that share two indices",
            .weight = 2)
