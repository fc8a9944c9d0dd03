/* SPDX-License-Identifier: MIT
 *
 * traffic.h: who pushes and pops how many elements, and whether all arrived: what the queues
 * share, so that each file holds only its queue.
 *
 * A queue with one end a side knows which element must come next, so a stream's check is one
 * comparison. Where several push or pop, elements carry their producer and their number in
 * it; a consumer adds numbers and their squares up, which says that each came once, and holds
 * each against the last of the same producer, which says that they came in order.
 *
 * mode=latency: thread 0 pushes to one queue and thread 1 answers through another. What is pushed
 * depends on what was popped, so no operation begins before the last one ends, also not where one
 * thread does both. Further threads have nothing to do.
 */
#ifndef TRAFFIC_H
#define TRAFFIC_H

#include <string.h>

#include "access.h"

enum { MOST_THREADS = 128, PRODUCER_SHIFT = 48 };

/* What a thread notes of its elements. */
struct books {
    LINE_ALIGNED uint64_t pushed; /* ever */
    uint64_t start;               /* of them before the sample */
    uint64_t popped;              /* these and the next in the sample */
    uint64_t sum, squares;
    uint64_t wrong;
    uint64_t kept[2]; /* what its queue keeps for it between runs; a reference has the second */
    LINE_ALIGNED uint32_t last[MOST_THREADS]; /* one more than the number popped, by producer */
};

struct traffic {
    LINE_ALIGNED uint32_t latency; /* never written while it runs */
    struct books books[MOST_THREADS];
};

#define MODE_AXIS                                                                                  \
    {                                                                                              \
        "mode", AXIS_WORD, {                                                                       \
            {"throughput", 0, 0}, {                                                                \
                "latency", 2, 0                                                                    \
            }                                                                                      \
        }                                                                                          \
    }

/* `side`: a thread's ends of its queues, in registers. They wait for room and for an element. */
typedef void push_function(void *side, uint64_t value);
typedef uint64_t pop_function(void *side);

/* What a run begins with. */
struct route {
    struct books *books;
    uint64_t nonce, ops;
    unsigned thread, threads;
    unsigned to, from; /* which of two queues it pushes to and pops from */
    bool latency;
    bool pushes, pops; /* which ends of a stream it holds */
};

ALWAYS_INLINE struct route route_of(const struct work *work, struct traffic *traffic,
                                    unsigned thread, uint64_t ops) {
    unsigned threads = private_load32(&work->threads);
    bool latency = private_load32(&traffic->latency) != 0;
    return (struct route){
        .books = &traffic->books[thread],
        .nonce = private_load64(&work->nonce),
        .ops = ops,
        .thread = thread,
        .threads = threads,
        .to = latency ? thread & 1 : 0,
        .from = latency && threads > 1 ? ~thread & 1 : 0,
        .latency = latency,
        .pushes = latency || thread == 0,
        .pops = latency || thread == 1 || threads == 1,
    };
}

ALWAYS_INLINE void note(const struct route *route, uint64_t pushed, uint64_t popped,
                        uint64_t wrong) {
    struct books *books = route->books;
    private_store64(&books->pushed, private_load64(&books->pushed) + pushed);
    private_store64(&books->popped, private_load64(&books->popped) + popped);
    private_store64(&books->wrong, private_load64(&books->wrong) | wrong);
}

/* One operation is there and back; alone, through one queue. */
ALWAYS_INLINE void answer(const struct route *route, void *side, push_function *push,
                          pop_function *pop) {
    uint64_t value = route->nonce, end = value + 2 * route->ops, wrong = 0;
    if (route->thread > 1)
        return;
    if (route->threads == 1)
        for (; value != end; value += 2) {
            push(side, value + wrong);
            wrong |= pop(side) ^ value;
        }
    else if (route->thread == 0)
        for (; value != end; value += 2) {
            push(side, value + wrong);
            wrong |= pop(side) ^ (value + 1);
        }
    else
        for (; value != end; value += 2) {
            wrong |= pop(side) ^ value;
            push(side, value + 1 + wrong);
        }
    note(route, route->ops, route->ops, wrong);
}

/* From thread 0 to thread 1; alone, in turn. */
ALWAYS_INLINE void stream(const struct route *route, void *side, push_function *push,
                          pop_function *pop) {
    uint64_t value = route->nonce, end = value + route->ops, wrong = 0;
    if (route->latency) {
        answer(route, side, push, pop);
        return;
    }
    if (route->threads == 1)
        while (value != end) {
            push(side, value);
            wrong |= pop(side) ^ value++;
        }
    else if (route->thread == 0)
        while (value != end)
            push(side, value++);
    else
        while (value != end)
            wrong |= pop(side) ^ value++;
    note(route, route->pushes ? route->ops : 0, route->pops ? route->ops : 0, wrong);
}

/* A crowd's element number and its consumer's sums. */
struct tally {
    const struct route *route;
    uint64_t next; /* to be pushed */
    uint64_t popped, sum, squares, wrong;
};

ALWAYS_INLINE struct tally tally_begin(const struct route *route) {
    return (struct tally){
        .route = route,
        .next = route->nonce + ((uint64_t)route->thread << PRODUCER_SHIFT) +
                private_load64(&route->books->pushed),
        .sum = route->nonce, /* seen even if nothing comes */
    };
}

/* The sum is of raw values, the squares of values minus this thread's nonce: together they detect
 * that producer and consumer disagree on the nonce. */
ALWAYS_INLINE uint64_t tally_add(struct tally *tally, uint64_t value) {
    uint64_t number = value - tally->route->nonce;
    tally->popped++;
    tally->sum += value;
    tally->squares += number * number;
    return number;
}

/* The same where a producer's elements must come in order. */
ALWAYS_INLINE void tally_add_in_order(struct tally *tally, uint64_t value) {
    uint64_t number = tally_add(tally, value);
    uint32_t *last = &tally->route->books->last[number >> PRODUCER_SHIFT & (MOST_THREADS - 1)];
    uint32_t seen = private_load32(last);
    private_store32(last, (uint32_t)number + 1);
    tally->wrong |= (uint32_t)number - seen; /* negative: its top bit */
}

ALWAYS_INLINE void tally_end(const struct tally *tally) {
    const struct route *route = tally->route;
    struct books *books = route->books;
    uint64_t first = route->nonce + ((uint64_t)route->thread << PRODUCER_SHIFT);
    private_store64(&books->sum, private_load64(&books->sum) + tally->sum);
    private_store64(&books->squares, private_load64(&books->squares) + tally->squares);
    private_store64(&books->pushed, tally->next - first);
    private_store64(&books->popped, private_load64(&books->popped) + tally->popped);
    private_store64(&books->wrong, private_load64(&books->wrong) | (tally->wrong >> 31 & 1));
}

/* Of ops, what the n-th of `among` does. */
ALWAYS_INLINE uint64_t share(uint64_t ops, unsigned n, unsigned among) {
    return ops / among + (n < ops % among);
}

/* The first `producers` threads push, the others pop; alone, in turn. */
ALWAYS_INLINE void split(const struct route *route, unsigned producers, void *side,
                         push_function *push, pop_function *pop) {
    struct tally tally = tally_begin(route);
    unsigned thread = route->thread, threads = route->threads;
    if (threads == 1)
        for (uint64_t n = route->ops; n; n--) {
            push(side, tally.next++);
            tally_add_in_order(&tally, pop(side));
        }
    else if (thread < producers)
        for (uint64_t n = share(route->ops, thread, producers); n; n--)
            push(side, tally.next++);
    else
        for (uint64_t n = share(route->ops, thread - producers, threads - producers); n; n--)
            tally_add_in_order(&tally, pop(side));
    tally_end(&tally);
}

/* All threads push and pop in turn. */
ALWAYS_INLINE void pairs(const struct route *route, bool in_order, void *side, push_function *push,
                         pop_function *pop) {
    struct tally tally = tally_begin(route);
    for (uint64_t n = share(route->ops, route->thread, route->threads); n; n--) {
        push(side, tally.next++);
        if (in_order)
            tally_add_in_order(&tally, pop(side));
        else
            tally_add(&tally, pop(side));
    }
    tally_end(&tally);
}

static inline bool is_latency(const struct work *work) {
    return strcmp(param_word(work->params, "mode"), "latency") == 0;
}

static inline void traffic_setup(struct traffic *traffic, unsigned thread) {
    memset(&traffic->books[thread], 0, sizeof traffic->books[thread]);
}

static inline void traffic_prepare(struct traffic *traffic, const struct work *work) {
    for (unsigned i = 0; i < work->threads; i++) {
        struct books *books = &traffic->books[i];
        books->start = books->pushed;
        books->popped = books->sum = books->squares = books->wrong = 0;
    }
}

/* What the elements of a producer add to a consumer's sums: numbers first to first + n - 1. */
static inline void expect(uint64_t first, uint64_t n, uint64_t nonce, uint64_t *sum,
                          uint64_t *squares) {
    unsigned __int128 count = n, steps = n ? count * (count - 1) / 2 : 0;
    uint64_t step_squares = n ? (uint64_t)(steps * (2 * count - 1) / 3) : 0;
    *sum += n * (first + nonce) + (uint64_t)steps;
    *squares += n * first * first + 2 * first * (uint64_t)steps + step_squares;
}

/* NULL, or what is wrong with the sample. `summed`: its elements were tallied. */
static inline const char *traffic_check(const struct traffic *traffic, const struct work *work,
                                        uint64_t ops, bool summed) {
    uint64_t pushed = 0, popped = 0, wrong = 0, sum = 0, squares = 0;
    uint64_t want = traffic->latency && work->threads > 1 ? 2 * ops : ops;
    for (unsigned i = 0; i < work->threads; i++) {
        const struct books *books = &traffic->books[i];
        uint64_t first = ((uint64_t)i << PRODUCER_SHIFT) + books->start;
        sum += work->nonce; /* tally_begin() */
        pushed += books->pushed - books->start;
        popped += books->popped;
        wrong |= books->wrong;
        sum -= books->sum;
        squares -= books->squares;
        expect(first, books->pushed - books->start, work->nonce, &sum, &squares);
    }
    if (pushed != want || popped != want)
        return "another number of elements went through";
    if (wrong)
        return "an element arrived wrong or out of order";
    if (summed && !traffic->latency && (sum || squares))
        return "an element was lost, came twice or arrived wrong";
    return NULL;
}

/* For a state that begins with its struct traffic: before a sample, and after one whose elements
 * were tallied. */
static inline void queue_prepare(struct work *work, uint64_t ops) {
    (void)ops;
    traffic_prepare(work->state, work);
}

static inline const char *queue_check(struct work *work, uint64_t ops) {
    return traffic_check(work->state, work, ops, true);
}

/* Defines the kernel of a queue: what all have in common, then its own fields. */
#define QUEUE_KERNEL(name_, ...)                                                                   \
    extern const struct kernel KERNEL_SYMBOL(name_);                                               \
    const struct kernel KERNEL_SYMBOL(name_) = {                                                   \
        .name = #name_,                                                                            \
        .family = "queues",                                                                        \
        .op = "element",                                                                           \
        .joint = true,                                                                             \
        .min_threads = 1,                                                                          \
        .state_bytes = sizeof(struct state),                                                       \
        .prepare = queue_prepare,                                                                  \
        .run = RUN_SYMBOL(name_),                                                                  \
        __VA_ARGS__,                                                                               \
    };

#endif
