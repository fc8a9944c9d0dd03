/* SPDX-License-Identifier: MIT
 *
 * spsc.h: what the queues of one producer and one consumer share: parameters, checks, and
 * Concurrency Kit's ring as their reference.
 */
#ifndef SPSC_H
#define SPSC_H

#include <ck_ring.h>

#include "spend.h"
#include "spin.h"
#include "traffic.h"

enum { MAX_SLOTS = 1024, SLIP = 2048 };

/* Who finds a queue empty, or full, stays away for so many cycles, that the other may get some
 * lines ahead and the two do not fight for one (temporal slipping: Giacomoni, Moseley and
 * Vachharajani, FastForward, PPoPP 2008). Not where latency is the subject. */
ALWAYS_INLINE uint64_t slip_of(const struct route *route) {
    return route->latency ? 0 : SLIP;
}

/* After a look at *p that found `seen` there. */
ALWAYS_INLINE void slip(uint64_t cycles, enum spin spin, const uint64_t *p, uint64_t seen) {
    spin_on64(spin, p, seen);
    spend(cycles);
}

/* A state begins with this. */
struct spsc {
    struct traffic traffic;
    LINE_ALIGNED uint64_t slots; /* a power of two; never written while it runs */
    struct ck_queue {
        LINE_ALIGNED ck_ring_t ring;
        LINE_ALIGNED ck_ring_buffer_t slot[MAX_SLOTS];
    } ck[2];
};

static inline void spsc_setup(struct work *work, unsigned thread) {
    struct spsc *spsc = work->state;
    traffic_setup(&spsc->traffic, thread);
    if (thread)
        return;
    spsc->slots = param_number(work->params, "slots");
    spsc->traffic.latency = is_latency(work);
    for (int i = 0; i < 2; i++)
        ck_ring_init(&spsc->ck[i].ring, (unsigned)spsc->slots);
}

/* In order, so nothing is summed. */
static inline const char *spsc_check(struct work *work, uint64_t ops) {
    const struct spsc *spsc = work->state;
    return traffic_check(&spsc->traffic, work, ops, false);
}

struct ck_side {
    struct ck_queue *to, *from;
};

ALWAYS_INLINE void ck_push(void *side, uint64_t value) {
    struct ck_queue *to = ((struct ck_side *)side)->to;
    while (!ck_ring_enqueue_spsc(&to->ring, to->slot, (const void *)value))
        cpu_relax();
}

ALWAYS_INLINE uint64_t ck_pop(void *side) {
    struct ck_queue *from = ((struct ck_side *)side)->from;
    void *value;
    while (!ck_ring_dequeue_spsc(&from->ring, from->slot, (void *)&value))
        cpu_relax();
    return (uint64_t)value;
}

ALWAYS_INLINE void spsc_ck(struct work *work, unsigned thread, uint64_t ops) {
    struct spsc *spsc = work->state;
    struct route route = route_of(work, &spsc->traffic, thread, ops);
    struct ck_side side = {&spsc->ck[route.to], &spsc->ck[route.from]};
    stream(&route, &side, ck_push, ck_pop);
}

static const struct axis spsc_axes[] = {
    {"slots", AXIS_NUMBER, {{"1024", 0, 0}, {"64", 2, 0}}},
    MODE_AXIS,
    SPIN_AXIS,
    {0},
};

/* Defines the kernel of such a queue and its reference. */
#define SPSC_KERNEL(name_, ...)                                                                    \
    void REFERENCE_SYMBOL(name_##_ck)(struct work * work, unsigned thread, uint64_t ops) {         \
        spsc_ck(work, thread, ops);                                                                \
    }                                                                                              \
    VARIANTS({"ck", VARIANT_REFERENCE, 0, REFERENCE_SYMBOL(name_##_ck)})                           \
    QUEUE_KERNEL(name_, .uses = USES_LOAD | USES_STORE, .max_threads = 2, .axes = spsc_axes,       \
                 .setup = spsc_setup, .run_at = run_at, .check = spsc_check, .variants = variants, \
                 __VA_ARGS__)

#endif
