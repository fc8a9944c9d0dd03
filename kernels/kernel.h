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

/* Which words of access.h the timed code of a kernel speaks. The audit compares this with the
 * machine code. Soundness and feature needs of a cell follow from it. */
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
    USES_COPY = 1u << 8,    /* copies in one instruction or three */
    USES_ALWAYS = 1u << 31, /* every kernel: see struct lowering, unsound_if */
};

/* How a parameter's values are read. */
enum axis_kind {
    AXIS_WORD,      /* a name; param_word() */
    AXIS_NUMBER,    /* a decimal number; param_number() */
    AXIS_FOOTPRINT, /* bytes per stream: L1, L2, L3, DRAM (read from the machine) or 16K, 2M */
};

/* A value of a parameter. Its weight is its distance from the centre of the kernel's parameter
 * space: what a suite takes follows from the sum over the axes (bench/plan/plan.c). */
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

/* What a kernel is handed. The instrument owns all of it; it lives as long as the block. */
struct work {
    const struct params *params;
    unsigned threads;
    uint64_t footprint; /* bytes per stream; 0 for a kernel without an AXIS_FOOTPRINT */
    uint8_t *arena;     /* streams x footprint bytes, and LINE_BYTES for what begins at an odd
                           address; page aligned, zeroed, not yet touched */
    void *state;        /* kernel.state_bytes, page aligned, zeroed, not yet touched */
    uint64_t nonce;     /* another value for every sample: what prepare() plants, check() wants */
};

/* The text or number that params chose for key; the key must be one of the kernel's axes. */
const char *param_word(const struct params *params, const char *key);
uint64_t param_number(const struct params *params, const char *key);

/* Code that stands beside the lowerings in a kernel's sets: measured in the same rounds, on the
 * same memory, judged by the same check. */
enum variant_kind {
    VARIANT_REFERENCE, /* the same work done by somebody else's code */
    VARIANT_FORM,      /* the same work by instructions that are no lowering's, as such */
};

struct variant {
    const char *name; /* unlike any lowering's; NULL ends a list */
    enum variant_kind kind;
    unsigned needs; /* enum feature bits */
    void (*run)(struct work *work, unsigned thread, uint64_t ops);
};

/* What follows from a point of a kernel's parameters on a number of threads. */
struct point {
    bool absent;    /* there is no such point */
    unsigned needs; /* enum feature bits */
    uint64_t footprint;
    char skip[160]; /* why it cannot be measured, or empty */
};

struct kernel {
    const char *name;
    const char *family;  /* the folder it lies in: "locks" */
    const char *stem;    /* its functions are <stem>__<lowering>; NULL: run_<name>, which the audit
                            looks into */
    const char *summary; /* one line for lists and help */
    const char *op;      /* what one operation is, in the singular: "load", "round trip" */
    unsigned weight; /* 0: its centre and one step from it are in the quick suite; 1: its centre;
                        more: nothing */
    unsigned
        alone_weight; /* on top where it runs on one thread: more for one that says little so */
    bool joint;       /* all threads do `ops` operations together; else each does so many */
    unsigned uses;    /* enum uses bits of the timed code */
    /* Those of them that it does not speak at a point of its parameters; NULL: none. */
    unsigned (*without)(const struct params *params);
    unsigned streams; /* how many arrays of `footprint` bytes it walks */
    unsigned min_threads;
    unsigned max_threads; /* 0: as many as the machine has */
    size_t state_bytes;
    const struct axis *axes; /* ended by a NULL key */

    /* Whether so many threads have room in a footprint; NULL: in any. Else the set is skipped. */
    bool (*fits)(uint64_t footprint, unsigned threads);

    /* Lays out and first-touches what `thread` uses, of the state too; called once a block for each
     * thread in turn, 0 first, on that thread's own CPU, never concurrently. */
    void (*setup)(struct work *work, unsigned thread);
    /* Before every sample, on thread 0, untimed and alone: plants what check() looks for. */
    void (*prepare)(struct work *work, uint64_t ops);
    /* The timed code: `ops` operations, at least 1, by each thread, or by all together where it is
     * joint. May be called any number of times, by each thread as often, with the same ops; between
     * prepare() and check() once by each thread. */
    void (*run)(struct work *work, unsigned thread, uint64_t ops);
    /* After every sample, on thread 0, untimed and alone: NULL, or what is wrong. */
    const char *(*check)(struct work *work, uint64_t ops);
    /* Bytes that one operation moves (for bandwidth), or NULL. */
    uint64_t (*bytes)(const struct work *work);

    /* The variants at a point of its parameters, or NULL: none anywhere. */
    const struct variant *(*variants)(const struct params *params);
    bool forms_only; /* lowerings make no difference to it: they have no cells but the baseline's */
    /* Of a kernel whose forms are to keep x86-TSO in weak mode, in which alone they are measured
     * where the CPU has one: NULL, or what breaks a form. Its baseline is as sound as the lowering.
     * NULL: its forms promise nothing. */
    const char *(*unsound)(const struct variant *form);
    /* For a kernel whose parameters are read from files, each NULL elsewhere: fills its axes,
     * before anything else is asked of it, of which no more need be read than the set of a name
     * (NULL: all sets); and a point of them. */
    void (*open)(const char *set);
    void (*at)(const struct params *params, unsigned threads, struct point *point);
    /* Operations come in multiples of this, or NULL: of 1. run() does no fewer than it is asked. */
    uint64_t (*multiple)(const struct work *work);
    /* A cell of it may fault where the CPU has no such access (unaligned, across a line). Each is
     * tried once, on every thread, before it is measured; what faults is left out and says so. Not
     * for a joint kernel, whose threads would wait for one that faulted. */
    bool may_fault;

    /* A number beside the time of a sample, at least 0, larger is better, and what it is:
     * "fairness". NULL: none. Called after check(), on thread 0, untimed and alone. */
    const char *metric_name;
    double (*metric)(const struct work *work, uint64_t ops);
};

#endif
