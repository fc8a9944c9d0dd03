/* SPDX-License-Identifier: MIT
 *
 * ping_pong: message passing between two cores: a payload, then a flag on another line; the other
 * side waits for the flag, reads the payload and answers likewise. The plainest use of ordering,
 * and the test whose failure in weak mode is famous (MP). Without a payload: how long a line takes
 * from core to core.
 */
#include "access.h"
#include "spin.h"

enum { MAX_WORDS = 64 };

struct message {
    LINE_ALIGNED uint64_t flag; /* another value with each message */
    LINE_ALIGNED uint64_t payload[MAX_WORDS];
};

struct state {
    struct message ping, pong;
    struct own {
        LINE_ALIGNED uint64_t rounds; /* this side's count of them, ever */
        uint64_t seen;                /* the flag that it last received */
        uint64_t wrong;               /* bits in which a message differed from what it must be */
    } own[2];
    LINE_ALIGNED uint64_t words; /* never written while it runs */
    uint64_t start;              /* rounds before the sample */
};

static void setup(struct work *work, unsigned thread) {
    struct state *state = work->state;
    if (thread == 0)
        state->words = param_number(work->params, "words");
}

static void prepare(struct work *work, uint64_t ops) {
    (void)ops;
    struct state *state = work->state;
    state->start = state->own[0].rounds;
    state->own[0].wrong = state->own[1].wrong = 0;
}

/* The flag of a message is `value`, word i of it is value + i. */
ALWAYS_INLINE void send(struct message *message, uint64_t value, uint64_t words) {
    for (uint64_t i = 0; i < words; i++)
        data_store64(&message->payload[i], value + i);
    sync_store64(&message->flag, value);
}

/* Waits for the next message. The bits that are wrong in it. */
ALWAYS_INLINE uint64_t receive(const struct message *message, uint64_t *seen, uint64_t value,
                               uint64_t words, enum spin spin) {
    uint64_t flag;
    while ((flag = sync_load64(&message->flag)) == *seen)
        spin_on64(spin, &message->flag, flag);
    *seen = flag;
    uint64_t wrong = flag ^ value;
    for (uint64_t i = 0; i < words; i++)
        wrong |= data_load64(&message->payload[i]) ^ (value + i);
    return wrong;
}

ALWAYS_INLINE void spinning(struct work *work, unsigned thread, uint64_t ops, enum spin spin) {
    struct state *state = private_load_pointer(&work->state);
    struct own *own = &state->own[thread];
    uint64_t words = private_load64(&state->words), nonce = private_load64(&work->nonce);
    uint64_t value = nonce + private_load64(&own->rounds), last = value + ops;
    uint64_t seen = private_load64(&own->seen), wrong = 0;
    if (thread == 0) {
        while (value != last) {
            send(&state->ping, ++value, words);
            wrong |= receive(&state->pong, &seen, ~value, words, spin);
        }
    } else {
        while (value != last) {
            wrong |= receive(&state->ping, &seen, ++value, words, spin);
            send(&state->pong, ~value, words);
        }
    }
    private_store64(&own->rounds, value - nonce);
    private_store64(&own->seen, seen);
    private_store64(&own->wrong, wrong | private_load64(&own->wrong));
}
SPIN_RUNS(ping_pong, spinning)

static const char *check(struct work *work, uint64_t ops) {
    const struct state *state = work->state;
    for (int i = 0; i < 2; i++)
        if (state->own[i].rounds - state->start != ops)
            return "another number of messages was exchanged";
    if (state->own[0].wrong || state->own[1].wrong)
        return "a message arrived wrong, or its flag before its payload";
    return NULL;
}

static const struct axis axes[] = {
    {"words",
     AXIS_NUMBER,
     {{"1", 0, 0}, {"0", 1, 0}, {"8", 1, 0}, {"16", 2, 0}, {"32", 2, 0}, {"64", 1, 0}}},
    SPIN_AXIS,
    {0},
};

extern const struct kernel KERNEL_SYMBOL(ping_pong);
const struct kernel KERNEL_SYMBOL(ping_pong) = {
    .name = "ping_pong",
    .family = "messages",
    .summary = "message passing between two cores: payload, then flag, and back",
    .op = "round trip",
    .weight = 1,
    .joint = true,
    .uses = USES_LOAD | USES_STORE,
    .min_threads = 2,
    .max_threads = 2,
    .state_bytes = sizeof(struct state),
    .axes = axes,
    .setup = setup,
    .prepare = prepare,
    .run = RUN_SYMBOL(ping_pong),
    .run_at = run_at,
    .check = check,
};
