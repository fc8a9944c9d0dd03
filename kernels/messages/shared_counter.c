/* SPDX-License-Identifier: MIT
 *
 * shared_counter: all threads count: by fetch-and-add on one word, by a loop of compare-and-swap
 * on it, of 8 bytes or of 16 (two words that are alike), or each by fetch-and-add on a word of its
 * own (sharded), whose sum is the count. Every thread adds up the numbers it drew, so a number that
 * two of them drew is seen.
 *
 * The references are the same by Concurrency Kit's ck_pr. Beside the 16 bytes stand the forms of
 * rmw_forms, which are alone there.
 */
#include <ck_pr.h>
#include <string.h>

#include "access.h"
#include "instructions/pairs.h"

enum { MAX_THREADS = 256 };

struct state {
    struct shard {
        LINE_ALIGNED uint64_t count[2]; /* of 16 bytes both are the count */
        LINE_ALIGNED uint64_t sum;      /* of what this thread drew in the sample; its own */
    } shard[MAX_THREADS];
    LINE_ALIGNED uint32_t by_cas, by_cas16, sharded; /* never written while it runs */
};

static void setup(struct work *work, unsigned thread) {
    struct state *state = work->state;
    const char *by = param_word(work->params, "by");
    memset(&state->shard[thread], 0, sizeof state->shard[thread]);
    if (thread == 0) {
        state->by_cas = strcmp(by, "cas") == 0;
        state->by_cas16 = strcmp(by, "cas16") == 0;
        state->sharded = strcmp(by, "sharded") == 0;
    }
}

static void prepare(struct work *work, uint64_t ops) {
    (void)ops;
    struct state *state = work->state;
    for (unsigned i = 0; i < work->threads; i++) {
        state->shard[i].count[0] = state->shard[i].count[1] = work->nonce;
        state->shard[i].sum = 0;
    }
}

ALWAYS_INLINE uint64_t draw_by_cas(uint64_t *count) {
    uint64_t old = sync_load64(count), seen;
    while ((seen = sync_compare_exchange64(count, old, old + 1)) != old)
        old = seen;
    return old;
}

/* What a failing one returns may be of two moments (treiber_stack): then the next one fails, too.
 */
ALWAYS_INLINE uint64_t draw_by_cas16(uint64_t *count) {
    struct pair old = {sync_load64(count), sync_load64(count + 1)};
    for (;;) {
        struct pair seen =
            sync_compare_exchange_pair(count, old, (struct pair){old.low + 1, old.high + 1});
        if (seen.low == old.low && seen.high == old.high)
            return old.low;
        old = seen;
    }
}

void RUN_SYMBOL(shared_counter)(struct work *work, unsigned thread, uint64_t ops) {
    struct state *state = private_load_pointer(&work->state);
    struct shard *own = &state->shard[thread];
    uint64_t *count = private_load32(&state->sharded) ? own->count : state->shard[0].count;
    uint64_t sum = 0;
    if (private_load32(&state->by_cas)) {
        for (; ops; ops--)
            sum += draw_by_cas(count);
    } else if (private_load32(&state->by_cas16)) {
        for (; ops; ops--)
            sum += draw_by_cas16(count);
    } else {
        for (; ops; ops--)
            sum += sync_fetch_add64(count, 1);
    }
    private_store64(&own->sum, sum);
}

#if FORMS_HERE
#define DEFINE_DRAWS(id)                                                                           \
    void RUN_SYMBOL(shared_counter_##id)(struct work * work, unsigned thread, uint64_t ops) {      \
        struct state *state = private_load_pointer(&work->state);                                  \
        uint64_t *count = state->shard[0].count, sum = 0;                                          \
        for (; ops; ops--) {                                                                       \
            uint64_t old = private_load64(count);                                                  \
            for (;;) {                                                                             \
                struct pair seen = pair_##id((uint8_t *)count, old, old + 1);                      \
                if (seen.low == old && seen.high == old)                                           \
                    break;                                                                         \
                old = seen.low;                                                                    \
            }                                                                                      \
            sum += old;                                                                            \
        }                                                                                          \
        private_store64(&state->shard[thread].sum, sum);                                           \
    }
#define LOOP_ROW(bits, id, name, needs, text) DEFINE_PAIR_LOOP(id, name, text) DEFINE_DRAWS(id)
#define CASP_ROW(bits, id, name, needs, text)                                                      \
    DEFINE_PAIR_EXCHANGE(id, name, text, "+&r") DEFINE_DRAWS(id)
#define NO_ROW(bits, id, name, needs, text)
#define VARIANT_ROW(bits, id, name, needs, text)                                                   \
    {name, VARIANT_FORM, needs, RUN_SYMBOL(shared_counter_##id)},
PAIR_RMW_FORMS(LOOP_ROW, NO_ROW, CASP_ROW, NO_ROW, 128)
#endif

void REFERENCE_SYMBOL(shared_counter_ck)(struct work *work, unsigned thread, uint64_t ops) {
    struct state *state = work->state;
    struct shard *own = &state->shard[thread];
    uint64_t *count = state->sharded ? own->count : state->shard[0].count, sum = 0;
    if (state->by_cas) {
        for (; ops; ops--) {
            uint64_t old = ck_pr_load_64(count);
            while (!ck_pr_cas_64_value(count, old, old + 1, &old))
                ;
            sum += old;
        }
    } else if (state->by_cas16) {
        for (; ops; ops--) {
            uint64_t old[2] = {count[0], count[1]}, next[2] = {old[0] + 1, old[1] + 1};
            while (!ck_pr_cas_64_2_value(count, old, next, old))
                next[0] = old[0] + 1, next[1] = old[1] + 1;
            sum += old[0];
        }
    } else {
        for (; ops; ops--)
            sum += ck_pr_faa_64(count, 1);
    }
    own->sum = sum;
}

static const char *check(struct work *work, uint64_t ops) {
    const struct state *state = work->state;
    uint64_t counters = state->sharded ? work->threads : 1, sum = 0;
    uint64_t each = ops * work->threads / counters;
    for (uint64_t i = 0; i < counters; i++)
        if (state->shard[i].count[0] - work->nonce != each)
            return "an increment was lost";
    if (state->by_cas16 && state->shard[0].count[1] != state->shard[0].count[0])
        return "half an increment was lost";
    for (unsigned i = 0; i < work->threads; i++)
        sum += state->shard[i].sum;
    if (sum != counters * (each * work->nonce + each * (each - 1) / 2))
        return "a number was drawn twice";
    return NULL;
}

static unsigned without(const struct params *params) {
    const char *by = param_word(params, "by");
    return strcmp(by, "cas16") == 0 ? USES_ADD
           : strcmp(by, "cas") == 0 ? USES_ADD | USES_PAIR
                                    : USES_LOAD | USES_CAS | USES_PAIR;
}

static const struct variant *variants(const struct params *params) {
    static const struct variant tables[2][16] = {
        {{"ck", VARIANT_REFERENCE, 0, REFERENCE_SYMBOL(shared_counter_ck)}},
        {{"ck", VARIANT_REFERENCE, 0, REFERENCE_SYMBOL(shared_counter_ck)},
#if FORMS_HERE
         PAIR_RMW_FORMS(VARIANT_ROW, NO_ROW, VARIANT_ROW, NO_ROW, 128)
#endif
        },
    };
    return tables[strcmp(param_word(params, "by"), "cas16") == 0];
}

static const struct axis axes[] = {
    {"by", AXIS_WORD, {{"add", 0, 0}, {"cas", 1, 0}, {"sharded", 1, 0}, {"cas16", 2, 0}}},
    {0},
};

extern const struct kernel KERNEL_SYMBOL(shared_counter);
const struct kernel KERNEL_SYMBOL(shared_counter) = {
    .name = "shared_counter",
    .family = "messages",
    .summary = "all threads count: one word by add or CAS, 16 bytes by CAS, or a word each",
    .op = "increment",
    .weight = 1,
    .uses = USES_LOAD | USES_ADD | USES_CAS | USES_PAIR,
    .without = without,
    .min_threads = 1,
    .max_threads = MAX_THREADS,
    .state_bytes = sizeof(struct state),
    .axes = axes,
    .setup = setup,
    .prepare = prepare,
    .run = RUN_SYMBOL(shared_counter),
    .check = check,
    .variants = variants,
};
