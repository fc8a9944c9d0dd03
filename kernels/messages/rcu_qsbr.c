/* SPDX-License-Identifier: MIT
 *
 * rcu_qsbr: read-copy-update by quiescent states (Desnoyers, McKenney and others, "User-Level
 * Implementations of Read-Copy Update", IEEE TPDS 23(2), 2012). Readers follow a published pointer
 * to a record and read it without a lock; the writer fills another record, publishes it, and
 * waits until every reader has said that it holds no reference from before, since the record that
 * was replaced is the next to be filled. Thread 0 reads as the others do, and writes in between:
 * once in `reads` of its operations.
 *
 * Nobody needs a store-load fence. A reader's accesses to the old record stand before its release
 * store of the grace period, and the writer's stores to that record after the acquire load that
 * saw it; and a reader that has seen the new grace period (acquire) finds the new pointer, which
 * was stored before. Fences are for readers that come and go; these come and go all together: at
 * the end of their operations they answer the writer until it is done too.
 *
 * The reference is liburcu's QSBR flavour, with the same records.
 */
#define _LGPL_SOURCE /* its readers' functions in line; their text allows that to any code */
#include <string.h>
#include <urcu/urcu-qsbr.h>

#include "access.h"
#include "pattern.h"
#define SPIN_ON_SEVERAL
#include "spin.h"

enum { WORDS = 4, MAX_THREADS = 256 };

struct record {
    LINE_ALIGNED uint64_t word[WORDS]; /* word i is nonce + version + i */
};

struct state {
    LINE_ALIGNED struct record *published; /* of the writer, as is the rest of this line */
    uint64_t grace;                        /* the version that readers shall answer */
    uint64_t finished;                     /* how many calls of run() the writer has ended */
    struct record record[2];               /* by version */
    struct own {
        LINE_ALIGNED uint64_t quiescent; /* the grace period that this reader has answered */
        LINE_ALIGNED uint64_t reads;     /* this thread's count of them, ever */
        uint64_t runs;                   /* calls of run() */
        uint64_t latest;                 /* the first word of the record that it read last */
        uint64_t wrong;                  /* bits in which a record differed from what it must be */
    } own[MAX_THREADS];
    LINE_ALIGNED uint64_t version; /* this line is the writer's */
    uint64_t until;                /* operations to the next update */
    LINE_ALIGNED uint64_t reads;   /* from update to update; never written while it runs */
    uint64_t start, updates;       /* version before the sample, updates in it */
    uint64_t done[MAX_THREADS];    /* reads before the sample */
};

static void setup(struct work *work, unsigned thread) {
    struct state *state = work->state;
    memset(&state->own[thread], 0, sizeof state->own[thread]);
    if (thread == 0) {
        memset(state->done, 0, sizeof state->done);
        state->reads = state->until = param_number(work->params, "reads");
        state->published = &state->record[0];
    }
}

/* The first update is at a random place, so that n operations have n / reads of them in the mean;
 * but every sample has one. */
static void prepare(struct work *work, uint64_t ops) {
    struct state *state = work->state;
    uint64_t random = pattern_random(work->nonce, 0);
    state->until = 1 + random % (ops < state->reads ? ops : state->reads);
    state->updates = 1 + (ops - state->until) / state->reads;
    state->start = state->version;
    for (unsigned i = 0; i < WORDS; i++)
        state->published->word[i] = work->nonce + state->version + i;
    for (unsigned i = 0; i < work->threads; i++) {
        state->own[i].wrong = 0;
        state->own[i].latest = work->nonce + state->version;
        state->done[i] = state->own[i].reads;
    }
}

/* What a reader finds out. */
struct findings {
    uint64_t latest, wrong;
};

/* A version is whole, and none comes after a later one. */
#define LOOK_AT(record, found, load)                                                               \
    do {                                                                                           \
        uint64_t first_ = load(&(record)->word[0]);                                                \
        _Pragma("GCC unroll 4") for (int i = 1; i < WORDS; i++)(found)->wrong |=                   \
            load(&(record)->word[i]) ^ (first_ + (uint64_t)i);                                     \
        (found)->wrong |= (first_ - (found)->latest) >> 63;                                        \
        (found)->latest = first_;                                                                  \
    } while (0)

ALWAYS_INLINE void read_record(struct state *state, struct findings *found) {
    uint64_t published = sync_load64((const uint64_t *)(void *)&state->published);
    const struct record *record = (const struct record *)(uintptr_t)published;
    LOOK_AT(record, found, data_load64);
}

ALWAYS_INLINE void answer(struct state *state, struct own *own, uint64_t *answered) {
    uint64_t grace = sync_load64(&state->grace);
    if (grace != *answered)
        sync_store64(&own->quiescent, *answered = grace);
}

ALWAYS_INLINE void update(struct state *state, uint64_t nonce, unsigned threads, enum spin spin) {
    uint64_t version = private_load64(&state->version) + 1;
    struct record *record = &state->record[version & 1];
    for (uint64_t i = 0; i < WORDS; i++)
        data_store64(&record->word[i], nonce + version + i);
    sync_store64((uint64_t *)(void *)&state->published, (uint64_t)(uintptr_t)record);
    sync_store64(&state->grace, version);
    for (unsigned reader = 1; reader < threads; reader++)
        while (sync_load64(&state->own[reader].quiescent) != version)
            spin_on64(spin, &state->own[reader].quiescent, 0);
    private_store64(&state->version, version);
}

ALWAYS_INLINE void spinning(struct work *work, unsigned thread, uint64_t ops, enum spin spin) {
    struct state *state = private_load_pointer(&work->state);
    struct own *own = &state->own[thread];
    struct findings found = {.latest = private_load64(&own->latest)};
    uint64_t runs = private_load64(&own->runs) + 1, reads = private_load64(&own->reads) + ops;
    if (thread == 0) {
        unsigned threads = private_load32(&work->threads);
        uint64_t nonce = private_load64(&work->nonce), until = private_load64(&state->until);
        for (; ops; ops--) {
            if (--until == 0) {
                until = private_load64(&state->reads);
                update(state, nonce, threads, spin);
            }
            read_record(state, &found);
        }
        private_store64(&state->until, until);
        sync_store64(&state->finished, runs);
    } else {
        uint64_t answered = private_load64(&own->quiescent);
        for (; ops; ops--) {
            read_record(state, &found);
            answer(state, own, &answered);
        }
        while (sync_load64(&state->finished) != runs) {
            answer(state, own, &answered);
            spin_on64(spin, &state->finished, 0);
        }
    }
    private_store64(&own->runs, runs);
    private_store64(&own->reads, reads);
    private_store64(&own->latest, found.latest);
    private_store64(&own->wrong, found.wrong | private_load64(&own->wrong));
}
SPIN_RUNS(rcu_qsbr, spinning)

void REFERENCE_SYMBOL(rcu_qsbr_liburcu)(struct work *work, unsigned thread, uint64_t ops) {
    struct state *state = work->state;
    struct own *own = &state->own[thread];
    struct findings found = {.latest = own->latest};
    uint64_t until = thread == 0 ? state->until : UINT64_MAX;
    own->reads += ops;
    urcu_qsbr_register_thread();
    for (; ops; ops--) {
        if (--until == 0) {
            struct record *record = &state->record[++state->version & 1];
            until = state->reads;
            for (uint64_t i = 0; i < WORDS; i++)
                record->word[i] = work->nonce + state->version + i;
            rcu_assign_pointer(state->published, record);
            urcu_qsbr_synchronize_rcu();
        }
        urcu_qsbr_read_lock();
        const struct record *record = rcu_dereference(state->published);
        LOOK_AT(record, &found, *);
        urcu_qsbr_read_unlock();
        urcu_qsbr_quiescent_state();
    }
    urcu_qsbr_unregister_thread();
    if (thread == 0)
        state->until = until;
    own->latest = found.latest;
    own->wrong |= found.wrong;
}

static const char *check(struct work *work, uint64_t ops) {
    const struct state *state = work->state;
    uint64_t now = work->nonce + state->version;
    if (state->version - state->start != state->updates)
        return "another number of updates was made";
    for (unsigned i = 0; i < WORDS; i++)
        if (state->published->word[i] != now + i)
            return "the latest record was not published";
    for (unsigned i = 0; i < work->threads; i++) {
        const struct own *own = &state->own[i];
        if (own->reads - state->done[i] != ops)
            return "another number of reads was made";
        if (own->wrong || own->latest - (work->nonce + state->start) > state->updates)
            return "a record changed while it was read, or an old one came after it";
    }
    return NULL;
}

VARIANTS({"liburcu", VARIANT_REFERENCE, 0, REFERENCE_SYMBOL(rcu_qsbr_liburcu)})

static const struct axis axes[] = {
    {"reads", AXIS_NUMBER, {{"1024", 0, 0}, {"64", 1, 0}, {"16384", 2, 0}}},
    SPIN_AXIS,
    {0},
};

extern const struct kernel KERNEL_SYMBOL(rcu_qsbr);
const struct kernel KERNEL_SYMBOL(rcu_qsbr) = {
    .name = "rcu_qsbr",
    .family = "messages",
    .summary = "RCU readers by quiescent states; thread 0 replaces the record now and then",
    .op = "read",
    .weight = 1,
    .uses = USES_LOAD | USES_STORE,
    .min_threads = 2,
    .max_threads = MAX_THREADS,
    .state_bytes = sizeof(struct state),
    .axes = axes,
    .setup = setup,
    .prepare = prepare,
    .run = RUN_SYMBOL(rcu_qsbr),
    .run_at = run_at,
    .check = check,
    .variants = variants,
};
