/* SPDX-License-Identifier: MIT
 *
 * fence_cost: some stores, each to another line, then a fence, a release store or a
 * read-modify-write on a line of its own: what is waited for is what is outstanding. Lines lie in
 * L1, so that stores hit, or in a larger footprint, so that they miss.
 *
 * Each store is 33 lines of 128 bytes after the one before it, in another page: no stream that a
 * prefetcher sees, and an odd number, so that all lines have their turn. The i-th store ever stores
 * a number of its own. The forms have plain stores, and a single fence or nothing after them.
 */
#include "bursts.h"
#define FORM_KERNEL fence_cost
#include "instructions/form.h"
#include "pattern.h"

enum { PROBES = 16 };

enum then { THEN_NONE, THEN_FENCE, THEN_RELEASE, THEN_RMW };

static enum then then(const struct params *params) {
    const char *word = param_word(params, "then");
    return strcmp(word, "none") == 0      ? THEN_NONE
           : strcmp(word, "fence") == 0   ? THEN_FENCE
           : strcmp(word, "release") == 0 ? THEN_RELEASE
                                          : THEN_RMW;
}

static void setup(struct work *work, unsigned thread) {
    (void)thread;
    struct bursts *state = work->state;
    state->stores = param_number(work->params, "stores");
    state->then = then(work->params);
    state->mask = (UINT64_C(1) << (63 - __builtin_clzll(work->footprint))) - 1;
    pattern_fill(work->arena, work->footprint);
}

static uint64_t *place(const struct work *work, uint64_t store) {
    const struct bursts *state = work->state;
    return (uint64_t *)(void *)(work->arena + ((state->start + store * BURST_STEP) & state->mask));
}

static void prepare(struct work *work, uint64_t ops) {
    struct bursts *state = work->state;
    state->start = state->cursor;
    state->first = state->word;
    state->next = state->done = 0;
    *place(work, ops * state->stores) = ~work->nonce; /* where the sample must stop */
}

/* The stores of one operation; what they store goes on from `value`. */
struct burst {
    uint8_t *arena;
    uint64_t mask, stores, offset, value;
};

ALWAYS_INLINE struct burst begin(struct work *work) {
    struct bursts *state = private_load_pointer(&work->state);
    return (struct burst){.arena = private_load_pointer(&work->arena),
                          .mask = private_load64(&state->mask),
                          .stores = private_load64(&state->stores),
                          .offset = private_load64(&state->cursor),
                          .value = private_load64(&work->nonce)};
}

ALWAYS_INLINE void advance(struct burst *burst) {
    burst->offset = (burst->offset + BURST_STEP) & burst->mask;
    burst->value++;
}

/* What follows the stores; `word` is on a line of its own. */
typedef void after_stores(uint64_t *word, uint64_t value);

ALWAYS_INLINE void burst_all(struct work *work, uint64_t ops, after_stores *after) {
    struct bursts *state = private_load_pointer(&work->state);
    struct burst burst = begin(work);
    uint64_t done = 0;
    for (; done < ops; done++) {
        for (uint64_t i = burst.stores; i; i--, advance(&burst))
            data_store64((uint64_t *)(void *)(burst.arena + burst.offset), burst.value);
        after(&state->word, burst.value);
    }
    private_store64(&state->cursor, burst.offset);
    private_store64(&state->next, burst.value);
    private_store64(&state->done, done);
}

ALWAYS_INLINE void none(uint64_t *word, uint64_t value) {
    (void)word, (void)value;
}

ALWAYS_INLINE void fence(uint64_t *word, uint64_t value) {
    (void)word, (void)value;
    sync_fence();
}

ALWAYS_INLINE void release(uint64_t *word, uint64_t value) {
    sync_store64(word, value);
}

ALWAYS_INLINE void rmw(uint64_t *word, uint64_t value) {
    (void)value;
    sync_fetch_add64(word, 1);
}

void RUN_SYMBOL(fence_cost)(struct work *work, unsigned thread, uint64_t ops) {
    (void)thread;
    struct bursts *state = private_load_pointer(&work->state);
    switch (private_load32(&state->then)) {
    case THEN_NONE:
        return burst_all(work, ops, none);
    case THEN_FENCE:
        return burst_all(work, ops, fence);
    case THEN_RELEASE:
        return burst_all(work, ops, release);
    default:
        return burst_all(work, ops, rmw);
    }
}

#if FORMS_HERE
/* What a cell costs less that of "nop" is what is waited for. */
#define BURST_ROW(id, name, text)                                                                  \
    ALWAYS_INLINE void form_##id(uint64_t *word, uint64_t value) {                                 \
        (void)word, (void)value;                                                                   \
        __asm__ volatile(RECORDED_FORM(name, "", text) : : : "memory", "cc");                      \
    }                                                                                              \
    void FORM_RUN(id, 64, burst)(struct work * work, unsigned thread, uint64_t ops) {              \
        (void)thread;                                                                              \
        burst_all(work, ops, form_##id);                                                           \
    }
#define VARIANT_ROW(id, name, text) {name, VARIANT_FORM, 0, FORM_RUN(id, 64, burst)},
BURST_ROW(nop, "nop", "nop")
FENCE_FORMS(BURST_ROW)
static const struct variant fences[] = {VARIANT_ROW(nop, "nop", "nop") FENCE_FORMS(VARIANT_ROW){0}};
static const struct variant only_nop[] = {VARIANT_ROW(nop, "nop", "nop"){0}};
#define FORMS(params) (then(params) == THEN_FENCE ? fences : only_nop)
#else
#define FORMS(params) NULL
#endif

static const struct variant *variants(const struct params *params) {
    (void)params;
    return FORMS(params);
}

static const char *check(struct work *work, uint64_t ops) {
    const struct bursts *state = work->state;
    uint64_t stores = ops * state->stores, lines = (state->mask + 1) / LINE_BYTES;
    uint64_t newest = stores < lines ? stores : lines;
    if (state->done != ops || state->next != work->nonce + stores ||
        state->cursor != ((state->start + stores * BURST_STEP) & state->mask))
        return "another number of stores was made";
    for (uint64_t i = 0; i < PROBES && newest; i++) {
        uint64_t back = i ? pattern_random(work->nonce, i) % newest : 0;
        if (*place(work, stores - 1 - back) != work->nonce + stores - 1 - back)
            return "a store is not there";
    }
    if (stores < lines && *place(work, stores) != ~work->nonce)
        return "a store went past the end";
    /* A form leaves the word as it was. */
    if (state->then == THEN_RELEASE && state->word != work->nonce + stores &&
        state->word != state->first)
        return "the release store is not there";
    if (state->then == THEN_RMW && state->word != state->first && state->word - state->first != ops)
        return "another number of read-modify-writes was made";
    return NULL;
}

static unsigned without(const struct params *params) {
    switch (then(params)) {
    case THEN_FENCE:
        return USES_ADD;
    case THEN_RMW:
        return USES_FENCE;
    default:
        return USES_ADD | USES_FENCE;
    }
}

static const struct axis axes[] = {
    {"stores",
     AXIS_NUMBER,
     {{"8", 0, 0},
      {"0", 1, 0},
      {"1", 1, 0},
      {"2", 3, 0},
      {"4", 1, 0},
      {"16", 1, 0},
      {"32", 1, 0},
      {"48", 3, 0},
      {"64", 1, 0}}},
    {"then", AXIS_WORD, {{"fence", 0, 0}, {"release", 1, 0}, {"rmw", 2, 0}, {"none", 2, 0}}},
    {"footprint", AXIS_FOOTPRINT, {{"L1", 0, 0}, {"L2", 1, 0}, {"L3", 3, 0}, {"DRAM", 1, 0}}},
    {0},
};

extern const struct kernel KERNEL_SYMBOL(fence_cost);
const struct kernel KERNEL_SYMBOL(fence_cost) = {
    .name = "fence_cost",
    .family = "store_buffer",
    .summary = "stores that hit or miss, then a fence, a release store or a read-modify-write",
    .op = "burst",
    .weight = 1,
    .uses = USES_STORE | USES_FENCE | USES_ADD,
    .without = without,
    .streams = 1,
    .min_threads = 1,
    .max_threads = 1,
    .state_bytes = sizeof(struct bursts),
    .axes = axes,
    .setup = setup,
    .prepare = prepare,
    .run = RUN_SYMBOL(fence_cost),
    .check = check,
    .variants = variants,
};
