/* SPDX-License-Identifier: MIT
 *
 * kernel.h: what a kernel is.
 *
 * A kernel is one hand-written workload: one file <family>/<name>.c, one row in kernels.def. The
 * instrument in bench/ sees only this struct, so it never knows which kernel it measures; a kernel
 * sees only struct work, so it never knows that it is measured.
 */
#ifndef KERNEL_H
#define KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "line.h"
#include "needs.h"

/* Which primitives of access.h the timed code of a kernel uses. The audit compares this with the
 * machine code. The soundness and feature needs of a cell follow from it. */
enum uses {
    USES_LOAD = 1u << 0,
    USES_STORE = 1u << 1,
    USES_VECTOR = 1u << 2, /* 16- and 32-byte vector accesses */
    USES_PAIR = 1u << 3,   /* two 8-byte registers */
    USES_EXCHANGE = 1u << 4,
    USES_CAS = 1u << 5,
    USES_ADD = 1u << 6,
    USES_FENCE = 1u << 7,
    USES_RMW = USES_EXCHANGE | USES_CAS | USES_ADD,
    USES_COPY = 1u << 8, /* copies in one instruction or three */
};

/* How a parameter's values are read. */
enum axis_kind {
    AXIS_WORD,      /* a name; param_word() */
    AXIS_NUMBER,    /* a decimal number; param_number() */
    AXIS_FOOTPRINT, /* bytes per stream: L1, L2, L3, DRAM (read from the machine) or 16K, 2M */
    AXIS_UNSAID,    /* a name; the first one is left out of the names of sets, which so stay what
                       they were before the kernel had this parameter */
};

/* A value of a parameter. Its weight is its distance from the centre of the kernel's parameter
 * space: the sum over the axes decides which suites have a point (bench/plan/plan.c). */
struct axis_value {
    const char *text;
    unsigned weight;
    unsigned needs; /* enum feature bits */
};

enum { MAX_VALUES = 16, MAX_AXES = 6 };

struct axis {
    const char *key; /* NULL ends a list of axes */
    enum axis_kind kind;
    struct axis_value values[MAX_VALUES]; /* ended by a NULL text */
};

/* The value chosen for each axis of a kernel, in the order of the axes. */
struct params {
    const struct axis *axes;
    unsigned chosen[MAX_AXES];
};

/* What a kernel is given. The instrument owns all of it; it lives as long as the block. */
struct work {
    const struct params *params;
    unsigned threads;
    uint64_t footprint; /* bytes per stream; 0 for a kernel without an AXIS_FOOTPRINT */
    uint8_t *arena;     /* streams x footprint bytes, and LINE_BYTES more for unaligned accesses at
                           its end; page aligned, zeroed, not yet touched */
    void *state;        /* kernel.state_bytes, page aligned, zeroed, not yet touched */
    uint64_t nonce;     /* differs for every sample: prepare() plants it, check() expects it */
};

/* The text or number that params chose for key; the key must be one of the kernel's axes. */
const char *param_word(const struct params *params, const char *key);
uint64_t param_number(const struct params *params, const char *key);

/* The timed code: struct kernel's run. */
typedef void run_function(struct work *work, unsigned thread, uint64_t ops);

/* Code that is measured beside a kernel's lowerings: in the same rounds, on the same memory, judged
 * by the same check. */
enum variant_kind {
    VARIANT_REFERENCE, /* the same work done by somebody else's code */
    VARIANT_FORM,      /* the same work by given instructions, which no lowering changes */
};

struct variant {
    const char *name; /* differs from every lowering's; NULL ends a list */
    enum variant_kind kind;
    unsigned needs; /* enum feature bits */
    void (*run)(struct work *work, unsigned thread, uint64_t ops);
};

/* Defines variants() of a kernel that has the same at every point: rows of struct variant. */
#define VARIANTS(...)                                                                              \
    static const struct variant *variants(const struct params *params) {                           \
        static const struct variant table[] = {__VA_ARGS__, {0}};                                  \
        (void)params;                                                                              \
        return table;                                                                              \
    }

struct kernel {
    const char *name;
    const char *family;  /* the folder it lies in: "locks" */
    const char *summary; /* one line for lists and help */
    const char *op;      /* what one operation is, in the singular: "load", "round trip" */
    unsigned weight;     /* 0: the quick suite has its centre and the points a step away from it;
                            1: its centre; more: nothing of it */
    unsigned uses;       /* enum uses bits of the timed code */
    unsigned (*without)(const struct params *params); /* those of them that the timed code does not
                                                         use at this point; NULL: none */
    bool joint;      /* all threads together do `ops` operations; else each thread does so many */
    bool forms_only; /* lowerings make no difference: only the baseline and variants are run */
    /* A cell may fault where the CPU lacks such an access (unaligned, across a line). Each cell is
     * tried once on every thread before it is measured; one that faults is left out, with the
     * reason. Not for a joint kernel, whose other threads would wait for ever. */
    bool may_fault;
    unsigned min_threads;
    unsigned max_threads; /* 0: as many as the machine has */
    unsigned streams;     /* how many arrays of `footprint` bytes it walks */
    size_t state_bytes;
    const struct axis *axes; /* ended by a NULL key */

    /* Initialises and first-touches what `thread` uses, of the state too. Called once a block for
     * each thread in turn, 0 first, on that thread's own CPU, never concurrently. */
    void (*setup)(struct work *work, unsigned thread);
    /* Before every sample, untimed, on thread 0 alone: plants what check() looks for. */
    void (*prepare)(struct work *work, uint64_t ops);
    /* The timed code: `ops` operations, at least 1, by each thread, or by all together if joint.
     * May be called any number of times, equally often by each thread and with the same ops;
     * between prepare() and check() once by each thread. */
    void (*run)(struct work *work, unsigned thread, uint64_t ops);
    /* The timed code at a point on so many threads: `run`, or a function like it; NULL: there is no
     * such point. As a member it is NULL where the code is `run` at every point. */
    run_function *(*run_at)(const struct params *params, unsigned threads);
    /* After every sample, untimed, on thread 0 alone: NULL, or what is wrong (static text). */
    const char *(*check)(struct work *work, uint64_t ops);
    /* Bytes that one operation moves, for bandwidth; NULL: no bandwidth is reported. */
    uint64_t (*bytes)(const struct work *work);
    /* The variants at a point of the parameters; NULL: none anywhere. */
    const struct variant *(*variants)(const struct params *params);

    const struct kernel_extras *extras; /* NULL: it has none; see kernel_extras() */
};

/* What follows from a point of a kernel's parameters on a number of threads. */
struct point {
    bool absent;    /* there is no such point */
    unsigned needs; /* enum feature bits */
    uint64_t footprint;
    char skip[160]; /* why it cannot be measured, or empty */
};

/* What few kernels have. A member that is 0 or NULL is absent. */
struct kernel_extras {
    /* Locks. Threads may get unequal shares of a lock, which the time of a sample does not show: a
     * number beside it, 0 or more, larger is better, and its name. Called after check(), untimed,
     * on thread 0 alone. */
    const char *metric_name;
    double (*metric)(const struct work *work, uint64_t ops);
    /* Locks. Added to the weight of the sets of one thread: a lock that nobody contends for says
     * little, and one of them says it for most. */
    unsigned alone_weight;

    /* stencil and lbm, whose threads need a row each: whether so many have room in a footprint.
     * Where not, the set is skipped. */
    bool (*fits)(uint64_t footprint, unsigned threads);

    /* The rest is trace_replay's, whose parameters are files, and whose code is generated. */

    /* Fills the kernel's axes, which are its own static memory and must be unchanged afterwards,
     * before anything else is asked of it. Only what the set of this name needs must be read; NULL:
     * what all sets need. */
    void (*open)(const char *set);
    /* A point of these axes, which may be absent or come to a footprint that no axis names. */
    void (*at)(const struct params *params, unsigned threads, struct point *point);
    /* Operations come in multiples of this (instructions of a window); run() rounds up. */
    uint64_t (*multiple)(const struct work *work);
    /* Its forms are a translator's policies, which are to keep x86-TSO: the litmus test that breaks
     * a form at a point, or NULL if the form is sound there. Forms are measured in weak mode only,
     * if the CPU has one; the baseline is as sound as the lowering. */
    const char *(*unsound)(const struct variant *form, const struct params *params);
    /* Its functions are <stem>__<policy>, not run_<name>__<lowering>: the audit, which looks into
     * all of that name form, has nothing to read in them. */
    const char *stem;
};

static inline run_function *kernel_run_at(const struct kernel *kernel, const struct params *params,
                                          unsigned threads) {
    return kernel->run_at ? kernel->run_at(params, threads) : kernel->run;
}

/* A kernel's extras; never NULL. */
static inline const struct kernel_extras *kernel_extras(const struct kernel *kernel) {
    static const struct kernel_extras none;
    return kernel->extras ? kernel->extras : &none;
}

#endif
