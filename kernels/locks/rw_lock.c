/* SPDX-License-Identifier: MIT
 *
 * rw_lock: one writer or any number of readers, in one word: readers in steps of 2, bit 0 the
 * writer (the lock with preference for readers of Mellor-Crummey and Scott, "Scalable
 * reader-writer synchronization for shared-memory multiprocessors", 1991). A reader makes two
 * read-modify-writes of a line that all share, so readers do not scale: that is the lesson.
 */
#include "critical.h"

#include <ck_rwlock.h>

enum { WRITER = 1, READER = 2 };

struct state {
    struct critical critical;
    LINE_ALIGNED uint32_t holders;
    LINE_ALIGNED ck_rwlock_t ck;
    LINE_ALIGNED pthread_rwlock_t libc;
};

static void setup(struct work *work, unsigned thread) {
    struct state *state = work->state;
    critical_setup_shared(work, thread);
    if (thread == 0)
        pthread_rwlock_init(&state->libc, NULL);
}

struct holder {
    uint32_t *holders;
    enum spin spin;
};

ALWAYS_INLINE void lock(void *context) {
    struct holder *holder = context;
    uint32_t *holders = holder->holders, seen;
    while ((seen = sync_load32(holders)) != 0 ||
           (seen = sync_compare_exchange32(holders, 0, WRITER)) != 0)
        spin_on32(holder->spin, holders, seen);
}

/* Not a store: readers may have come and be waiting. */
ALWAYS_INLINE void unlock(void *context) {
    struct holder *holder = context;
    sync_fetch_add32(holder->holders, (uint32_t)-WRITER);
}

ALWAYS_INLINE uint64_t read(void *context, const struct word *word, const struct word *last) {
    struct holder *holder = context;
    uint32_t *holders = holder->holders, seen;
    if (sync_fetch_add32(holders, READER) & WRITER)
        while ((seen = sync_load32(holders)) & WRITER)
            spin_on32(holder->spin, holders, seen);
    uint64_t wrong = critical_read(word, last, false);
    sync_fetch_add32(holders, (uint32_t)-READER);
    return wrong;
}

ALWAYS_INLINE void spinning(struct work *work, unsigned thread, uint64_t ops, enum spin spin) {
    struct state *state = private_load_pointer(&work->state);
    struct holder holder = {&state->holders, spin};
    critical_run(work, thread, ops, &holder, lock, unlock, read, false);
}
SPIN_RUNS(rw_lock, spinning)

static void lock_libc(void *holder) {
    pthread_rwlock_wrlock(holder);
}
static void unlock_libc(void *holder) {
    pthread_rwlock_unlock(holder);
}
static uint64_t read_libc(void *holder, const struct word *word, const struct word *last) {
    pthread_rwlock_rdlock(holder);
    uint64_t wrong = critical_read(word, last, false);
    pthread_rwlock_unlock(holder);
    return wrong;
}
void REFERENCE_SYMBOL(rw_lock_libc)(struct work *work, unsigned thread, uint64_t ops) {
    struct state *state = work->state;
    critical_run(work, thread, ops, &state->libc, lock_libc, unlock_libc, read_libc, false);
}

static void lock_ck(void *holder) {
    ck_rwlock_write_lock(holder);
}
static void unlock_ck(void *holder) {
    ck_rwlock_write_unlock(holder);
}
static uint64_t read_ck(void *holder, const struct word *word, const struct word *last) {
    ck_rwlock_read_lock(holder);
    uint64_t wrong = critical_read(word, last, false);
    ck_rwlock_read_unlock(holder);
    return wrong;
}
void REFERENCE_SYMBOL(rw_lock_ck)(struct work *work, unsigned thread, uint64_t ops) {
    struct state *state = work->state;
    critical_run(work, thread, ops, &state->ck, lock_ck, unlock_ck, read_ck, false);
}

VARIANTS({"pthread-rwlock", VARIANT_REFERENCE, 0, REFERENCE_SYMBOL(rw_lock_libc)},
         {"ck-rwlock", VARIANT_REFERENCE, 0, REFERENCE_SYMBOL(rw_lock_ck)})

LOCK_KERNEL(rw_lock, 1, .summary = "reader-writer lock around some words", .op = "read or write",
            .weight = 1, .uses = USES_LOAD | USES_STORE | USES_CAS | USES_ADD,
            .max_threads = MOST_THREADS, .axes = critical_axes_shared, .setup = setup)
