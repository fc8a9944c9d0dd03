/* SPDX-License-Identifier: MIT
 *
 * critical.h: all that the locks have in common, so that they can be compared: the critical
 * section, the work outside of it, the parameters, the check, fairness, and the C library's locks
 * beside each. The file of a lock holds only the lock.
 *
 * A section adds 1 to some words, each on a line of its own; the first of them counts sections.
 * `ops` operations are made by all threads together: whoever holds the lock sees in the count
 * whether any are left. So a thread that gets the lock more often does more of them, and nobody
 * is left to run alone at the end because others were faster.
 *
 * Fairness is the least number of operations of a thread over the greatest: 1 if all did as many,
 * 0 if one did none. It is near 1 for a lock that serves in the order of coming, and says nothing
 * of one thread (1).
 */
#ifndef CRITICAL_H
#define CRITICAL_H

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "access.h"
#include "spend.h"
#include "spin.h"

enum { MOST_THREADS = 256, MOST_WORDS = 16 };

/* What belongs to one thread. */
struct own {
    LINE_ALIGNED uint64_t sections; /* by all threads since prepare(): the same number in each */
    uint64_t operations;            /* by this one since then */
    uint64_t wrong;                 /* not 0: it saw what must not be */
    void *node, *reference_node;    /* what a queue lock keeps from one call to the next */
};

struct word {
    LINE_ALIGNED uint64_t value;
};

/* A lock's state begins with it. */
struct critical {
    LINE_ALIGNED uint64_t words; /* these are never written while it runs */
    uint64_t outside;
    uint64_t share; /* of so many operations one is a section; the others read what it writes */
    struct word word[MOST_WORDS];
    struct own own[MOST_THREADS];
    LINE_ALIGNED pthread_mutex_t mutex;
    LINE_ALIGNED pthread_spinlock_t spin;
};

/* A racing section is one that readers may look into: its stores, and their loads, synchronise. */
ALWAYS_INLINE void critical_store(uint64_t *p, uint64_t value, bool racing) {
    if (racing)
        sync_store64(p, value);
    else
        data_store64(p, value);
}
ALWAYS_INLINE uint64_t critical_load(const uint64_t *p, bool racing) {
    return racing ? sync_load64(p) : data_load64(p);
}

/* What a reader does: the bits in which the words, at least two, are not of one moment. */
ALWAYS_INLINE uint64_t critical_read(const struct word *word, const struct word *last,
                                     bool racing) {
    uint64_t wanted = critical_load(&word->value, racing), wrong = 0;
    do {
        word++;
        wrong |= critical_load(&word->value, racing) ^ ++wanted;
    } while (word != last);
    return wrong;
}

/* Adds 1 to each word unless none of the sections is left; how many were left before. */
ALWAYS_INLINE int64_t critical_write(struct word *word, const struct word *last, uint64_t goal,
                                     bool racing) {
    uint64_t value = data_load64(&word->value);
    int64_t left = (int64_t)(goal - value);
    if (left > 0) {
        critical_store(&word->value, value + 1, racing);
        do {
            word++;
            critical_store(&word->value, data_load64(&word->value) + 1, racing);
        } while (word != last);
    }
    return left;
}

/* The timed code. `holder` is what lock() and unlock() need to know; with these constant, and
 * holder a local variable, all of it is one function. read(): one operation of a reader, the bits
 * that are wrong; NULL: there are no readers. */
ALWAYS_INLINE void critical_run(struct work *work, unsigned thread, uint64_t ops, void *holder,
                                void (*lock)(void *holder), void (*unlock)(void *holder),
                                uint64_t (*read)(void *holder, const struct word *word,
                                                 const struct word *last),
                                bool racing) {
    struct critical *critical = private_load_pointer(&work->state);
    struct own *own = &critical->own[thread];
    struct word *word = critical->word;
    __asm__("" : "+r"(own), "+r"(word)); /* each one register, not the parts of a sum */
    const struct word *last = word + private_load64(&critical->words) - 1;
    uint64_t outside = private_load64(&critical->outside), operations = 0;
    uint64_t share = read ? private_load64(&critical->share) : 1;
    uint64_t sections = (ops + share - 1) / share, rest = ops - (sections - 1) * share;
    uint64_t goal = private_load64(&own->sections) + sections;
    private_store64(&own->sections, goal);
    goal += private_load64(&work->nonce);
    int64_t left;
    do {
        lock(holder);
        left = critical_write(word, last, goal, racing);
        unlock(holder);
        if (left > 0) {
            operations++;
            spend(outside);
        }
        if (read && left > 0) {
            uint64_t reads = (left > 1 ? share : rest) - 1;
            operations += reads;
            for (; reads; reads--) {
                uint64_t wrong = read(holder, word, last);
                if (wrong)
                    private_store64(&own->wrong, wrong);
                spend(outside);
            }
        }
    } while (left > 1);
    if (left < 0) /* somebody went past the goal */
        private_store64(&own->wrong, (uint64_t)left);
    private_store64(&own->operations, operations + private_load64(&own->operations));
}

ALWAYS_INLINE void critical_exclusive(struct work *work, unsigned thread, uint64_t ops,
                                      void *holder, void (*lock)(void *), void (*unlock)(void *)) {
    critical_run(work, thread, ops, holder, lock, unlock, NULL, false);
}

static inline void critical_setup(struct work *work, unsigned thread) {
    struct critical *critical = work->state;
    memset(&critical->own[thread], 0, sizeof critical->own[thread]);
    if (thread > 0)
        return;
    critical->words = param_number(work->params, "inside") / 2;
    critical->outside = param_number(work->params, "outside");
    pthread_mutex_init(&critical->mutex, NULL);
    pthread_spin_init(&critical->spin, PTHREAD_PROCESS_PRIVATE);
}

/* For locks with readers. */
static inline void critical_setup_shared(struct work *work, unsigned thread) {
    struct critical *critical = work->state;
    critical_setup(work, thread);
    critical->share = strtoull(param_word(work->params, "writers") + strlen("1/"), NULL, 10);
}

static inline void critical_prepare(struct work *work, uint64_t ops) {
    (void)ops;
    struct critical *critical = work->state;
    for (uint64_t i = 0; i < critical->words; i++)
        critical->word[i].value = work->nonce + i;
    for (unsigned i = 0; i < work->threads; i++) {
        struct own *own = &critical->own[i];
        own->sections = own->operations = own->wrong = 0;
    }
}

static inline const char *critical_check(struct work *work, uint64_t ops) {
    const struct critical *critical = work->state;
    uint64_t share = critical->share ? critical->share : 1, operations = 0, wrong = 0;
    for (unsigned i = 0; i < work->threads; i++) {
        operations += critical->own[i].operations;
        wrong |= critical->own[i].wrong;
    }
    if (operations != ops)
        return "wrong number of operations";
    if (wrong)
        return "a reader saw half a section, or a section came after the last";
    for (uint64_t i = 0; i < critical->words; i++)
        if (critical->word[i].value - work->nonce - i != (ops + share - 1) / share)
            return "an increment was lost";
    return NULL;
}

static inline double critical_fairness(const struct work *work, uint64_t ops) {
    const struct critical *critical = work->state;
    uint64_t least = ops, most = 1;
    for (unsigned i = 0; i < work->threads; i++) {
        uint64_t operations = critical->own[i].operations;
        least = operations < least ? operations : least;
        most = operations > most ? operations : most;
    }
    return (double)least / (double)most;
}

/* Defines another lock around the same section, as the variant of kernel `name` that is called
 * name_suffix: `lock_` and `unlock_` of a member of struct state. */
#define CRITICAL_REFERENCE(name, suffix, member, lock_, unlock_)                                   \
    static void lock_##suffix(void *holder) {                                                      \
        lock_(holder);                                                                             \
    }                                                                                              \
    static void unlock_##suffix(void *holder) {                                                    \
        unlock_(holder);                                                                           \
    }                                                                                              \
    void REFERENCE_SYMBOL(name##_##suffix)(struct work * work, unsigned thread, uint64_t ops) {    \
        struct state *state = work->state;                                                         \
        critical_exclusive(work, thread, ops, (void *)&state->member, lock_##suffix,               \
                           unlock_##suffix);                                                       \
    }

/* The C library's locks, and their rows. */
#define CRITICAL_REFERENCES(name)                                                                  \
    CRITICAL_REFERENCE(name, mutex, critical.mutex, pthread_mutex_lock, pthread_mutex_unlock)      \
    CRITICAL_REFERENCE(name, spin, critical.spin, pthread_spin_lock, pthread_spin_unlock)
#define CRITICAL_VARIANTS(name)                                                                    \
    {"pthread-mutex", VARIANT_REFERENCE, 0, REFERENCE_SYMBOL(name##_mutex)}, {                     \
        "pthread-spin", VARIANT_REFERENCE, 0, REFERENCE_SYMBOL(name##_spin)                        \
    }

/* inside: data accesses, half of them loads, half stores; outside: dependent additions. */
#define CRITICAL_AXES                                                                              \
    {"inside", AXIS_NUMBER, {{"4", 0, 0}, {"32", 1, 0}}}, {                                        \
        "outside", AXIS_NUMBER, {                                                                  \
            {"0", 0, 0}, {"100", 1, 0}, {"1000", 2, 0},                                            \
        }                                                                                          \
    }
#define CRITICAL_WRITERS                                                                           \
    {                                                                                              \
        "writers", AXIS_WORD, {                                                                    \
            {"1/16", 0, 0}, {"1/1", 1, 0}, {"1/128", 1, 0},                                        \
        }                                                                                          \
    }

static const struct axis critical_axes[] = {CRITICAL_AXES, SPIN_AXIS, {0}};
static const struct axis critical_axes_shared[] = {CRITICAL_WRITERS, CRITICAL_AXES, SPIN_AXIS, {0}};

/* Defines the kernel of a lock: what all have in common, then its own fields. `alone` is its
 * extras' alone_weight. */
#define LOCK_KERNEL(name_, alone, ...)                                                             \
    extern const struct kernel KERNEL_SYMBOL(name_);                                               \
    const struct kernel KERNEL_SYMBOL(name_) = {                                                   \
        .name = #name_,                                                                            \
        .family = "locks",                                                                         \
        .joint = true,                                                                             \
        .min_threads = 1,                                                                          \
        .state_bytes = sizeof(struct state),                                                       \
        .prepare = critical_prepare,                                                               \
        .run = RUN_SYMBOL(name_),                                                                  \
        .run_at = run_at,                                                                          \
        .check = critical_check,                                                                   \
        .variants = variants,                                                                      \
        .extras = &(const struct kernel_extras){.metric_name = "fairness",                         \
                                                .metric = critical_fairness,                       \
                                                .alone_weight = (alone)},                          \
        __VA_ARGS__,                                                                               \
    };

#endif
