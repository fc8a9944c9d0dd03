/* SPDX-License-Identifier: MIT */
#include "litmus/litmus_run.h"

#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/die.h"
#include "machine/disturb.h"
#include "machine/topology.h"
#include "stats/rng.h"

/* Instances of a test that are run without a barrier of the crew between them, and lines among
 * which the variables of an instance are laid out. Together 256 KiB: inside most L2 caches. */
enum { BATCH = 256, SPREAD = 8, LINE_WORDS = LINE_BYTES / sizeof(uint64_t) };

/* How the next batch is run: drawn by thread 0 while the others may still read the last one. */
struct batch {
    bool more;
    bool moved;           /* a thread of the test was elsewhere: set by whoever sees it of itself */
    bool aimed;           /* at the outcome, else as chance will have it */
    uint64_t first;       /* number of its first instance, over all batches */
    unsigned start, step; /* variable v of an instance is on its line (start + v * step) % SPREAD */
    unsigned latest;      /* start, in turns of a loop; the threads meet 100 ns apart */
    unsigned *role; /* of each thread of the crew: a thread of the test, or idle if beyond them */
};

struct turn {
    LINE_ALIGNED uint64_t reached; /* the instance that a thread of the test is ready for */
};

struct member {
    LINE_ALIGNED struct rng rng;
    enum memmodel model; /* what it has been put into; MEMMODEL_COUNT: nothing yet */
    struct litmus_counts counts;
};

struct litmus {
    struct crew *crew;
    const struct litmus_job *job;
    const struct litmus_view *view;
    uint64_t *memory;                          /* BATCH instances x SPREAD lines */
    uint64_t (*seen)[BATCH][LITMUS_REGISTERS]; /* of each thread of the test */
    struct turn turns[LITMUS_THREADS];
    struct member *members;
    struct batch batches[2];
    uint64_t instances, runs_left, deadline;
    int error;
};

static uint64_t now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static void *lines(size_t size) {
    void *memory = aligned_alloc(LINE_BYTES, (size + LINE_BYTES - 1) / LINE_BYTES * LINE_BYTES);
    if (memory == NULL)
        die(EXIT_FAILED, "out of memory for litmus tests");
    return memset(memory, 0, size);
}

struct litmus *litmus_open(struct crew *crew, uint64_t seed) {
    struct litmus *litmus = lines(sizeof *litmus);
    unsigned threads = crew_threads(crew);
    litmus->crew = crew;
    litmus->memory = lines(BATCH * SPREAD * LINE_BYTES);
    litmus->seen = lines(LITMUS_THREADS * sizeof *litmus->seen);
    litmus->members = lines(threads * sizeof *litmus->members);
    for (unsigned i = 0; i < threads; i++) {
        rng_seed(&litmus->members[i].rng, seed + i);
        litmus->members[i].model = MEMMODEL_COUNT;
    }
    for (int i = 0; i < 2; i++) {
        litmus->batches[i].role = allocate(threads, sizeof(unsigned));
        for (unsigned thread = 0; thread < threads; thread++)
            litmus->batches[i].role[thread] = thread;
    }
    return litmus;
}

void litmus_close(struct litmus *litmus) {
    for (int i = 0; i < 2; i++)
        free(litmus->batches[i].role);
    free(litmus->members);
    free(litmus->seen);
    free(litmus->memory);
    free(litmus);
}

static void find_places(const struct litmus *litmus, const struct batch *batch, unsigned instance,
                        uint64_t *at[LITMUS_VARIABLES]) {
    for (unsigned v = 0; v < LITMUS_VARIABLES; v++) {
        unsigned line = instance * SPREAD + (batch->start + v * batch->step) % SPREAD;
        at[v] = &litmus->memory[line * LINE_WORDS];
    }
}

/* Leaves each variable's line in this CPU's cache as an owner has it, as one of many has it, or
 * wherever it was. A load that is served at once while an older store still waits for its line is
 * what makes SB; a stale line in the reader's cache is what makes MP. */
static void warm(uint64_t *const at[LITMUS_VARIABLES], unsigned variables, uint64_t random) {
    for (unsigned v = 0; v < variables; v++, random >>= 3)
        if ((random & 7) < 5)
            (void)__atomic_load_n(at[v], __ATOMIC_RELAXED);
        else if ((random & 7) < 7)
            __atomic_store_n(at[v], 0, __ATOMIC_RELAXED);
}

/* Leaves in this CPU's cache the line of its last access, and no other: then that access can be
 * done while the ones before it wait for theirs, which is what every relaxed outcome takes. */
static void aim(uint64_t *const at[LITMUS_VARIABLES], const struct litmus_op *program) {
    const struct litmus_op *last = program;
    for (; program->kind; program++)
        if (program->kind != LITMUS_FENCE)
            last = program;
    if (last->kind == LITMUS_LOAD)
        (void)__atomic_load_n(at[last->variable], __ATOMIC_RELAXED);
    else
        __atomic_store_n(at[last->variable], 0, __ATOMIC_RELAXED);
}

/* Waits for the other threads of the test, by a line of each: no faster start is to be had. */
static void meet(struct litmus *litmus, unsigned role, uint64_t instance) {
    __atomic_store_n(&litmus->turns[role].reached, instance, __ATOMIC_RELEASE);
    for (unsigned other = 0; other < litmus->view->threads; other++)
        for (unsigned spins = 0;
             __atomic_load_n(&litmus->turns[other].reached, __ATOMIC_ACQUIRE) < instance; spins++)
            if (spins > 1u << 14)
                sched_yield(); /* a CPU was lent to somebody else */
}

static void delay(uint64_t turns) {
    for (; turns; turns--)
        __asm__ volatile("");
}

static void run_batch(struct litmus *litmus, const struct batch *batch, struct rng *rng,
                      unsigned role) {
    litmus_body *body = litmus->job->lowering->litmus[litmus->job->test][role];
    for (unsigned i = 0; i < BATCH; i++) {
        uint64_t *at[LITMUS_VARIABLES], random = rng_next(rng);
        find_places(litmus, batch, i, at);
        if (batch->aimed)
            aim(at, litmus->view->test->program[role]);
        else
            warm(at, litmus->view->variables, random);
        meet(litmus, role, batch->first + i);
        delay((random >> 32) % batch->latest);
        body(at, litmus->seen[role][i]);
    }
}

static unsigned value_of(uint64_t value) {
    return value < 3 ? (unsigned)value : 3;
}

/* Counts a share of the batch, if it counts, and puts its variables back. */
static void collect(struct litmus *litmus, const struct batch *batch, unsigned thread) {
    const struct litmus_view *view = litmus->view;
    struct litmus_counts *counts = &litmus->members[thread].counts;
    for (unsigned i = thread; i < BATCH; i += crew_threads(litmus->crew)) {
        uint64_t *at[LITMUS_VARIABLES];
        unsigned outcome = 0;
        find_places(litmus, batch, i, at);
        for (unsigned c = 0; c < view->cell_count; c++) {
            const struct litmus_cell *cell = &view->cells[c];
            outcome |= value_of(cell->final ? *at[cell->variable]
                                            : litmus->seen[cell->thread][i][cell->slot])
                       << 2 * c;
        }
        for (unsigned v = 0; v < view->variables; v++)
            *at[v] = 0;
        counts->outcomes[outcome] += !batch->moved;
        counts->runs += !batch->moved;
        counts->moved += batch->moved;
    }
}

static void draw(struct litmus *litmus, struct batch *batch, bool first) {
    struct rng *rng = &litmus->members[0].rng;
    bool ended = litmus->runs_left == 0 || (litmus->deadline && now_ns() >= litmus->deadline);
    batch->more = (first || !ended) && __atomic_load_n(&litmus->error, __ATOMIC_RELAXED) == 0;
    batch->moved = false;
    batch->first = litmus->instances + 1;
    batch->aimed = rng_below(rng, 2);
    batch->start = (unsigned)rng_below(rng, SPREAD);
    batch->step = 2 * (unsigned)rng_below(rng, SPREAD / 2) + 1; /* odd: lines differ */
    batch->latest = litmus->job->latest ? litmus->job->latest : 64u << rng_below(rng, 4);
    rng_shuffle(rng, batch->role, crew_threads(litmus->crew));
    litmus->instances += BATCH;
    litmus->runs_left -= litmus->runs_left < BATCH ? litmus->runs_left : BATCH;
}

/* Each thread's own switch, at the first batch in which it plays a part that wants another. */
static void take_model(struct litmus *litmus, struct member *member, unsigned role) {
    enum memmodel model = litmus->job->model[role];
    if (member->model == model)
        return;
    int error = memmodel_set(model);
    if (error)
        __atomic_store_n(&litmus->error, error, __ATOMIC_RELAXED);
    member->model = error ? MEMMODEL_COUNT : model;
}

static bool is_elsewhere(const struct litmus *litmus, unsigned thread) {
    return disturb_moved(crew_cpu(litmus->crew, thread));
}

/* A batch as one thread of the test plays it, and looks before and after where it does. */
static void play(struct litmus *litmus, struct batch *batch, unsigned thread, unsigned role) {
    bool moved = is_elsewhere(litmus, thread);
    run_batch(litmus, batch, &litmus->members[thread].rng, role);
    if (moved || is_elsewhere(litmus, thread))
        __atomic_store_n(&batch->moved, true, __ATOMIC_RELAXED);
}

static void work(void *context, unsigned thread) {
    struct litmus *litmus = context;
    struct member *member = &litmus->members[thread];
    if (is_elsewhere(litmus, thread))
        topology_pin(crew_cpu(litmus->crew, thread)); /* if it fails, nothing will be counted */
    for (unsigned number = 0;; number++) {
        struct batch *batch = &litmus->batches[number & 1];
        if (thread == 0)
            draw(litmus, batch, number == 0);
        crew_barrier(litmus->crew);
        if (!batch->more)
            break;
        unsigned role = batch->role[thread];
        if (role < litmus->view->threads)
            take_model(litmus, member, role);
        crew_barrier(litmus->crew);
        /* The same for all threads: nobody writes it between these two barriers. */
        if (__atomic_load_n(&litmus->error, __ATOMIC_RELAXED))
            break;
        if (role < litmus->view->threads)
            play(litmus, batch, thread, role);
        crew_barrier(litmus->crew);
        collect(litmus, batch, thread);
    }
}

int litmus_run(struct litmus *litmus, const struct litmus_job *job, uint64_t runs, double seconds,
               struct litmus_counts *counts) {
    litmus->job = job;
    litmus->view = litmus_view(job->test);
    if (crew_threads(litmus->crew) < litmus->view->threads)
        die(EXIT_FAILED, "litmus test %s needs %u threads", litmus->view->test->name,
            litmus->view->threads);
    litmus->runs_left = runs;
    litmus->deadline = seconds > 0 ? now_ns() + (uint64_t)(seconds * 1e9) : 0;
    litmus->error = 0;
    crew_all(litmus->crew, work, litmus);
    for (unsigned i = 0; i < crew_threads(litmus->crew); i++) {
        struct litmus_counts *part = &litmus->members[i].counts;
        counts->runs += part->runs;
        counts->moved += part->moved;
        for (unsigned outcome = 0; outcome < LITMUS_OUTCOMES; outcome++)
            counts->outcomes[outcome] += part->outcomes[outcome];
        memset(part, 0, sizeof *part);
    }
    return litmus->error;
}
