/* SPDX-License-Identifier: MIT
 *
 * word_loop: a loop over words as a simple compiler makes it, copying or filling, and what
 * unrolling does to it. It is OCaml's: an index, a test, an address for each access, the word, and
 * at the end of each turn a load by which the thread asks whether it is to stop: ten instructions
 * without a lowering, where one word is copied in a turn. Load and store come in turn, not in
 * batches as in memcpy.
 *
 * Why: on some cores a loop of stores turns into a stream by itself, and a DMB then waits for all
 * of it. OCaml's stores with DMB ISHLD before them made 800 KB 47 times slower than plain ones on
 * an M1, and five of them in a turn 1.05 times (github.com/xavierleroy/arm64-barriers). So what a
 * barrier costs there depends on the unrolling, which no other placement of the same code shows.
 *
 * One operation is one call that copies or fills `size` bytes (bulk.h).
 */
#include "copy.h"

enum { UNIT = 8 * 40 }; /* bytes: whole turns of any unrolling, and whole lines */

struct state {
    struct bulk bulk; /* first: bulk.h's functions take one for the other */
    uint32_t copies, unroll;
};

static bool copies(const struct params *params) {
    return strcmp(param_word(params, "loop"), "copy") == 0;
}

static void setup(struct work *work, unsigned thread) {
    (void)thread;
    struct state *state = work->state;
    state->copies = copies(work->params);
    state->unroll = (uint32_t)param_number(work->params, "unroll");
    state->bulk.step = !state->copies; /* a fill's words differ from call to call */
    copy_setup(work, UNIT);
}

static uint64_t filled(const struct work *work, uint64_t ops, uint64_t offset) {
    const struct bulk *bulk = work->state;
    return bulk->value + bulk_last_call(bulk, ops, offset);
}

static void prepare(struct work *work, uint64_t ops) {
    struct state *state = work->state;
    if (state->copies) {
        copy_prepare(work, ops);
        return;
    }
    bulk_prepare(work);
    state->bulk.value = work->nonce;
    for (uint64_t i = 0; i < PROBES; i++) {
        uint64_t offset = bulk_probe(work, ops, i);
        bulk_put(work, FROM, offset, ~filled(work, ops, offset));
    }
}

static const char *check(struct work *work, uint64_t ops) {
    const struct state *state = work->state;
    if (state->copies)
        return copy_check(work, ops);
    for (uint64_t i = 0; i < PROBES; i++) {
        uint64_t offset = bulk_probe(work, ops, i);
        if (bulk_get(work, FROM, offset) != filled(work, ops, offset))
            return "a word was not filled";
    }
    return bulk_check(work, ops);
}

/* Up to which nobody asks the thread to stop: never written. */
static uint64_t limit;

/* An address of its own for each access, not a part of the instruction. */
ALWAYS_INLINE uint64_t *word_at(uint8_t *words, uint64_t offset) {
    uint64_t *word = (uint64_t *)(void *)(words + offset);
    __asm__("" : "+r"(word));
    return word;
}

ALWAYS_INLINE uint64_t turns(uint8_t *at, uint64_t apart, uint64_t bytes, uint64_t value,
                             unsigned unroll, bool copy) {
    uint8_t *to = copy ? at + apart : at;
    uint64_t young = 1, offset = 0;
    __asm__("" : "+r"(to), "+r"(young)); /* registers, as OCaml has them */
    do {
        if (offset >= bytes)
            break;
#pragma GCC unroll 8
        for (unsigned k = 0; k < unroll; k++) {
            data_store64(word_at(to, offset), copy ? data_load64(word_at(at, offset)) : value);
            offset += sizeof value;
            __asm__("" : "+r"(offset)); /* nor do pointers take its place */
        }
    } while (young > private_load64(&limit));
    return 0;
}

#define DEFINE_LOOP(name, unroll, copy)                                                            \
    static uint64_t RUN_SYMBOL(name)(uint8_t * at, uint64_t apart, uint64_t bytes,                 \
                                     uint64_t value) {                                             \
        return turns(at, apart, bytes, value, unroll, copy);                                       \
    }
#define DEFINE_LOOPS(unroll)                                                                       \
    DEFINE_LOOP(word_loop_copy_##unroll, unroll, true)                                             \
    DEFINE_LOOP(word_loop_fill_##unroll, unroll, false)
#define RUN_LOOPS(unroll)                                                                          \
    if (copy)                                                                                      \
        bulk_run(work, ops, RUN_SYMBOL(word_loop_copy_##unroll));                                  \
    else                                                                                           \
        bulk_run(work, ops, RUN_SYMBOL(word_loop_fill_##unroll));                                  \
    break

DEFINE_LOOPS(1)
DEFINE_LOOPS(2)
DEFINE_LOOPS(4)
DEFINE_LOOPS(5)
DEFINE_LOOPS(8)

void RUN_SYMBOL(word_loop)(struct work *work, unsigned thread, uint64_t ops) {
    (void)thread;
    struct state *state = private_load_pointer(&work->state);
    uint32_t copy = private_load32(&state->copies);
    switch (private_load32(&state->unroll)) {
    case 1:
        RUN_LOOPS(1);
    case 2:
        RUN_LOOPS(2);
    case 4:
        RUN_LOOPS(4);
    case 5:
        RUN_LOOPS(5);
    default:
        RUN_LOOPS(8);
    }
}

static unsigned without(const struct params *params) {
    return copies(params) ? 0 : USES_LOAD;
}

static const struct axis axes[] = {
    {"loop", AXIS_WORD, {{"copy", 0, 0}, {"fill", 0, 0}}},
    {"unroll", AXIS_NUMBER, {{"1", 0, 0}, {"2", 1, 0}, {"4", 1, 0}, {"5", 1, 0}, {"8", 1, 0}}},
    {"size", AXIS_FOOTPRINT, {{"800K", 0, 0}, {"16K", 1, 0}}},
    {0},
};

extern const struct kernel KERNEL_SYMBOL(word_loop);
const struct kernel KERNEL_SYMBOL(word_loop) = {
    .name = "word_loop",
    .family = "memory",
    .summary = "copies or fills word by word in a compiled loop, by unrolling",
    .op = "call",
    .weight = 2,
    .uses = USES_LOAD | USES_STORE,
    .without = without,
    .streams = 2,
    .min_threads = 1,
    .max_threads = 1,
    .state_bytes = sizeof(struct state),
    .axes = axes,
    .setup = setup,
    .prepare = prepare,
    .run = RUN_SYMBOL(word_loop),
    .check = check,
    .bytes = bulk_bytes,
};
