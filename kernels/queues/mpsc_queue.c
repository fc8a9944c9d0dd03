/* SPDX-License-Identifier: MIT
 *
 * mpsc_queue: Vyukov's linked queue for many producers and one consumer (1024cores.net, 2010):
 * an exchange takes the place at the end, then a store links it to the one before. The last
 * thread consumes. Each producer goes round its own nodes; one that points to itself is free.
 * The reference, liburcu's wfcqueue, works likewise, and with the same nodes.
 */
#define _LGPL_SOURCE /* its functions inline */
#include <urcu/wfcqueue.h>

#include "spin.h"
#include "traffic.h"

enum { NODES = 1024, LINE_NODES = LINE_BYTES / 16 };

struct node {
    uint64_t next; /* the address of the next node, 0: none yet, its own: it is free */
    uint64_t element;
};

struct queue {
    LINE_ALIGNED uint64_t end;   /* the node pushed last */
    LINE_ALIGNED uint64_t begin; /* the node popped last: the consumer's own */
    LINE_ALIGNED struct node stub;
    LINE_ALIGNED struct node node[NODES];
};

struct urcu_queue {
    LINE_ALIGNED struct cds_wfcq_tail tail;
    LINE_ALIGNED struct __cds_wfcq_head head;
    LINE_ALIGNED struct urcu_node {
        struct cds_wfcq_node link;
        uint64_t element;
    } node[NODES];
};

struct state {
    struct traffic traffic;
    struct queue queue[2];
    struct urcu_queue urcu[2];
};

static void setup(struct work *work, unsigned thread) {
    struct state *state = work->state;
    traffic_setup(&state->traffic, thread);
    if (thread)
        return;
    state->traffic.latency = is_latency(work);
    for (int i = 0; i < 2; i++) {
        struct queue *queue = &state->queue[i];
        struct urcu_queue *urcu = &state->urcu[i];
        queue->end = queue->begin = (uint64_t)&queue->stub;
        __cds_wfcq_init(&urcu->head, &urcu->tail);
        for (int n = 0; n < NODES; n++) {
            queue->node[n].next = (uint64_t)&queue->node[n];
            urcu->node[n].link.next = &urcu->node[n].link;
        }
    }
}

/* Which nodes are this thread's, and which of them is next. Groups share no line. */
struct nodes {
    uint64_t first, last, at;
};

ALWAYS_INLINE struct nodes nodes_of(const struct route *route, const uint64_t *kept) {
    unsigned producers = route->latency || route->threads == 1 ? 1 : route->threads - 1;
    uint64_t count = NODES / producers / LINE_NODES * LINE_NODES;
    uint64_t first = producers == 1 ? 0 : count * route->thread;
    return (struct nodes){first, first + count - 1, first + private_load64(kept)};
}

ALWAYS_INLINE uint64_t next_node(struct nodes *nodes) {
    uint64_t at = nodes->at;
    nodes->at = at == nodes->last ? nodes->first : at + 1;
    return at;
}

struct side {
    struct queue *to;
    struct nodes nodes;
    struct node *begin;
    enum spin spin;
};

ALWAYS_INLINE void push(void *side_, uint64_t value) {
    struct side *side = side_;
    struct node *node = &side->to->node[next_node(&side->nodes)];
    uint64_t next;
    while ((next = sync_load64(&node->next)) != (uint64_t)node)
        spin_on64(side->spin, &node->next, next);
    data_store64(&node->next, 0);
    data_store64(&node->element, value);
    struct node *before = (struct node *)sync_exchange64(&side->to->end, (uint64_t)node);
    sync_store64(&before->next, (uint64_t)node);
}

ALWAYS_INLINE uint64_t pop(void *side_) {
    struct side *side = side_;
    struct node *before = side->begin, *node;
    while ((node = (struct node *)sync_load64(&before->next)) == NULL)
        spin_on64(side->spin, &before->next, 0);
    uint64_t value = data_load64(&node->element);
    sync_store64(&before->next, (uint64_t)before);
    side->begin = node;
    return value;
}

ALWAYS_INLINE void spinning(struct work *work, unsigned thread, uint64_t ops, enum spin spin) {
    struct state *state = private_load_pointer(&work->state);
    struct route route = route_of(work, &state->traffic, thread, ops);
    struct queue *from = &state->queue[route.from];
    uint64_t *kept = &route.books->kept[0];
    struct side side = {&state->queue[route.to], nodes_of(&route, kept),
                        private_load_pointer(&from->begin), spin};
    unsigned producers = route.threads - 1;
    if (route.latency)
        answer(&route, &side, push, pop);
    else
        split(&route, producers, &side, push, pop);
    private_store64(kept, side.nodes.at - side.nodes.first);
    if (route.latency ? thread < 2 : thread == producers)
        private_store64(&from->begin, (uint64_t)side.begin);
}
SPIN_RUNS(mpsc_queue, spinning)

struct urcu_side {
    struct urcu_queue *to, *from;
    struct nodes nodes;
};

ALWAYS_INLINE void urcu_push(void *side_, uint64_t value) {
    struct urcu_side *side = side_;
    struct urcu_node *node = &side->to->node[next_node(&side->nodes)];
    while (__atomic_load_n(&node->link.next, __ATOMIC_ACQUIRE) != &node->link)
        cpu_relax();
    cds_wfcq_node_init(&node->link);
    node->element = value;
    cds_wfcq_enqueue(&side->to->head, &side->to->tail, &node->link);
}

ALWAYS_INLINE uint64_t urcu_pop(void *side_) {
    struct urcu_queue *from = ((struct urcu_side *)side_)->from;
    struct cds_wfcq_node *link;
    do /* not the blocking one, which sleeps */
        link = __cds_wfcq_dequeue_nonblocking(&from->head, &from->tail);
    while ((link == NULL || link == CDS_WFCQ_WOULDBLOCK) && (cpu_relax(), true));
    uint64_t value = caa_container_of(link, struct urcu_node, link)->element;
    __atomic_store_n(&link->next, link, __ATOMIC_RELEASE);
    return value;
}

void REFERENCE_SYMBOL(mpsc_queue_urcu)(struct work *work, unsigned thread, uint64_t ops) {
    struct state *state = work->state;
    struct route route = route_of(work, &state->traffic, thread, ops);
    uint64_t *kept = &route.books->kept[1];
    struct urcu_side side = {&state->urcu[route.to], &state->urcu[route.from],
                             nodes_of(&route, kept)};
    if (route.latency)
        answer(&route, &side, urcu_push, urcu_pop);
    else
        split(&route, route.threads - 1, &side, urcu_push, urcu_pop);
    private_store64(kept, side.nodes.at - side.nodes.first);
}

VARIANTS({"urcu", VARIANT_REFERENCE, 0, REFERENCE_SYMBOL(mpsc_queue_urcu)})

static const struct axis axes[] = {MODE_AXIS, SPIN_AXIS, {0}};

QUEUE_KERNEL(mpsc_queue, .summary = "linked queue, many producers and one consumer", .weight = 2,
             .uses = USES_LOAD | USES_STORE | USES_EXCHANGE, .max_threads = MOST_THREADS,
             .axes = axes, .setup = setup, .run_at = run_at, .check = queue_check,
             .variants = variants)
