/* SPDX-License-Identifier: MIT
 *
 * shared_counter: all threads count: by fetch-and-add on one word, by a loop of compare-and-swap
 * on it, or each by fetch-and-add on a word of its own (sharded), whose sum is the count. Every
 * thread adds up the numbers it drew, so a number that two of them drew is seen.
 *
 * The references are the same by Concurrency Kit's ck_pr.
 */
#include <ck_pr.h>
#include <string.h>

#include "access.h"

enum { MAX_THREADS = 256 };

struct state {
    struct shard {
        LINE_ALIGNED uint64_t count;
        LINE_ALIGNED uint64_t sum; /* of what this thread drew in the sample; its own */
    } shard[MAX_THREADS];
    LINE_ALIGNED uint32_t by_cas, sharded; /* never written while it runs */
};

static void setup(struct work *work, unsigned thread) {
    struct state *state = work->state;
    const char *by = param_word(work->params, "by");
    memset(&state->shard[thread], 0, sizeof state->shard[thread]);
    if (thread == 0) {
        state->by_cas = strcmp(by, "cas") == 0;
        state->sharded = strcmp(by, "sharded") == 0;
    }
}

static void prepare(struct work *work, uint64_t ops) {
    (void)ops;
    struct state *state = work->state;
    for (unsigned i = 0; i < work->threads; i++) {
        state->shard[i].count = work->nonce;
        state->shard[i].sum = 0;
    }
}

ALWAYS_INLINE uint64_t draw_by_cas(uint64_t *count) {
    uint64_t old = sync_load64(count), seen;
    while ((seen = sync_compare_exchange64(count, old, old + 1)) != old)
        old = seen;
    return old;
}

void RUN_SYMBOL(shared_counter)(struct work *work, unsigned thread, uint64_t ops) {
    struct state *state = private_load_pointer(&work->state);
    struct shard *own = &state->shard[thread];
    uint64_t *count = private_load32(&state->sharded) ? &own->count : &state->shard[0].count;
    uint64_t sum = 0;
    if (private_load32(&state->by_cas)) {
        for (; ops; ops--)
            sum += draw_by_cas(count);
    } else {
        for (; ops; ops--)
            sum += sync_fetch_add64(count, 1);
    }
    private_store64(&own->sum, sum);
}

void REFERENCE_SYMBOL(shared_counter_ck)(struct work *work, unsigned thread, uint64_t ops) {
    struct state *state = work->state;
    struct shard *own = &state->shard[thread];
    uint64_t *count = state->sharded ? &own->count : &state->shard[0].count, sum = 0;
    if (state->by_cas) {
        for (; ops; ops--) {
            uint64_t old = ck_pr_load_64(count);
            while (!ck_pr_cas_64_value(count, old, old + 1, &old))
                ;
            sum += old;
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
        if (state->shard[i].count - work->nonce != each)
            return "an increment was lost";
    for (unsigned i = 0; i < work->threads; i++)
        sum += state->shard[i].sum;
    if (sum != counters * (each * work->nonce + each * (each - 1) / 2))
        return "a number was drawn twice";
    return NULL;
}

static unsigned without(const struct params *params) {
    return strcmp(param_word(params, "by"), "cas") ? USES_LOAD | USES_CAS : USES_ADD;
}

VARIANTS({"ck", VARIANT_REFERENCE, 0, REFERENCE_SYMBOL(shared_counter_ck)})

static const struct axis axes[] = {
    {"by", AXIS_WORD, {{"add", 0, 0}, {"cas", 1, 0}, {"sharded", 1, 0}}},
    {0},
};

extern const struct kernel KERNEL_SYMBOL(shared_counter);
const struct kernel KERNEL_SYMBOL(shared_counter) = {
    .name = "shared_counter",
    .family = "messages",
    .summary = "all threads count: one word by add or CAS, or a word each",
    .op = "increment",
    .weight = 1,
    .uses = USES_LOAD | USES_ADD | USES_CAS,
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
