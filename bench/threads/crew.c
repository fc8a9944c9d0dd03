/* SPDX-License-Identifier: MIT */
#include "threads/crew.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "kernels/line.h"
#include "machine/topology.h"

struct member {
    struct crew *crew;
    unsigned thread;
    pthread_t handle;
    int pin_error;
};

struct crew {
    unsigned threads;
    const unsigned *cpus;
    struct member *members;
    void (*work)(void *context, unsigned thread);
    void *context;
    LINE_ALIGNED atomic_uint arrived;
    LINE_ALIGNED atomic_uint generation;
};

static void relax(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#else
    __asm__ volatile("yield");
#endif
}

/* A spin barrier: threads own their CPUs. It yields in the end, for a machine that lends a CPU to
 * somebody else meanwhile. */
void crew_barrier(struct crew *crew) {
    if (crew->threads == 1)
        return;
    unsigned generation = atomic_load_explicit(&crew->generation, memory_order_acquire);
    if (atomic_fetch_add_explicit(&crew->arrived, 1, memory_order_acq_rel) + 1 == crew->threads) {
        atomic_store_explicit(&crew->arrived, 0, memory_order_relaxed);
        atomic_store_explicit(&crew->generation, generation + 1, memory_order_release);
        return;
    }
    for (unsigned spins = 0;
         atomic_load_explicit(&crew->generation, memory_order_acquire) == generation; spins++)
        if (spins < 1u << 16)
            relax();
        else
            sched_yield();
}

static void *member_main(void *argument) {
    struct member *member = argument;
    struct crew *crew = member->crew;
    member->pin_error = topology_pin(crew->cpus[member->thread]);
    crew_barrier(crew);
    while (1) {
        crew_barrier(crew); /* the work is known */
        if (crew->work == NULL)
            return NULL;
        crew->work(crew->context, member->thread);
        crew_barrier(crew); /* all are done */
    }
}

struct crew *crew_start(const unsigned *cpus, unsigned threads, char *why, unsigned long size) {
    struct crew *crew = aligned_alloc(LINE_BYTES, sizeof *crew);
    if (crew == NULL)
        die(EXIT_FAILED, "out of memory for a crew");
    *crew = (struct crew){.threads = threads, .cpus = cpus};
    crew->members = allocate(threads, sizeof *crew->members);
    for (unsigned i = 0; i < threads; i++)
        crew->members[i] = (struct member){.crew = crew, .thread = i};
    crew->members[0].pin_error = topology_pin(cpus[0]);
    for (unsigned i = 1; i < threads; i++) {
        int error = pthread_create(&crew->members[i].handle, NULL, member_main, &crew->members[i]);
        if (error)
            die(EXIT_FAILED, "cannot start thread %u of %u: %s", i, threads, strerror(error));
    }
    crew_barrier(crew);
    for (unsigned i = 0; i < threads; i++) {
        int error = crew->members[i].pin_error;
        if (error == 0)
            continue;
        topology_pin_why(cpus[i], error, why, size);
        crew_stop(crew);
        return NULL;
    }
    return crew;
}

void crew_all(struct crew *crew, void (*work)(void *context, unsigned thread), void *context) {
    crew->work = work;
    crew->context = context;
    crew_barrier(crew);
    work(context, 0);
    crew_barrier(crew);
}

unsigned crew_threads(const struct crew *crew) {
    return crew->threads;
}

unsigned crew_cpu(const struct crew *crew, unsigned thread) {
    return crew->cpus[thread];
}

void crew_stop(struct crew *crew) {
    crew->work = NULL;
    crew_barrier(crew);
    for (unsigned i = 1; i < crew->threads; i++)
        pthread_join(crew->members[i].handle, NULL);
    free(crew->members);
    free(crew);
}
