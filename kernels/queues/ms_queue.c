/* SPDX-License-Identifier: MIT
 *
 * ms_queue: the linked queue of Michael and Scott (Simple, fast, and practical non-blocking and
 * blocking concurrent queue algorithms, 1996), measured as they did: each thread pushes and pops
 * in turn. The node that a pop frees is what the thread pushes next, so there is no allocator.
 *
 * A link is the index of a node and a count of its changes, 32 bits each, against ABA: then it is
 * read and exchanged whole by instructions that every core has; treiber_stack shows what 16 bytes
 * cost. The reference, Concurrency Kit's fifo, has links of 16 bytes.
 */
#include <ck_fifo.h>

#include "spin.h"
#include "traffic.h"

enum { NODES = MOST_THREADS + 3 }; /* index 0 is none; a queue holds one that was popped */

struct node {
    LINE_ALIGNED uint64_t next; /* a link */
    uint64_t element;
};

struct queue {
    LINE_ALIGNED uint64_t head; /* links */
    LINE_ALIGNED uint64_t tail;
};

/* Concurrency Kit has this queue where its headers know a 16-byte compare and exchange. */
#ifdef CK_F_FIFO_MPMC
struct ck_node {
    LINE_ALIGNED ck_fifo_mpmc_entry_t entry;
};
#endif

struct state {
    struct traffic traffic;
    struct queue queue[2];
    struct node node[NODES];
#ifdef CK_F_FIFO_MPMC
    LINE_ALIGNED ck_fifo_mpmc_t ck[2];
    struct ck_node ck_node[NODES];
#endif
};

/* In kept: the index of the thread's node, with the count of its next. */
static void setup(struct work *work, unsigned thread) {
    struct state *state = work->state;
    struct books *books = &state->traffic.books[thread];
    traffic_setup(&state->traffic, thread);
    books->kept[0] = thread + 3;
#ifdef CK_F_FIFO_MPMC
    books->kept[1] = (uint64_t)&state->ck_node[thread + 3].entry;
    for (unsigned i = 0; i < 2 && thread == 0; i++)
        ck_fifo_mpmc_init(&state->ck[i], &state->ck_node[i + 1].entry);
#endif
    if (thread)
        return;
    state->traffic.latency = is_latency(work);
    for (unsigned i = 0; i < 2; i++)
        state->queue[i].head = state->queue[i].tail = i + 1;
}

ALWAYS_INLINE uint32_t index_of(uint64_t link) {
    return (uint32_t)link;
}

/* What follows `link` in the same place, with another index. */
ALWAYS_INLINE uint64_t relinked(uint64_t link, uint32_t index) {
    return ((link >> 32) + 1) << 32 | index;
}

struct side {
    struct queue *to, *from;
    struct node *nodes;
    uint64_t spare; /* as kept */
    enum spin spin;
};

ALWAYS_INLINE void push(void *side_, uint64_t value) {
    struct side *side = side_;
    struct queue *queue = side->to;
    uint32_t index = index_of(side->spare);
    struct node *node = &side->nodes[index];
    uint64_t tail;
    sync_store64(&node->next, side->spare >> 32 << 32);
    data_store64(&node->element, value);
    for (;;) {
        tail = sync_load64(&queue->tail);
        uint64_t *end = &side->nodes[index_of(tail)].next;
        uint64_t next = sync_load64(end);
        if (tail != sync_load64(&queue->tail))
            continue;
        if (index_of(next)) /* another thread has pushed, but not moved the tail */
            sync_compare_exchange64(&queue->tail, tail, relinked(tail, index_of(next)));
        else if (sync_compare_exchange64(end, next, relinked(next, index)) == next)
            break;
    }
    sync_compare_exchange64(&queue->tail, tail, relinked(tail, index));
}

ALWAYS_INLINE uint64_t pop(void *side_) {
    struct side *side = side_;
    struct queue *queue = side->from;
    for (;;) {
        uint64_t head = sync_load64(&queue->head), tail = sync_load64(&queue->tail);
        const uint64_t *first = &side->nodes[index_of(head)].next;
        uint64_t next = sync_load64(first);
        if (head != sync_load64(&queue->head))
            continue;
        if (index_of(next) == 0) {
            spin_on64(side->spin, first, next); /* empty */
        } else if (index_of(head) == index_of(tail)) {
            sync_compare_exchange64(&queue->tail, tail, relinked(tail, index_of(next)));
        } else {
            /* Before the exchange: then another thread may own the node. What is read while it
             * does is not used, since the exchange fails. */
            uint64_t value = data_load64(&side->nodes[index_of(next)].element);
            if (sync_compare_exchange64(&queue->head, head, relinked(head, index_of(next))) ==
                head) {
                side->spare = next >> 32 << 32 | index_of(head);
                return value;
            }
        }
    }
}

ALWAYS_INLINE void spinning(struct work *work, unsigned thread, uint64_t ops, enum spin spin) {
    struct state *state = private_load_pointer(&work->state);
    struct route route = route_of(work, &state->traffic, thread, ops);
    uint64_t *kept = &route.books->kept[0];
    struct side side = {&state->queue[route.to], &state->queue[route.from], state->node,
                        private_load64(kept), spin};
    if (route.latency)
        answer(&route, &side, push, pop);
    else
        pairs(&route, true, &side, push, pop);
    private_store64(kept, side.spare);
}
SPIN_RUNS(ms_queue, spinning)

#ifdef CK_F_FIFO_MPMC
struct ck_side {
    ck_fifo_mpmc_t *to, *from;
    ck_fifo_mpmc_entry_t *spare;
};

ALWAYS_INLINE void ck_push(void *side_, uint64_t value) {
    struct ck_side *side = side_;
    ck_fifo_mpmc_enqueue(side->to, side->spare, (void *)value);
}

ALWAYS_INLINE uint64_t ck_pop(void *side_) {
    struct ck_side *side = side_;
    void *value;
    while (!ck_fifo_mpmc_dequeue(side->from, (void *)&value, &side->spare))
        cpu_relax();
    return (uint64_t)value;
}

void REFERENCE_SYMBOL(ms_queue_ck)(struct work *work, unsigned thread, uint64_t ops) {
    struct state *state = work->state;
    struct route route = route_of(work, &state->traffic, thread, ops);
    struct ck_side side = {&state->ck[route.to], &state->ck[route.from],
                           (ck_fifo_mpmc_entry_t *)route.books->kept[1]};
    if (route.latency)
        answer(&route, &side, ck_push, ck_pop);
    else
        pairs(&route, true, &side, ck_push, ck_pop);
    route.books->kept[1] = (uint64_t)side.spare;
}
#endif

static const struct variant *variants(const struct params *params) {
    static const struct variant table[] = {
#ifdef CK_F_FIFO_MPMC
        {"ck", VARIANT_REFERENCE, 0, REFERENCE_SYMBOL(ms_queue_ck)},
#endif
        {0},
    };
    (void)params;
    return table;
}

static const struct axis axes[] = {MODE_AXIS, SPIN_AXIS, {0}};

QUEUE_KERNEL(ms_queue,
             .summary = "Michael and Scott's linked queue, all threads push and pop in turn",
             .weight = 2, .uses = USES_LOAD | USES_STORE | USES_CAS, .max_threads = MOST_THREADS,
             .axes = axes, .setup = setup, .run_at = run_at, .check = queue_check,
             .variants = variants)
