/* SPDX-License-Identifier: MIT */
#include "matrix/matrix.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/die.h"
#include "base/seconds.h"
#include "base/text.h"
#include "config.h"
#include "machine/ticks.h"
#include "machine/topology.h"
#include "matrix/matrix_parts.h"
#include "probe/machine.h"

enum { LEAST_ROUNDS = 5, MOST_ROUNDS = 25, PATIENCE_SECONDS = 60 };

/* What a pair costs in a process beside its rounds, and a cell in a round: to plan by. */
static const double pair_seconds = 0.0007, cell_seconds = 100e-6;

/* How many rounds of all pairs there is time for, and if it is too few, of how many pairs. */
static void plan_rounds(struct matrix *matrix, const struct matrix_request *request) {
    double block = request->seconds / MATRIX_BLOCKS, round = cell_seconds * matrix->set.cell_count;
    double fit = floor(block / (pair_seconds + LEAST_ROUNDS * round));
    if (request->pairs && request->pairs < matrix->pair_count)
        matrix->pair_count = (unsigned)request->pairs;
    else if (request->pairs == 0 && fit < matrix->pair_count)
        matrix->pair_count = fit < 1 ? 1 : (unsigned)fit;
    double rounds = (block / matrix->pair_count - pair_seconds) / round;
    matrix->rounds = (long)fmax(LEAST_ROUNDS, fmin(rounds, MOST_ROUNDS));
}

/* All pairs of the CPUs, or a random choice of them. */
static void choose_pairs(struct matrix *matrix, const struct matrix_request *request) {
    unsigned cpus = matrix->job.request.cpu_count, all = cpus * (cpus - 1) / 2, at = 0, kept = 0;
    unsigned *numbers = allocate(all, sizeof *numbers);
    bool *chosen = allocate(all, sizeof *chosen);
    matrix->all_pairs = matrix->pair_count = all;
    plan_rounds(matrix, request);
    for (unsigned i = 0; i < all; i++)
        numbers[i] = i;
    rng_shuffle(&matrix->rng, numbers, all);
    for (unsigned i = 0; i < matrix->pair_count; i++)
        chosen[numbers[i]] = true;
    matrix->pairs = allocate(matrix->pair_count, sizeof *matrix->pairs);
    for (unsigned a = 0; a < cpus; a++)
        for (unsigned b = a + 1; b < cpus; b++)
            if (chosen[at++])
                matrix->pairs[kept++] =
                    (struct pair_of_cpus){{matrix->job.cpus[a], matrix->job.cpus[b]}};
    free(numbers);
    free(chosen);
}

/* Keeps the baseline, its repetition, and the lowerings that are asked for; no lowering in TSO
 * mode where there is a weak one, since nobody orders twice. */
static void choose_cells(struct set *set, const char *lowerings) {
    unsigned kept = 0;
    for (unsigned i = 0; i < set->cell_count; i++) {
        const struct cell *cell = &set->cells[i];
        bool twice = i > 1 && cell->model == MEMMODEL_TSO;
        if (i < 2 || (cell->role == ROLE_LOWERING && !twice &&
                      (lowerings == NULL || text_listed(lowerings, cell->name))))
            set->cells[kept++] = *cell;
    }
    set->cell_count = kept;
}

static void check_names(const char *lowerings) {
    size_t count;
    const struct lowering *const *known = registry_lowerings(&count);
    const char **names = allocate(count, sizeof *names);
    for (size_t i = 0; i < count; i++)
        names[i] = known[i]->name;
    text_check_list("lowering", lowerings, names, count);
    free(names);
}

/* The set of the kernel's centre on two threads, with the cells that are asked for. */
static void choose_set(struct matrix *matrix, const struct matrix_request *request) {
    static const struct suite quick = {.name = "matrix", .every_kernel = true},
                              any = {.name = "matrix", .every_kernel = true, .max_lowering = 9};
    const char *names[64];
    size_t count = 0;
    struct plan_request two = matrix->job.request;
    two.suite = request->lowerings ? &any : &quick;
    two.cpu_count = 2;
    struct plan plan = plan_make(&two);
    const struct set *found = NULL;
    for (size_t i = 0; i < plan.count && count < 64; i++) {
        const struct set *set = &plan.sets[i];
        if (set->threads != 2 || set->skip[0] || set->kernel->may_fault)
            continue;
        names[count++] = set->kernel->name;
        if (found == NULL && strcmp(set->kernel->name, request->kernel) == 0)
            found = set;
    }
    if (found == NULL)
        text_unknown("kernel of two threads", request->kernel, names, count);
    if (request->lowerings)
        check_names(request->lowerings);
    matrix->set = *found;
    plan_free(&plan);
    choose_cells(&matrix->set, request->lowerings);
}

/* The pairs of a block from the at-th of its order on, until the time is over. */
static void measure_pairs(const struct matrix *matrix, unsigned block, const unsigned *order) {
    while (*matrix->at < matrix->pair_count && seconds_now() < matrix->deadline) {
        alarm(PATIENCE_SECONDS);
        matrix_pair(matrix, block, order[*matrix->at]);
        ++*matrix->at;
    }
    alarm(0);
}

/* A block: every pair once, in random order, in one process; another goes on where one dies. */
static void measure_block(struct matrix *matrix, unsigned block, unsigned *order) {
    rng_shuffle(&matrix->rng, order, matrix->pair_count);
    *matrix->at = 0;
    fflush(NULL);
    for (int status = 1; status;) {
        pid_t child = fork();
        if (child < 0)
            die(EXIT_FAILED, "cannot start a process: %s", strerror(errno));
        if (child == 0) {
            measure_pairs(matrix, block, order);
            _exit(0);
        }
        if (waitpid(child, &status, 0) != child)
            die(EXIT_FAILED, "cannot wait for a process: %s", strerror(errno));
        if (status && *matrix->at < matrix->pair_count) {
            char name[32];
            struct finding *finding = &matrix->findings[order[(*matrix->at)++]];
            snprintf(finding->skipped, sizeof finding->skipped,
                     "the process that measured it died: %s",
                     WIFSIGNALED(status) ? text_signal(WTERMSIG(status), name, sizeof name)
                                         : "its status is not 0");
        }
    }
}

static void *shared(size_t bytes) {
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED)
        die(EXIT_FAILED, "out of memory for a matrix");
    return memory;
}

json_t *matrix_measure(const struct matrix_request *request) {
    struct matrix *matrix = allocate(1, sizeof *matrix);
    char missing[256];
    request_from_machine(&matrix->job, plan_suite_named("quick"), request->cpus, NULL, missing,
                         sizeof missing);
    if (matrix->job.request.cpu_count < 2)
        die(EXIT_USAGE, "a pair takes two CPUs: allow more with --cpus or taskset");
    topology_sort(matrix->job.cpus, matrix->job.request.cpu_count);
    rng_seed(&matrix->rng, request->seed);
    matrix->seed = request->seed;
    choose_set(matrix, request);
    choose_pairs(matrix, request);
    ticks_per_ns();
    ticks_step(); /* every process inherits what is known of the clock */
    size_t cells = matrix->set.cell_count, pairs = matrix->pair_count;
    size_t finding_bytes = pairs * sizeof *matrix->findings;
    size_t value_bytes = MATRIX_BLOCKS * pairs * cells * sizeof *matrix->values;
    matrix->findings = shared(finding_bytes);
    matrix->values = shared(value_bytes);
    matrix->at = shared(sizeof *matrix->at);
    unsigned *order = allocate(pairs, sizeof *order);
    for (unsigned i = 0; i < pairs; i++)
        order[i] = i;
    matrix->deadline = seconds_now() + 2 * request->seconds + 1;
    for (unsigned block = 0; block < MATRIX_BLOCKS; block++)
        measure_block(matrix, block, order);
    json_t *result = matrix_json(matrix);
    munmap(matrix->findings, finding_bytes);
    munmap(matrix->values, value_bytes);
    munmap(matrix->at, sizeof *matrix->at);
    free(order);
    free(matrix->pairs);
    free(matrix);
    return result;
}
