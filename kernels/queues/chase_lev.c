/* SPDX-License-Identifier: MIT
 *
 * chase_lev: the work-stealing deque of Chase and Lev (Dynamic circular work-stealing deque, 2005)
 * without growth, ordered as by Lê, Pop, Cohen and Zappa Nardelli (Correct and efficient
 * work-stealing for weak memory models, 2013). Thread 0 pushes elements and takes every second
 * one back, the latest first; all others steal the oldest. Take stores one index and then loads
 * the other, so it needs a fence even under TSO.
 */
#define SPIN_ON_SEVERAL
#include "spin.h"
#include "traffic.h"

enum { SLOTS = 64 };

struct state {
    struct traffic traffic;
    LINE_ALIGNED uint64_t top;    /* the oldest element: thieves take it from here */
    LINE_ALIGNED uint64_t bottom; /* one after the latest: the owner's */
    LINE_ALIGNED uint64_t done;   /* how many runs the owner has finished */
    LINE_ALIGNED uint64_t slot[SLOTS];
};

static void setup(struct work *work, unsigned thread) {
    struct state *state = work->state;
    traffic_setup(&state->traffic, thread);
}

/* False if it is full; `bottom` is state->bottom. */
ALWAYS_INLINE bool push(struct state *state, uint64_t *bottom, uint64_t value) {
    if (*bottom - sync_load64(&state->top) >= SLOTS)
        return false;
    data_store64(&state->slot[*bottom % SLOTS], value);
    sync_store64(&state->bottom, ++*bottom);
    return true;
}

/* False if it is empty. */
ALWAYS_INLINE bool take(struct state *state, uint64_t *bottom, uint64_t *value) {
    uint64_t last = *bottom - 1;
    sync_store64(&state->bottom, last);
    sync_fence();
    uint64_t top = sync_load64(&state->top);
    bool taken = (int64_t)(last - top) >= 0;
    if (taken)
        *value = data_load64(&state->slot[last % SLOTS]);
    if ((int64_t)(last - top) > 0) {
        *bottom = last;
        return true;
    }
    if (taken) /* the last element: a thief may be faster */
        taken = sync_compare_exchange64(&state->top, top, top + 1) == top;
    sync_store64(&state->bottom, *bottom);
    return taken;
}

/* False if it is empty, or another thread was faster. */
ALWAYS_INLINE bool steal(struct state *state, uint64_t *value) {
    uint64_t top = sync_load64(&state->top);
    sync_fence();
    uint64_t bottom = sync_load64(&state->bottom);
    if ((int64_t)(bottom - top) <= 0)
        return false;
    /* The owner may overwrite it once the top has moved: then the exchange fails. */
    *value = data_load64(&state->slot[top % SLOTS]);
    return sync_compare_exchange64(&state->top, top, top + 1) == top;
}

ALWAYS_INLINE void own(struct state *state, struct tally *tally) {
    const struct route *route = tally->route;
    uint64_t bottom = private_load64(&state->bottom), value;
    for (uint64_t n = route->ops; n; tally->next++, n--) {
        while (!push(state, &bottom, tally->next))
            if (take(state, &bottom, &value))
                tally_add(tally, value);
        if ((n % 2 || route->threads == 1) && take(state, &bottom, &value))
            tally_add(tally, value);
    }
    while (take(state, &bottom, &value))
        tally_add(tally, value);
}

ALWAYS_INLINE void rob(struct state *state, struct tally *tally, uint64_t run, enum spin spin) {
    for (;;) {
        uint64_t value;
        if (steal(state, &value))
            tally_add_in_order(tally, value);
        else if (sync_load64(&state->done) == run)
            return;
        else
            spin_on64(spin, &state->bottom, 0);
    }
}

ALWAYS_INLINE void spinning(struct work *work, unsigned thread, uint64_t ops, enum spin spin) {
    struct state *state = private_load_pointer(&work->state);
    struct route route = route_of(work, &state->traffic, thread, ops);
    struct tally tally = tally_begin(&route);
    uint64_t run = private_load64(&route.books->kept[0]) + 1;
    if (thread == 0) {
        own(state, &tally);
        sync_store64(&state->done, run);
    } else {
        rob(state, &tally, run, spin);
    }
    private_store64(&route.books->kept[0], run);
    tally_end(&tally);
}
SPIN_RUNS(chase_lev, spinning)

static const struct axis axes[] = {SPIN_AXIS, {0}};

QUEUE_KERNEL(chase_lev,
             .summary = "work-stealing deque: one owner pushes and takes, the others steal",
             .weight = 1, .uses = USES_LOAD | USES_STORE | USES_CAS | USES_FENCE,
             .max_threads = MOST_THREADS, .axes = axes, .setup = setup, .run_at = run_at,
             .check = queue_check)
