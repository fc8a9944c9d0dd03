/* SPDX-License-Identifier: MIT
 *
 * seqlock: readers write nothing: they look at a sequence number, read, and do it again if the
 * number was odd, when a writer was at work, or is another now (Lameter, "Effective
 * synchronization on Linux/NUMA systems", 2005). Writers take it from even to odd by compare and
 * exchange, so it is their lock too.
 *
 * What is guarded is read while it is written, so both are accesses that synchronise: the reader's
 * acquire loads stand before the second look, the writer's release stores behind the odd number
 * (Boehm, "Can seqlocks get along with programming language memory models?", 2012).
 */
#include "critical.h"

#include <ck_sequence.h>
#include <ck_spinlock.h>

struct state {
    struct critical critical;
    LINE_ALIGNED uint32_t sequence;
    LINE_ALIGNED ck_sequence_t ck; /* with its writers' lock beside it */
    ck_spinlock_fas_t ck_writer;
};

struct holder {
    uint32_t *sequence;
    uint32_t odd;
    enum spin spin;
};

ALWAYS_INLINE void lock(void *context) {
    struct holder *holder = context;
    for (uint32_t even;; spin_on32(holder->spin, holder->sequence, even)) {
        even = sync_load32(holder->sequence);
        holder->odd = even + 1;
        if (even % 2 == 0 && sync_compare_exchange32(holder->sequence, even, even + 1) == even)
            return;
    }
}

ALWAYS_INLINE void unlock(void *context) {
    struct holder *holder = context;
    sync_store32(holder->sequence, holder->odd + 1);
}

ALWAYS_INLINE uint64_t read(void *context, const struct word *word, const struct word *last) {
    struct holder *holder = context;
    for (uint32_t before;; spin_on32(holder->spin, holder->sequence, before)) {
        before = sync_load32(holder->sequence);
        if (before % 2)
            continue;
        uint64_t wrong = critical_read(word, last, true);
        if (sync_load32(holder->sequence) == before)
            return wrong;
    }
}

ALWAYS_INLINE void spinning(struct work *work, unsigned thread, uint64_t ops, enum spin spin) {
    struct state *state = private_load_pointer(&work->state);
    struct holder holder = {.sequence = &state->sequence, .spin = spin};
    critical_run(work, thread, ops, &holder, lock, unlock, read, true);
}
SPIN_RUNS(seqlock, spinning)

static void lock_ck(void *context) {
    struct state *state = context;
    ck_spinlock_fas_lock(&state->ck_writer);
    ck_sequence_write_begin(&state->ck);
}
static void unlock_ck(void *context) {
    struct state *state = context;
    ck_sequence_write_end(&state->ck);
    ck_spinlock_fas_unlock(&state->ck_writer);
}
static uint64_t read_ck(void *context, const struct word *word, const struct word *last) {
    struct state *state = context;
    uint64_t wrong;
    unsigned version;
    do {
        version = ck_sequence_read_begin(&state->ck);
        wrong = critical_read(word, last, false);
    } while (ck_sequence_read_retry(&state->ck, version));
    return wrong;
}
void REFERENCE_SYMBOL(seqlock_ck)(struct work *work, unsigned thread, uint64_t ops) {
    critical_run(work, thread, ops, work->state, lock_ck, unlock_ck, read_ck, false);
}

VARIANTS({"ck-sequence", VARIANT_REFERENCE, 0, REFERENCE_SYMBOL(seqlock_ck)})

LOCK_KERNEL(seqlock, 1, .summary = "sequence lock around some words", .op = "read or write",
            .weight = 1, .uses = USES_LOAD | USES_STORE | USES_CAS, .max_threads = MOST_THREADS,
            .axes = critical_axes_shared, .setup = critical_setup_shared)
