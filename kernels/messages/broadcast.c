/* SPDX-License-Identifier: MIT
 *
 * broadcast: one writer, and all others read: a payload, then a flag; each reader waits for the
 * flag, reads the payload and acknowledges it on a line of its own, and the writer waits for them
 * all before it writes over it. With two threads it is a one-way stream of messages.
 */
#include <string.h>

#include "access.h"
#include "spin.h"

enum { MAX_WORDS = 64, MAX_THREADS = 256 };

struct state {
    LINE_ALIGNED uint64_t flag; /* another value with each message */
    LINE_ALIGNED uint64_t payload[MAX_WORDS];
    struct own {
        LINE_ALIGNED uint64_t acknowledged;   /* written by a reader, read by the writer */
        LINE_ALIGNED uint64_t messages;       /* this thread's count of them, ever */
        uint64_t seen;                        /* a reader: the flag that it last received */
        uint64_t wrong;                       /* bits in which anything differed */
    } own[MAX_THREADS];                       /* 0 is the writer */
    LINE_ALIGNED uint64_t heard[MAX_THREADS]; /* the writer: the last of each acknowledgement */
    LINE_ALIGNED uint64_t words;              /* never written while it runs */
    uint64_t start;                           /* messages before the sample */
};

static void setup(struct work *work, unsigned thread) {
    struct state *state = work->state;
    memset(&state->own[thread], 0, sizeof state->own[thread]);
    if (thread == 0)
        state->words = param_number(work->params, "words");
}

static void prepare(struct work *work, uint64_t ops) {
    (void)ops;
    struct state *state = work->state;
    state->start = state->own[0].messages;
    for (unsigned i = 0; i < work->threads; i++)
        state->own[i].wrong = 0;
}

/* Waits until the word is no longer what was last seen there; what it is now. */
ALWAYS_INLINE uint64_t next(const uint64_t *word, uint64_t seen, enum spin spin) {
    uint64_t now;
    while ((now = sync_load64(word)) == seen)
        spin_on64(spin, word, now);
    return now;
}

/* The flag of a message is `value`, word i of it is value + i, its acknowledgements ~value. The
 * bits that are wrong in these. */
ALWAYS_INLINE uint64_t send(struct state *state, uint64_t value, uint64_t words, unsigned threads,
                            enum spin spin) {
    uint64_t wrong = 0;
    for (uint64_t i = 0; i < words; i++)
        data_store64(&state->payload[i], value + i);
    sync_store64(&state->flag, value);
    for (unsigned reader = 1; reader < threads; reader++) {
        uint64_t *heard = &state->heard[reader];
        uint64_t answer = next(&state->own[reader].acknowledged, private_load64(heard), spin);
        private_store64(heard, answer);
        wrong |= answer ^ ~value;
    }
    return wrong;
}

ALWAYS_INLINE void spinning(struct work *work, unsigned thread, uint64_t ops, enum spin spin) {
    struct state *state = private_load_pointer(&work->state);
    struct own *own = &state->own[thread];
    unsigned threads = private_load32(&work->threads);
    uint64_t words = private_load64(&state->words), nonce = private_load64(&work->nonce);
    uint64_t value = nonce + private_load64(&own->messages), last = value + ops;
    uint64_t seen = private_load64(&own->seen), wrong = 0;
    if (thread == 0) {
        while (value != last)
            wrong |= send(state, ++value, words, threads, spin);
    } else {
        while (value != last) {
            seen = next(&state->flag, seen, spin);
            wrong |= seen ^ ++value;
            for (uint64_t i = 0; i < words; i++)
                wrong |= data_load64(&state->payload[i]) ^ (value + i);
            sync_store64(&own->acknowledged, ~value);
        }
    }
    private_store64(&own->messages, value - nonce);
    private_store64(&own->seen, seen);
    private_store64(&own->wrong, wrong | private_load64(&own->wrong));
}
SPIN_RUNS(broadcast, spinning)

static const char *check(struct work *work, uint64_t ops) {
    const struct state *state = work->state;
    for (unsigned i = 0; i < work->threads; i++) {
        if (state->own[i].messages - state->start != ops)
            return "another number of messages went round";
        if (state->own[i].wrong)
            return i ? "a message arrived wrong, or its flag before its payload"
                     : "a message was acknowledged that was another";
    }
    return NULL;
}

static const struct axis axes[] = {
    {"words", AXIS_NUMBER, {{"1", 0, 0}, {"0", 1, 0}, {"8", 1, 0}, {"16", 2, 0}, {"64", 1, 0}}},
    SPIN_AXIS,
    {0},
};

extern const struct kernel KERNEL_SYMBOL(broadcast);
const struct kernel KERNEL_SYMBOL(broadcast) = {
    .name = "broadcast",
    .family = "messages",
    .summary = "one writer; all others read each message and acknowledge it",
    .op = "message",
    .weight = 1,
    .joint = true,
    .uses = USES_LOAD | USES_STORE,
    .min_threads = 2,
    .max_threads = MAX_THREADS,
    .state_bytes = sizeof(struct state),
    .axes = axes,
    .setup = setup,
    .prepare = prepare,
    .run = RUN_SYMBOL(broadcast),
    .run_at = run_at,
    .check = check,
};
