/* SPDX-License-Identifier: MIT
 *
 * plan.h: which sets are measured. A set is one kernel at one point of its parameter space on a
 * number of threads; its cells differ only in lowering and memory model, so they are compared
 * with each other and measured interleaved.
 */
#ifndef PLAN_H
#define PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernels/lowering.h"
#include "machine/memmodel.h"
#include "samples/vocabulary.h"

/* How much is measured. */
struct suite {
    const char *name;
    const char *summary;
    unsigned max_weight;   /* the kernel's, its parameter point's and that of many threads */
    unsigned max_lowering; /* weight of a lowering */
    bool every_kernel;     /* a kernel's own weight does not count */
    unsigned min_blocks;   /* of every set */
    unsigned max_blocks;   /* where the interval stays wider than asked */
    long rounds;           /* of a block; 0: Google Benchmark decides from block_seconds */
    double block_seconds;  /* of a block: its rounds, samples and lead-ins */
    double limit_seconds;  /* no extra blocks after this */
};

/* All suites, smallest first; NULL name ends them. */
extern const struct suite plan_suites[];
const struct suite *plan_suite(const char *name); /* or NULL */
/* The suite, or death with EXIT_USAGE naming the nearest. */
const struct suite *plan_suite_named(const char *name);

struct cell {
    const char *name; /* of the lowering, or of the variant */
    enum role role;
    enum memmodel model;
    const struct lowering *lowering; /* whose kernel runs; NULL for a variant */
    const struct variant *variant;   /* or NULL */
    void (*run)(struct work *work, unsigned thread, uint64_t ops);
};

struct cell_skip {
    const char *lowering;
    enum memmodel model;
    char reason[96];
};

enum { MAX_CELLS = 96, MAX_SKIPS = 96, MAX_TEXT = 128 };

struct set {
    char name[2 * MAX_TEXT]; /* kernel/parameters/threads=N: unique, and what --only matches */
    char parameters[MAX_TEXT];
    const struct kernel *kernel; /* of the baseline: its setup and check serve all cells */
    struct params params;
    unsigned uses;     /* of the kernel at this point */
    unsigned features; /* enum feature bits of the CPU */
    unsigned weight;
    unsigned threads;
    uint64_t footprint;           /* bytes per stream */
    char skip[160];               /* why nothing of it can be measured here, or empty */
    struct cell cells[MAX_CELLS]; /* the baseline first */
    unsigned cell_count;
    struct cell_skip skips[MAX_SKIPS];
    unsigned skip_count;
};

/* What the machine offers and the user asked for. */
struct plan_request {
    const struct suite *suite;
    const char *set; /* only the set of this name; NULL: all */
    unsigned cpu_count;
    unsigned features;          /* enum feature bits this CPU has */
    bool model[MEMMODEL_COUNT]; /* the models to measure; at least one */
    struct {
        uint64_t bytes; /* of all streams together; 0: unknown */
        char reason[96];
    } level[4]; /* L1, L2, L3, DRAM */
};

struct plan {
    struct set *sets;
    size_t count;
};

/* About how many seconds a set takes in a suite with its fewest blocks; 0 if it is skipped. */
double plan_set_seconds(const struct set *set, const struct suite *suite);

/* Every set of the suite; free with plan_free. Sets that cannot run here carry their reason. */
struct plan plan_make(const struct plan_request *request);
void plan_free(struct plan *plan);

/* Keeps the sets whose name matches an extended regular expression; dies with EXIT_USAGE when it
 * is no expression or keeps none, naming the nearest kernel. */
void plan_filter(struct plan *plan, const char *expression);

/* The set of that name, or NULL. */
const struct set *plan_find(const struct plan *plan, const char *name);

/* The name of the function that a cell runs, asked of the loader and not of the plan; NULL if it
 * is not a function's first address. */
const char *plan_symbol(const struct cell *cell);

/* Takes a cell out of a set, for a reason that is kept among its skips. */
void plan_drop(struct set *set, unsigned which, const char *reason);

/* Whether a cell keeps what x86-TSO promises: 1 yes, 0 no, -1 no lowering under test. */
int plan_sound(const struct set *set, const struct cell *cell);

/* What breaks a cell that does not: the witness of its lowering or form. */
const char *plan_witness(const struct set *set, const struct cell *cell);

#endif
