/* SPDX-License-Identifier: MIT
 *
 * kernel_bench.h: kernels driven by tests: small memory, unpinned threads, no clock.
 */
#ifndef KERNEL_BENCH_H
#define KERNEL_BENCH_H

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "machine/feature.h"
#include "plan/registry.h"
#include "unit/cmocka_all.h"

enum { MAX_THREADS = 4, GUARD = 64 };

/* Small, and not powers of two: what a walk does at the end of an array is what goes wrong. */
static inline uint64_t footprint_of(const char *text) {
    if (strcmp(text, "L1") == 0)
        return 4096;
    if (strcmp(text, "L2") == 0)
        return 3 * 4096;
    if (strcmp(text, "L3") == 0)
        return 5 * 4096;
    if (strcmp(text, "DRAM") == 0)
        return (4 << 20) + 2 * 4096; /* several calls of memcpy */
    char *unit;
    uint64_t bytes = strtoull(text, &unit, 10);
    bytes <<= *unit == 'M' ? 20 : *unit == 'K' ? 10 : 0;
    return bytes < 64 << 10 ? bytes : 64 << 10;
}

struct bench {
    const struct kernel *kernel;
    struct params params;
    struct work work;
    void (*run)(struct work *work, unsigned thread, uint64_t ops); /* a variant's, if not its own */
    size_t arena_bytes;
    uint64_t nonces;
};

static inline void *zeroed(size_t bytes) {
    void *memory = aligned_alloc(4096, (bytes + 4095) / 4096 * 4096);
    assert_non_null(memory);
    return memset(memory, 0, bytes);
}

static inline void bench_open(struct bench *bench, const struct kernel *kernel,
                              const struct params *params, unsigned threads) {
    run_function *run = kernel_run_at(kernel, params, threads);
    *bench = (struct bench){.kernel = kernel, .params = *params, .run = run, .nonces = 1};
    struct work *work = &bench->work;
    *work = (struct work){.params = &bench->params, .threads = threads};
    for (unsigned i = 0; kernel->axes[i].key; i++)
        if (kernel->axes[i].kind == AXIS_FOOTPRINT)
            work->footprint = footprint_of(kernel->axes[i].values[params->chosen[i]].text);
    bench->arena_bytes = kernel->streams * work->footprint + LINE_BYTES;
    work->arena = zeroed(bench->arena_bytes + GUARD);
    work->state = zeroed(kernel->state_bytes);
    for (unsigned thread = 0; thread < threads; thread++)
        kernel->setup(work, thread);
}

static inline void bench_close(struct bench *bench) {
    static const uint8_t untouched[GUARD];
    assert_memory_equal(bench->work.arena + bench->arena_bytes, untouched, GUARD);
    free(bench->work.arena);
    free(bench->work.state);
}

/* What one thread does: its own copy of work, so that a fault can differ between threads. */
struct member {
    pthread_t handle;
    struct work work;
    void (*run)(struct work *work, unsigned thread, uint64_t ops);
    unsigned thread;
    uint64_t ops;
};

static inline void *member_main(void *argument) {
    struct member *member = argument;
    if (member->run == NULL)
        abort();
    member->run(&member->work, member->thread, member->ops);
    return NULL;
}

/* All threads at once; thread t does ops[t] operations. */
static inline void run_all(struct member *members, unsigned threads) {
    for (unsigned i = 1; i < threads; i++)
        assert_int_equal(pthread_create(&members[i].handle, NULL, member_main, &members[i]), 0);
    member_main(&members[0]);
    for (unsigned i = 1; i < threads; i++)
        pthread_join(members[i].handle, NULL);
}

/* The next point of the parameter space; false after the last. */
static inline bool next_point(const struct kernel *kernel, struct params *params) {
    for (unsigned i = 0; kernel->axes[i].key; i++) {
        if (kernel->axes[i].values[++params->chosen[i]].text)
            return true;
        params->chosen[i] = 0;
    }
    return false;
}

static inline unsigned needs_of_point(const struct kernel *kernel, const struct params *params) {
    unsigned needs = 0;
    for (unsigned i = 0; kernel->axes[i].key; i++)
        needs |= kernel->axes[i].values[params->chosen[i]].needs;
    return needs;
}

static inline bool available(const struct lowering *lowering, const struct kernel *kernel,
                             const struct params *params, unsigned features) {
    unsigned needs = lowering->needs | (kernel->uses & USES_RMW ? lowering->rmw_needs : 0) |
                     needs_of_point(kernel, params);
    return (needs & ~features) == 0;
}

static inline bool fits(const struct kernel *kernel, const struct params *params,
                        unsigned threads) {
    return threads >= kernel->min_threads &&
           (threads <= kernel->max_threads || kernel->max_threads == 0) &&
           kernel_run_at(kernel, params, threads);
}

#endif
