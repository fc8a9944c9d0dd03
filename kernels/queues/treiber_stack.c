/* SPDX-License-Identifier: MIT
 *
 * treiber_stack: the linked stack of Treiber (Systems programming: coping with parallelism, 1986);
 * each thread pushes and pops in turn, and pushes next the node that it popped.
 *
 * A pop exchanges the top and a count of pops, 16 bytes, against ABA: the one kernel here with
 * CMPXCHG16B. A push need not count: whatever is on top is what its node must point to. So does
 * the reference, Concurrency Kit's stack.
 *
 * A pop reads the count before the address. If a pop comes between, the count is too old and the
 * exchange fails; were the count the younger one, the exchange could succeed with an address whose
 * node had left the stack and come back since. So what a failing exchange returns is not used:
 * without FEAT_LSE2 it is two reads in no order, where an exclusive pair does it.
 */
#include <ck_stack.h>

#include "traffic.h"

struct node {
    LINE_ALIGNED uint64_t next; /* the address of the node below, 0: none */
    uint64_t element;
};

struct ck_node {
    LINE_ALIGNED ck_stack_entry_t entry;
    uint64_t element;
};

struct state {
    struct traffic traffic;
    LINE_ALIGNED uint64_t top[2]; /* the address of a node, and how many were popped, ever */
    LINE_ALIGNED ck_stack_t ck;
    struct node node[MOST_THREADS];
    struct ck_node ck_node[MOST_THREADS];
};

/* In kept: the thread's node. */
static void setup(struct work *work, unsigned thread) {
    struct state *state = work->state;
    struct books *books = &state->traffic.books[thread];
    traffic_setup(&state->traffic, thread);
    books->kept[0] = (uint64_t)&state->node[thread];
    books->kept[1] = (uint64_t)&state->ck_node[thread];
}

struct side {
    uint64_t *top;
    struct node *spare;
};

ALWAYS_INLINE void push(void *side_, uint64_t value) {
    struct side *side = side_;
    struct node *node = side->spare;
    uint64_t top = sync_load64(&side->top[0]), seen;
    data_store64(&node->element, value);
    for (;; top = seen) {
        data_store64(&node->next, top);
        seen = sync_compare_exchange64(&side->top[0], top, (uint64_t)node);
        if (seen == top)
            return;
    }
}

/* 0 from an empty stack: the thread has pushed, so it cannot be, and the sums will not match. */
ALWAYS_INLINE uint64_t pop(void *side_) {
    struct side *side = side_;
    for (;;) {
        struct pair top = {.high = sync_load64(&side->top[1])};
        top.low = sync_load64(&side->top[0]);
        if (top.low == 0)
            return 0;
        struct node *node = (struct node *)top.low;
        /* Another thread may own it by now: then the exchange fails. */
        struct pair below = {data_load64(&node->next), top.high + 1};
        struct pair seen = sync_compare_exchange_pair(side->top, top, below);
        if (seen.low == top.low && seen.high == top.high) {
            side->spare = node;
            return data_load64(&node->element);
        }
    }
}

void RUN_SYMBOL(treiber_stack)(struct work *work, unsigned thread, uint64_t ops) {
    struct state *state = private_load_pointer(&work->state);
    struct route route = route_of(work, &state->traffic, thread, ops);
    uint64_t *kept = &route.books->kept[0];
    struct side side = {state->top, private_load_pointer(kept)};
    pairs(&route, false, &side, push, pop);
    private_store64(kept, (uint64_t)side.spare);
}

struct ck_side {
    ck_stack_t *stack;
    struct ck_node *spare;
};

ALWAYS_INLINE void ck_push(void *side_, uint64_t value) {
    struct ck_side *side = side_;
    side->spare->element = value;
    ck_stack_push_mpmc(side->stack, &side->spare->entry);
}

ALWAYS_INLINE uint64_t ck_pop(void *side_) {
    struct ck_side *side = side_;
    side->spare = (struct ck_node *)(void *)ck_stack_pop_mpmc(side->stack);
    return side->spare->element;
}

void REFERENCE_SYMBOL(treiber_stack_ck)(struct work *work, unsigned thread, uint64_t ops) {
    struct state *state = work->state;
    struct route route = route_of(work, &state->traffic, thread, ops);
    struct ck_side side = {&state->ck, (struct ck_node *)route.books->kept[1]};
    pairs(&route, false, &side, ck_push, ck_pop);
    route.books->kept[1] = (uint64_t)side.spare;
}

VARIANTS({"ck", VARIANT_REFERENCE, 0, REFERENCE_SYMBOL(treiber_stack_ck)})

static const struct axis axes[] = {{0}};

QUEUE_KERNEL(treiber_stack, .summary = "Treiber's linked stack, all threads push and pop in turn",
             .weight = 2, .uses = USES_LOAD | USES_STORE | USES_CAS | USES_PAIR,
             .max_threads = MOST_THREADS, .axes = axes, .setup = setup, .check = queue_check,
             .variants = variants)
