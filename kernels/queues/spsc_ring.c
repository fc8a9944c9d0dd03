/* SPDX-License-Identifier: MIT
 *
 * spsc_ring: Lamport's queue for one producer and one consumer, each with a private copy of the
 * other's index that it renews only when the ring looks full or empty. One thread pushes and
 * pops in turn: what the code costs; two: what the handover costs too.
 *
 * Elements are numbered, so an element that is lost, doubled, late or early is seen.
 */
#include "access.h"

enum { MAX_SLOTS = 1024 };

struct state {
    LINE_ALIGNED uint64_t pushed;      /* how many, ever: written by the producer */
    LINE_ALIGNED uint64_t popped;      /* written by the consumer */
    LINE_ALIGNED uint64_t seen_popped; /* the producer's copy */
    LINE_ALIGNED uint64_t seen_pushed; /* the consumer's copy */
    uint64_t wrong;                    /* bits in which an element differed from what it must be */
    LINE_ALIGNED uint64_t slots;       /* a power of two; never written while it runs */
    uint64_t start;                    /* pushed before the sample */
    LINE_ALIGNED uint64_t slot[MAX_SLOTS];
};

static void setup(struct work *work, unsigned thread) {
    struct state *state = work->state;
    if (thread == 0)
        state->slots = param_number(work->params, "slots");
}

static void prepare(struct work *work, uint64_t ops) {
    (void)ops;
    struct state *state = work->state;
    state->start = state->pushed;
    state->wrong = 0;
}

/* What push and pop keep in registers. */
struct side {
    struct state *state;
    uint64_t mask, nonce, at, seen, wrong;
};

ALWAYS_INLINE struct side side_of(struct work *work) {
    struct state *state = private_load_pointer(&work->state);
    return (struct side){
        .state = state,
        .mask = private_load64(&state->slots) - 1,
        .nonce = private_load64(&work->nonce),
    };
}

ALWAYS_INLINE void push(struct side *side) {
    struct state *state = side->state;
    while (side->at - side->seen > side->mask) {
        side->seen = sync_load64(&state->popped);
        if (side->at - side->seen > side->mask)
            cpu_relax();
    }
    data_store64(&state->slot[side->at & side->mask], side->nonce + side->at);
    sync_store64(&state->pushed, ++side->at);
}

ALWAYS_INLINE void pop(struct side *side) {
    struct state *state = side->state;
    while (side->seen == side->at) {
        side->seen = sync_load64(&state->pushed);
        if (side->seen == side->at)
            cpu_relax();
    }
    side->wrong |= data_load64(&state->slot[side->at & side->mask]) ^ (side->nonce + side->at);
    sync_store64(&state->popped, ++side->at);
}

void RUN_SYMBOL(spsc_ring)(struct work *work, unsigned thread, uint64_t ops) {
    struct side producer = side_of(work), consumer = producer;
    struct state *state = producer.state;
    int alone = private_load32(&work->threads) == 1;
    producer.at = private_load64(&state->pushed);
    producer.seen = private_load64(&state->seen_popped);
    consumer.at = private_load64(&state->popped);
    consumer.seen = private_load64(&state->seen_pushed);
    if (alone) {
        for (; ops; ops--) {
            push(&producer);
            pop(&consumer);
        }
    } else if (thread == 0) {
        for (; ops; ops--)
            push(&producer);
    } else {
        for (; ops; ops--)
            pop(&consumer);
    }
    if (thread == 0)
        private_store64(&state->seen_popped, producer.seen);
    if (thread == 1 || alone) {
        private_store64(&state->seen_pushed, consumer.seen);
        private_store64(&state->wrong, consumer.wrong | private_load64(&state->wrong));
    }
}

static const char *check(struct work *work, uint64_t ops) {
    const struct state *state = work->state;
    if (state->pushed - state->start != ops || state->popped != state->pushed)
        return "another number of elements went through the ring";
    if (state->wrong)
        return "an element arrived wrong or out of order";
    return NULL;
}

static const struct axis axes[] = {
    {"slots", AXIS_NUMBER, {{"1024", 0, 0}, {"64", 2, 0}}},
    {0},
};

extern const struct kernel KERNEL_SYMBOL(spsc_ring);
const struct kernel KERNEL_SYMBOL(spsc_ring) = {
    .name = "spsc_ring",
    .family = "queues",
    .summary = "ring buffer, one producer and one consumer, 8-byte elements",
    .op = "element",
    .joint = true,
    .uses = USES_LOAD | USES_STORE,
    .min_threads = 1,
    .max_threads = 2,
    .state_bytes = sizeof(struct state),
    .axes = axes,
    .setup = setup,
    .prepare = prepare,
    .run = RUN_SYMBOL(spsc_ring),
    .check = check,
};
