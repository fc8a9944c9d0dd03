/* SPDX-License-Identifier: MIT */
#include "block/runner.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/die.h"
#include "base/seconds.h"
#include "count/counting.h"
#include "machine/arena.h"
#include "machine/disturb.h"
#include "machine/memmodel.h"
#include "machine/ticks.h"
#include "threads/fault.h"

/* The stack of the timed code begins at one of so many places of a page. */
enum { STACK_ALIGNMENT = 16, STACK_PLACES = 4096 / STACK_ALIGNMENT };

/* What one thread notes of one sample, on its own line. */
struct measuring {
    LINE_ALIGNED uint64_t begin;
    uint64_t end, chain_before, chain_after;
    bool migrated, preempted;
    enum memmodel model; /* this thread's, now */
};

/* The sample that crew_all() is working on. */
struct sample {
    struct runner *runner;
    const struct cell *cell;
    uint64_t ops, lead_in;
};

/* On every thread: switch the model, work untimed to warm up, then the timed region. Nothing
 * stands between the two stamps but the kernel. */
static void measure(void *context, unsigned thread) {
    const struct sample *sample = context;
    struct runner *runner = sample->runner;
    struct measuring *me = &runner->threads[thread];
    struct work *work = &runner->work;
    const struct cell *cell = sample->cell;
    /* Where frames lie in their page is part of what is measured: each block has them elsewhere. */
    char *below = __builtin_alloca(runner->stack_skip);
    __asm__ volatile("" : : "r"(below) : "memory");

    if (me->model != cell->model) {
        int error = memmodel_set(cell->model);
        if (error)
            die(EXIT_FAILED, "cannot switch to memory model %s: %s", memmodel_name(cell->model),
                strerror(-error));
        me->model = cell->model;
    }
    counting_select(runner->counting, thread);
    if (sample->lead_in)
        cell->run(work, thread, sample->lead_in);
    crew_barrier(runner->crew);
    if (thread == 0) {
        work->nonce = rng_next(&runner->rng);
        runner->set->kernel->prepare(work, sample->ops);
    }
    me->chain_before = ticks_chain();
    long switches = disturb_switches();
    bool elsewhere = disturb_moved(crew_cpu(runner->crew, thread));
    crew_barrier(runner->crew);
    counting_before(runner->counting, thread); /* what waiting executes is not counted */

    me->begin = ticks_begin();
    cell->run(work, thread, sample->ops);
    me->end = ticks_end();

    counting_after(runner->counting, thread);
    me->chain_after = ticks_chain();
    me->preempted = disturb_switches() != switches;
    me->migrated = elsewhere || disturb_moved(crew_cpu(runner->crew, thread));
}

/* Ticks from the first start to the last end, or SPOILED when a thread migrated. */
uint64_t runner_sample(struct runner *runner, unsigned which, uint64_t ops, uint64_t lead_in) {
    struct sample sample = {runner, &runner->set->cells[which], ops, lead_in};
    struct cell_samples *samples = &runner->samples[which];
    crew_all(runner->crew, measure, &sample);

    uint64_t begin = UINT64_MAX, end = 0;
    bool spoiled = false;
    for (unsigned i = 0; i < runner->set->threads; i++) {
        const struct measuring *thread = &runner->threads[i];
        begin = thread->begin < begin ? thread->begin : begin;
        end = thread->end > end ? thread->end : end;
        spoiled |= thread->migrated;
        samples->preempted += thread->preempted;
    }
    const char *wrong = runner->set->kernel->check(&runner->work, ops);
    if (wrong) {
        samples->check_failed++;
        samples->check_message = wrong;
    }
    samples->migrated += spoiled;
    return spoiled ? SPOILED : end - begin;
}

static void set_up(void *context, unsigned thread) {
    struct runner *runner = context;
    struct measuring *me = &runner->threads[thread];
    for (unsigned turn = 0; turn < runner->set->threads; turn++) {
        if (turn == thread)
            runner->set->kernel->setup(&runner->work, thread);
        crew_barrier(runner->crew);
    }
    me->model = runner->set->cells[0].model;
    if (me->model != MEMMODEL_FIXED_TSO && memmodel_set(me->model))
        me->model =
            MEMMODEL_COUNT; /* not known: the first sample switches, and says so if it fails */
}

/* One call of a cell. */
struct trial {
    struct runner *runner;
    const struct cell *cell;
};

static void run_operation(void *context, unsigned thread) {
    const struct trial *trial = context;
    trial->cell->run(&trial->runner->work, thread, 1);
}

/* The baseline faults: nothing can be compared with it. */
static void drop_faulting(struct runner *runner, struct set *set) {
    unsigned kept = 0;
    for (unsigned i = 0; kept < set->cell_count; i++) {
        const struct cell *cell = &set->cells[kept];
        struct trial trial = {.runner = runner, .cell = cell};
        char reason[96];
        bool faults =
            set->kernel->may_fault &&
            fault_on_any(runner->crew, cell->name, run_operation, &trial, reason, sizeof reason);
        if (faults && kept == 0)
            die(EXIT_FAILED, "the baseline %s", reason);
        if (faults)
            plan_drop(set, kept, reason);
        else
            runner->planned[kept++] = i;
    }
}

void runner_open(struct runner *runner, struct set *set, struct crew *crew, uint64_t seed) {
    *runner = (struct runner){.set = set,
                              .crew = crew,
                              .target_ns = ticks_sample_ns(set->threads),
                              .lead_in = LEAD_IN_LEAST};
    rng_seed(&runner->rng, seed);
    runner->stack_skip = (size_t)rng_below(&runner->rng, STACK_PLACES) * STACK_ALIGNMENT;
    size_t streams = set->kernel->streams ? set->kernel->streams : 1;
    size_t bytes = streams * (set->footprint ? set->footprint : 4096) + LINE_BYTES;
    runner->state_bytes = set->kernel->state_bytes ? set->kernel->state_bytes : 1;
    /* Zeros that nobody has touched: setup() does, each thread what it uses. */
    void *state =
        mmap(NULL, runner->state_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    runner->work = (struct work){.params = &set->params,
                                 .threads = set->threads,
                                 .footprint = set->footprint,
                                 .arena = arena_alloc(bytes),
                                 .state = state};
    runner->threads = aligned_alloc(LINE_BYTES, set->threads * sizeof *runner->threads);
    if (runner->work.arena == NULL || state == MAP_FAILED || runner->threads == NULL)
        die(EXIT_FAILED, "out of memory for %zu bytes of %s", bytes, set->name);
    memset(runner->threads, 0, set->threads * sizeof *runner->threads);
    crew_all(crew, set_up, runner);
    drop_faulting(runner, set);
    runner->slots = set->cell_count;
    for (unsigned i = 0; i < runner->slots; i++)
        runner->slot[i] = i;
    runner->page_kib = arena_page_kib(runner->work.arena, bytes);
    runner->counting = counting_open(crew, set->cell_count, seed);
}

static uint64_t lead_in_ops(uint64_t ops, double samples) {
    return (uint64_t)ceil((double)ops * samples);
}

uint64_t runner_lead_in(const struct runner *runner, unsigned which, double samples) {
    return lead_in_ops(runner->samples[which].ops, samples);
}

/* The shortest of two samples, and of up to so many while every one was preempted or SPOILED: what
 * others do on this machine must not make samples too short for ever. */
static uint64_t shortest(struct runner *runner, unsigned which, uint64_t ops) {
    enum { LEAST = 2, MOST = 16 };
    const struct cell_samples *samples = &runner->samples[which];
    uint64_t best = SPOILED;
    bool disturbed = true;
    for (int i = 0; i < LEAST || (disturbed && i < MOST); i++) {
        unsigned preempted = samples->preempted;
        uint64_t ticks = runner_sample(runner, which, ops, i ? 0 : lead_in_ops(ops, LEAD_IN_LEAST));
        disturbed &= ticks == SPOILED || samples->preempted != preempted;
        best = ticks < best ? ticks : best;
    }
    return best;
}

/* What the operations of a sample are a multiple of. */
static uint64_t multiple_of(const struct runner *runner) {
    const struct kernel_extras *extras = kernel_extras(runner->set->kernel);
    return extras->multiple ? extras->multiple(&runner->work) : 1;
}

uint64_t runner_ops(const struct runner *runner, uint64_t ops, double ticks) {
    uint64_t multiple = multiple_of(runner);
    double wanted = (double)ops * runner->target_ns * ticks_per_ns() / ticks;
    return wanted < (double)multiple ? multiple : (uint64_t)wanted / multiple * multiple;
}

/* Doubles the operations until the time can be read well, then scales to the target. */
static uint64_t calibrate(struct runner *runner, unsigned which) {
    uint64_t ops = multiple_of(runner);
    for (;;) {
        uint64_t ticks = shortest(runner, which, ops);
        /* Threads that do not stay where they are: nothing to calibrate by, nor to measure. */
        if (ticks == SPOILED)
            return ops;
        double ns = (double)ticks / ticks_per_ns();
        if (ns > runner->target_ns / 4)
            return runner_ops(runner, ops, (double)ticks);
        ops *= ns > runner->target_ns / 64 ? 4 : 8;
    }
}

/* Whether a cell is the baseline's code again: then it has its operations, too. */
static bool is_same_code(const struct set *set, unsigned which) {
    const struct cell *cell = &set->cells[which];
    return cell->lowering && which > 0 && strcmp(cell->name, set->cells[0].name) == 0;
}

void runner_calibrate(struct runner *runner, const uint64_t *ops) {
    const struct set *set = runner->set;
    struct cell_samples *samples = runner->samples;
    for (unsigned i = 0; i < set->cell_count; i++) {
        uint64_t known = ops ? ops[runner->planned[i]] : 0;
        samples[i].ops = known                  ? known
                         : is_same_code(set, i) ? samples[0].ops
                                                : calibrate(runner, i);
    }
    if (ops)
        return;
    runner_even(runner);
    for (unsigned i = 0; i < set->cell_count; i++)
        if (is_same_code(set, i))
            samples[i].ops = samples[0].ops;
}

void runner_begin(struct runner *runner, long rounds) {
    size_t room = (size_t)rounds, cells = runner->set->cell_count;
    runner->rounds = 0;
    runner->room = rounds;
    counting_begin(runner->counting, rounds);
    free(runner->order);
    runner->order = allocate(room * runner->slots, sizeof *runner->order);
    for (size_t i = 0; i < cells; i++) {
        struct cell_samples *cell = &runner->samples[i];
        uint64_t **arrays[] = {&cell->ticks, &cell->chain_before, &cell->chain_after};
        for (size_t a = 0; a < sizeof arrays / sizeof arrays[0]; a++) {
            free(*arrays[a]);
            *arrays[a] = allocate(room, sizeof **arrays[a]);
        }
        free(cell->metric);
        cell->metric = allocate(room, sizeof *cell->metric);
        cell->migrated = cell->preempted = cell->check_failed = 0;
        cell->check_message = NULL;
    }
}

static void keep_sample(struct runner *runner, unsigned which, long round) {
    const struct kernel_extras *extras = kernel_extras(runner->set->kernel);
    struct cell_samples *samples = &runner->samples[which];
    uint64_t ticks =
        runner_sample(runner, which, samples->ops, runner_lead_in(runner, which, runner->lead_in));
    bool usable = ticks && ticks != SPOILED;
    samples->ticks[round] = usable ? ticks : SPOILED;
    samples->metric[round] =
        usable && extras->metric ? extras->metric(&runner->work, samples->ops) : NAN;
    samples->chain_before[round] = runner->threads[0].chain_before;
    samples->chain_after[round] = runner->threads[0].chain_after;
    counting_keep(runner->counting, which);
}

/* What is said of a cell's samples is said of those that are kept. */
static void drop_sample(struct runner *runner, unsigned which) {
    struct cell_samples before = runner->samples[which];
    runner_sample(runner, which, before.ops, runner_lead_in(runner, which, runner->lead_in));
    runner->samples[which] = before;
}

double runner_round(struct runner *runner) {
    double begin = seconds_now();
    unsigned cells = runner->set->cell_count;
    long round = runner->rounds++;
    if (round >= runner->room)
        die(EXIT_FAILED, "%s: more rounds than were announced", runner->set->name);
    unsigned *order = runner->order + (size_t)round * runner->slots;
    memcpy(order, runner->slot, runner->slots * sizeof *order);
    rng_shuffle(&runner->rng, order, runner->slots);
    counting_round(runner->counting, round);
    for (unsigned i = 0; i < runner->slots; i++)
        if (order[i] < cells)
            keep_sample(runner, order[i], round);
        else
            drop_sample(runner, order[i] - cells);
    return seconds_now() - begin;
}

void runner_close(struct runner *runner) {
    for (unsigned i = 0; i < MAX_CELLS; i++) {
        struct cell_samples *cell = &runner->samples[i];
        free(cell->ticks);
        free(cell->chain_before);
        free(cell->chain_after);
        free(cell->metric);
    }
    free(runner->order);
    counting_close(runner->counting, runner->crew);
    free(runner->threads);
    munmap(runner->work.state, runner->state_bytes);
    arena_free(runner->work.arena);
}
