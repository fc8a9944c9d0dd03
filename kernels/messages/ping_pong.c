/* SPDX-License-Identifier: MIT
 *
 * ping_pong: message passing between two cores: a payload, then a flag on another line; the other
 * side waits for the flag, reads the payload and answers likewise. The plainest use of ordering,
 * and the test whose failure in weak mode is famous (MP).
 */
#include "access.h"

enum { MAX_WORDS = 8 };

struct message {
    LINE_ALIGNED uint64_t flag; /* how many were sent, ever */
    LINE_ALIGNED uint64_t payload[MAX_WORDS];
};

struct state {
    struct message ping, pong;
    struct own {
        LINE_ALIGNED uint64_t rounds; /* this side's count of them, ever */
        uint64_t wrong;               /* bits in which a payload differed from what it must be */
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

/* Word i of message `round` is value + i. */
ALWAYS_INLINE void send(struct message *message, uint64_t round, uint64_t value, uint64_t words) {
    for (uint64_t i = 0; i < words; i++)
        data_store64(&message->payload[i], value + i);
    sync_store64(&message->flag, round);
}

/* The bits that are wrong in the message of `round`, once it is there. */
ALWAYS_INLINE uint64_t receive(const struct message *message, uint64_t round, uint64_t value,
                               uint64_t words) {
    uint64_t wrong = 0;
    while (sync_load64(&message->flag) != round)
        cpu_relax();
    for (uint64_t i = 0; i < words; i++)
        wrong |= data_load64(&message->payload[i]) ^ (value + i);
    return wrong;
}

void RUN_SYMBOL(ping_pong)(struct work *work, unsigned thread, uint64_t ops) {
    struct state *state = private_load_pointer(&work->state);
    struct own *own = &state->own[thread];
    uint64_t words = private_load64(&state->words), nonce = private_load64(&work->nonce);
    uint64_t round = private_load64(&own->rounds), last = round + ops, wrong = 0;
    if (thread == 0) {
        while (round != last) {
            round++;
            send(&state->ping, round, nonce + round, words);
            wrong |= receive(&state->pong, round, ~(nonce + round), words);
        }
    } else {
        while (round != last) {
            round++;
            wrong |= receive(&state->ping, round, nonce + round, words);
            send(&state->pong, round, ~(nonce + round), words);
        }
    }
    private_store64(&own->rounds, round);
    private_store64(&own->wrong, wrong | private_load64(&own->wrong));
}

static const char *check(struct work *work, uint64_t ops) {
    const struct state *state = work->state;
    for (int i = 0; i < 2; i++)
        if (state->own[i].rounds - state->start != ops)
            return "another number of messages was exchanged";
    if (state->own[0].wrong || state->own[1].wrong)
        return "a flag arrived before its payload";
    return NULL;
}

static const struct axis axes[] = {
    {"words", AXIS_NUMBER, {{"1", 0, 0}, {"8", 1, 0}}},
    {0},
};

extern const struct kernel KERNEL_SYMBOL(ping_pong);
const struct kernel KERNEL_SYMBOL(ping_pong) = {
    .name = "ping_pong",
    .family = "messages",
    .summary = "message passing between two cores: payload, then flag, and back",
    .op = "round trip",
    .joint = true,
    .uses = USES_LOAD | USES_STORE,
    .min_threads = 2,
    .max_threads = 2,
    .state_bytes = sizeof(struct state),
    .axes = axes,
    .setup = setup,
    .prepare = prepare,
    .run = RUN_SYMBOL(ping_pong),
    .check = check,
};
