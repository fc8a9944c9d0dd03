/* SPDX-License-Identifier: MIT
 *
 * btree: look-ups in a B-tree whose values are all in its leaves (Bayer and McCreight, 1972;
 * Comer, "The ubiquitous B-tree", 1979), and updates of the values found. A node is 16 keys and 16
 * children, searched by halves and without branches, as sets of keys in cache are.
 *
 * The tree was loaded in order and is full: an operation never splits a node, so each takes the
 * same path length.
 */
#include "entries.h"

enum { FANOUT = 16 };

struct node {
    uint64_t key[FANOUT];   /* the smallest below a child; unused ones are the largest number */
    uint64_t child[FANOUT]; /* addresses; in a leaf the values */
};

struct state {
    struct entries entries;
    uint64_t root;  /* address */
    uint64_t inner; /* levels above the leaves */
};

/* Entries are their keys' order; between two keys is room for one that is not there. */
ALWAYS_INLINE uint64_t key_of(uint64_t index) {
    return 2 * index + 1;
}

static uint64_t nodes_above(uint64_t nodes) {
    return (nodes + FANOUT - 1) / FANOUT;
}

/* The most leaves with which a tree has no more than `nodes`. */
static uint64_t leaves_within(uint64_t nodes) {
    uint64_t leaves = nodes;
    for (;;) {
        uint64_t total = leaves;
        for (uint64_t level = leaves; level > 1; total += level)
            level = nodes_above(level);
        if (total <= nodes)
            return leaves;
        leaves -= (total - nodes + 1) / 2;
    }
}

static struct node *nodes(const struct work *work) {
    return (struct node *)(void *)work->arena;
}

static void fill_leaves(struct work *work, uint64_t leaves) {
    for (uint64_t i = 0; i < leaves * FANOUT; i++) {
        struct node *leaf = &nodes(work)[i / FANOUT];
        leaf->key[i % FANOUT] = key_of(i);
        leaf->child[i % FANOUT] = entries_value(i, 0);
    }
}

/* The level above the `count` nodes that begin at `below`. */
static struct node *fill_inner(struct node *below, uint64_t count) {
    struct node *level = below + count;
    for (uint64_t i = 0; i < nodes_above(count) * FANOUT; i++) {
        struct node *node = &level[i / FANOUT];
        node->key[i % FANOUT] = i < count ? below[i].key[0] : UINT64_MAX;
        node->child[i % FANOUT] = i < count ? (uint64_t)&below[i] : 0;
    }
    return level;
}

static void setup(struct work *work, unsigned thread) {
    (void)thread;
    struct state *state = work->state;
    uint64_t leaves = leaves_within(work->footprint / sizeof(struct node));
    struct node *level = nodes(work);
    state->entries.mix = mix_of(work->params);
    state->entries.count = leaves * FANOUT;
    fill_leaves(work, leaves);
    for (uint64_t count = leaves; count > 1; count = nodes_above(count)) {
        level = fill_inner(level, count);
        state->inner++;
    }
    state->root = (uint64_t)level;
}

static void prepare(struct work *work, uint64_t ops) {
    (void)ops;
    struct state *state = work->state;
    entries_prepare(&state->entries);
}

/* Of the keys in a node the last that is not above `key`. */
ALWAYS_INLINE uint64_t position(const struct node *node, uint64_t key) {
    const uint64_t *at = node->key;
#pragma GCC unroll 4
    for (unsigned step = FANOUT / 2; step; step /= 2)
        at += data_load64(at + step) <= key ? step : 0;
    return (uint64_t)(at - node->key);
}

void RUN_SYMBOL(btree)(struct work *work, unsigned thread, uint64_t ops) {
    (void)thread;
    struct state *state = private_load_pointer(&work->state);
    struct node *root = private_load_pointer(&state->root);
    uint64_t inner = private_load64(&state->inner);
    uint64_t count = private_load64(&state->entries.count);
    uint64_t period = private_load64(&state->entries.mix.period) - 1;
    uint64_t updates = private_load64(&state->entries.mix.updates);
    uint64_t stamp = private_load64(&work->nonce), end = stamp + ops, x = stamp, wrong = 0;
    for (; stamp != end; stamp++) {
        x = sequence_next(x);
        uint64_t index = entries_index(x, count), key = key_of(index);
        struct node *node = root;
        for (uint64_t level = inner; level; level--)
            node = (struct node *)data_load64(&node->child[position(node, key)]);
        uint64_t at = position(node, key), value = data_load64(&node->child[at]);
        wrong |= entries_wrong(value, index) | (data_load64(&node->key[at]) ^ key);
        if ((stamp & period) < updates)
            data_store64(&node->child[at], entries_stamped(value, stamp));
    }
    private_store64(&state->entries.end, x);
    private_store64(&state->entries.wrong, wrong);
}

static const uint64_t *value_at(const struct work *work, uint64_t index) {
    return &nodes(work)[index / FANOUT].child[index % FANOUT];
}

static const char *check(struct work *work, uint64_t ops) {
    const struct state *state = work->state;
    return entries_check(work, &state->entries, ops, value_at);
}

static const struct axis axes[] = {
    ENTRIES_MIXES,
    {"footprint", AXIS_FOOTPRINT, {{"L1", 0, 0}, {"L2", 1, 0}, {"L3", 2, 0}, {"DRAM", 1, 0}}},
    {0},
};

extern const struct kernel KERNEL_SYMBOL(btree);
const struct kernel KERNEL_SYMBOL(btree) = {
    .name = "btree",
    .family = "programs",
    .summary = "B-tree: look-ups, and updates of what is found",
    .op = "look-up",
    .weight = 2,
    .uses = USES_LOAD | USES_STORE,
    .streams = 1,
    .min_threads = 1,
    .max_threads = 1,
    .state_bytes = sizeof(struct state),
    .axes = axes,
    .setup = setup,
    .prepare = prepare,
    .run = RUN_SYMBOL(btree),
    .check = check,
};
