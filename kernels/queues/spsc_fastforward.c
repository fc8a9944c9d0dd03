/* SPDX-License-Identifier: MIT
 *
 * spsc_fastforward: a queue for one producer and one consumer without shared indices: a slot
 * that holds a pointer is full, one that holds NULL is empty (Giacomoni, Moseley and
 * Vachharajani, FastForward, 2008). Elements lie behind the pointers, as messages do: without
 * them there would be nothing to order. A message is free again when its slot is.
 */
#include "spsc.h"

struct queue {
    LINE_ALIGNED uint64_t pushed; /* the producer's own */
    LINE_ALIGNED uint64_t popped; /* the consumer's own */
    LINE_ALIGNED uint64_t slot[MAX_SLOTS];
    LINE_ALIGNED uint64_t message[MAX_SLOTS];
};

struct state {
    struct spsc spsc;
    struct queue queue[2];
};

struct end {
    struct queue *queue;
    uint64_t at;
};

struct side {
    struct end to, from;
    uint64_t mask, slip;
    enum spin spin;
};

ALWAYS_INLINE void push(void *side_, uint64_t value) {
    struct side *side = side_;
    struct end *to = &side->to;
    uint64_t i = to->at++ & side->mask, full;
    while ((full = sync_load64(&to->queue->slot[i])) != 0)
        slip(side->slip, side->spin, &to->queue->slot[i], full);
    data_store64(&to->queue->message[i], value);
    sync_store64(&to->queue->slot[i], (uint64_t)&to->queue->message[i]);
}

ALWAYS_INLINE uint64_t pop(void *side_) {
    struct side *side = side_;
    struct end *from = &side->from;
    uint64_t *slot = &from->queue->slot[from->at++ & side->mask];
    const uint64_t *message;
    while ((message = (const uint64_t *)sync_load64(slot)) == NULL)
        slip(side->slip, side->spin, slot, 0);
    uint64_t value = data_load64(message);
    sync_store64(slot, 0);
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
    if (route.pushes)
        private_store64(&to->pushed, side.to.at);
    if (route.pops)
        private_store64(&from->popped, side.from.at);
}
SPIN_RUNS(spsc_fastforward, spinning)

SPSC_KERNEL(spsc_fastforward,
            .summary = "ring, one producer and one consumer, a full slot is not NULL", .weight = 2)
