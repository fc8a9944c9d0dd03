/* SPDX-License-Identifier: MIT
 *
 * hash_table: look-ups in an open hash table with linear probing (Knuth, The Art of Computer
 * Programming 3, 6.4, algorithm L), half full, and updates of the values found. Keys are hashes
 * already, so a key's high bits are its slot.
 *
 * Single-threaded, as most tables of programs under translation are: sharing one is the subject of
 * the families locks and queues.
 */
#include "entries.h"

enum { STRATUM = 8 };

struct slot {
    uint64_t key; /* 0: empty */
    uint64_t value;
};

struct state {
    struct entries entries;
    uint64_t slots; /* a power of two, twice the entries */
    uint64_t shift; /* of a key, to its slot */
    uint64_t low;   /* of a key, the bits that are random */
};

/* Of an entry. Eight of them share the bits above their 16 slots, and are random below: in the
 * table they collide like hashes, and setup still writes it almost in sequence. */
ALWAYS_INLINE uint64_t key_of(uint64_t index, uint64_t shift, uint64_t low) {
    uint64_t random = (index + 1) * UINT64_C(0x9e3779b97f4a7c15);
    random = (random ^ (random >> 29)) * UINT64_C(0xbf58476d1ce4e5b9);
    return index / STRATUM * (2 * STRATUM) << shift | (random & low) | 1;
}

static struct slot *table(const struct work *work) {
    return (struct slot *)(void *)work->arena;
}

/* Where a key is or, if it is not there, the empty slot where it belongs; NULL: neither. */
static struct slot *find(const struct work *work, uint64_t key) {
    const struct state *state = work->state;
    for (uint64_t i = 0; i < state->slots; i++) {
        struct slot *slot = table(work) + (((key >> state->shift) + i) & (state->slots - 1));
        if (slot->key == key || slot->key == 0)
            return slot;
    }
    return NULL;
}

static void setup(struct work *work, unsigned thread) {
    (void)thread;
    struct state *state = work->state;
    state->slots = sequence_floor(work->footprint / sizeof(struct slot));
    state->shift = 64 - (uint64_t)__builtin_ctzll(state->slots);
    state->low = ((uint64_t)(2 * STRATUM) << state->shift) - 1;
    state->entries.mix = mix_of(work->params);
    state->entries.count = state->slots / 2;
    for (uint64_t i = 0; i < state->entries.count; i++) {
        uint64_t key = key_of(i, state->shift, state->low);
        *find(work, key) = (struct slot){key, entries_value(i, 0)};
    }
}

static void prepare(struct work *work, uint64_t ops) {
    (void)ops;
    struct state *state = work->state;
    entries_prepare(&state->entries);
}

void RUN_SYMBOL(hash_table)(struct work *work, unsigned thread, uint64_t ops) {
    (void)thread;
    struct state *state = private_load_pointer(&work->state);
    struct slot *slots = private_load_pointer(&work->arena);
    uint64_t mask = private_load64(&state->slots) - 1, shift = private_load64(&state->shift);
    uint64_t low = private_load64(&state->low), count = private_load64(&state->entries.count);
    uint64_t period = private_load64(&state->entries.mix.period) - 1;
    uint64_t updates = private_load64(&state->entries.mix.updates);
    uint64_t stamp = private_load64(&work->nonce), end = stamp + ops, x = stamp, wrong = 0;
    for (; stamp != end; stamp++) {
        x = sequence_next(x);
        uint64_t index = entries_index(x, count), key = key_of(index, shift, low), found;
        uint64_t slot = key >> shift;
        while ((found = data_load64(&slots[slot].key)) != key && found != 0)
            slot = (slot + 1) & mask;
        uint64_t value = data_load64(&slots[slot].value);
        wrong |= entries_wrong(value, index) | (found ^ key);
        if ((stamp & period) < updates)
            data_store64(&slots[slot].value, entries_stamped(value, stamp));
    }
    private_store64(&state->entries.end, x);
    private_store64(&state->entries.wrong, wrong);
}

static const uint64_t *value_at(const struct work *work, uint64_t index) {
    const struct state *state = work->state;
    uint64_t key = key_of(index, state->shift, state->low);
    const struct slot *slot = find(work, key);
    return slot && slot->key == key ? &slot->value : NULL;
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

extern const struct kernel KERNEL_SYMBOL(hash_table);
const struct kernel KERNEL_SYMBOL(hash_table) = {
    .name = "hash_table",
    .family = "programs",
    .summary = "open hash table: look-ups, and updates of what is found",
    .op = "look-up",
    .weight = 1,
    .uses = USES_LOAD | USES_STORE,
    .streams = 1,
    .min_threads = 1,
    .max_threads = 1,
    .state_bytes = sizeof(struct state),
    .axes = axes,
    .setup = setup,
    .prepare = prepare,
    .run = RUN_SYMBOL(hash_table),
    .check = check,
};
