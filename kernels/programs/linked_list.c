/* SPDX-License-Identifier: MIT
 *
 * linked_list: a circular list that is walked node by node, and its values updated on the way. In
 * memory the nodes are in random order, as after a long life of a heap; each has a line.
 *
 * A value's high half is the node's position in the list, its low half when it was last written.
 * The sum of what was seen follows from where the walk began and ended. The reference is the same
 * walk by the macros of Concurrency Kit's list.
 */
#include <ck_queue.h>

#include "entries.h"

struct node {
    CK_SLIST_ENTRY(node) link; /* one pointer */
    uint64_t value;
    uint64_t rest[6];
};

struct state {
    struct mix mix;
    uint64_t nodes;    /* a power of two */
    uint64_t cursor;   /* address of the next node to visit */
    uint64_t position; /* its position */
    uint64_t start;    /* position before the sample */
    uint64_t sum;      /* nonce and the positions that were seen */
};

/* The pointer in a link, whose name differs between versions of the library. */
ALWAYS_INLINE uint64_t *next_of(struct node *node) {
    return (uint64_t *)(void *)&node->link;
}

static struct node *node_at(const struct work *work, uint64_t position) {
    const struct state *state = work->state;
    uint64_t place = sequence_fold(sequence_jump(0, position) % state->nodes, state->nodes);
    return (struct node *)(void *)work->arena + place;
}

static void setup(struct work *work, unsigned thread) {
    (void)thread;
    struct state *state = work->state;
    state->nodes = sequence_floor(work->footprint / sizeof(struct node));
    state->mix = mix_of(work->params);
    state->cursor = (uint64_t)node_at(work, 0);
    uint64_t x = 0;
    for (uint64_t i = 0; i < state->nodes; i++) {
        struct node *all = (struct node *)(void *)work->arena;
        struct node *node = all + sequence_fold(x, state->nodes);
        x = sequence_next(x) % state->nodes;
        *next_of(node) = (uint64_t)(all + sequence_fold(x, state->nodes));
        node->value = i << 32;
    }
}

static void prepare(struct work *work, uint64_t ops) {
    (void)ops;
    struct state *state = work->state;
    state->start = state->position;
    state->sum = 0;
}

/* What both walks keep, and what they say at the end. */
struct walk {
    struct state *state;
    struct node *node;
    uint64_t stamp, period, updates, sum;
};

ALWAYS_INLINE struct walk walk_begin(const struct work *work) {
    struct state *state = private_load_pointer(&work->state);
    uint64_t nonce = private_load64(&work->nonce);
    return (struct walk){.state = state,
                         .node = private_load_pointer(&state->cursor),
                         .stamp = nonce,
                         .period = private_load64(&state->mix.period) - 1,
                         .updates = private_load64(&state->mix.updates),
                         .sum = nonce};
}

ALWAYS_INLINE void walk_end(const struct walk *walk, uint64_t ops) {
    struct state *state = walk->state;
    uint64_t position = private_load64(&state->position) + ops;
    private_store64(&state->cursor, (uint64_t)walk->node);
    private_store64(&state->position, position & (private_load64(&state->nodes) - 1));
    private_store64(&state->sum, walk->sum);
}

void RUN_SYMBOL(linked_list)(struct work *work, unsigned thread, uint64_t ops) {
    (void)thread;
    struct walk walk = walk_begin(work);
    for (uint64_t end = walk.stamp + ops; walk.stamp != end; walk.stamp++) {
        struct node *next = (struct node *)data_load64(next_of(walk.node));
        uint64_t value = data_load64(&walk.node->value);
        walk.sum += value >> 32;
        if ((walk.stamp & walk.period) < walk.updates)
            data_store64(&walk.node->value, entries_stamped(value, walk.stamp));
        walk.node = next;
    }
    walk_end(&walk, ops);
}

void REFERENCE_SYMBOL(linked_list_ck)(struct work *work, unsigned thread, uint64_t ops) {
    (void)thread;
    struct walk walk = walk_begin(work);
    for (uint64_t end = walk.stamp + ops; walk.stamp != end; walk.stamp++) {
        walk.sum += walk.node->value >> 32;
        if ((walk.stamp & walk.period) < walk.updates)
            walk.node->value = entries_stamped(walk.node->value, walk.stamp);
        walk.node = CK_SLIST_NEXT(walk.node, link);
    }
    walk_end(&walk, ops);
}

/* The sum of the positions from 0 to count - 1, round and round. */
static uint64_t sum_of(uint64_t count, uint64_t nodes) {
    uint64_t rest = count % nodes;
    return count / nodes * (nodes * (nodes - 1) / 2) + rest * (rest - 1) / 2;
}

static const char *check(struct work *work, uint64_t ops) {
    enum { LAST = 32 };
    const struct state *state = work->state;
    uint64_t end = state->start + ops, last = ops < LAST ? ops : LAST;
    if (state->position != end % state->nodes ||
        state->cursor != (uint64_t)node_at(work, end % state->nodes))
        return "the walk ended at another node";
    if (state->sum != work->nonce + sum_of(end, state->nodes) - sum_of(state->start, state->nodes))
        return "a node that was seen is not where it belongs";
    for (uint64_t i = ops - last; i < ops; i++) {
        uint64_t position = (state->start + i) % state->nodes;
        uint64_t value = node_at(work, position)->value;
        if (value >> 32 != position)
            return "a node is not where it belongs";
        if (mix_updates(&state->mix, work->nonce + i) &&
            (uint32_t)(value - (work->nonce + i)) >= ops - i)
            return "an update is not there";
    }
    return NULL;
}

VARIANTS({"ck", VARIANT_REFERENCE, 0, REFERENCE_SYMBOL(linked_list_ck)})

static const struct axis axes[] = {
    ENTRIES_MIXES,
    {"footprint", AXIS_FOOTPRINT, {{"L1", 0, 0}, {"L2", 1, 0}, {"L3", 2, 0}, {"DRAM", 1, 0}}},
    {0},
};

extern const struct kernel KERNEL_SYMBOL(linked_list);
const struct kernel KERNEL_SYMBOL(linked_list) = {
    .name = "linked_list",
    .family = "programs",
    .summary = "linked list: a walk, and updates on the way",
    .op = "node",
    .weight = 2,
    .uses = USES_LOAD | USES_STORE,
    .streams = 1,
    .min_threads = 1,
    .max_threads = 1,
    .state_bytes = sizeof(struct state),
    .axes = axes,
    .setup = setup,
    .prepare = prepare,
    .run = RUN_SYMBOL(linked_list),
    .check = check,
    .variants = variants,
};
