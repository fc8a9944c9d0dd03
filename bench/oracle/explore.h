/* SPDX-License-Identifier: MIT
 *
 * explore.h: what Arm's memory model allows a litmus test to do: every execution, every final
 * state.
 *
 * The model is aarch64.cat of herd7 for accesses of one size to normal memory: per location
 * coherence, atomicity of read-modify-writes, and no cycle in what is ordered in a thread (lob),
 * read from another thread (rfe), overwritten by it (coe), or read before it overwrote (fre).
 *
 *   1. Each thread alone: a read takes each value that its location can have. That gives traces,
 * with dependences and lob as bit masks (traces.c).
 *   2. One trace a thread, so that every value read was stored by somebody.
 *   3. By location every coherence order, and for each read a store before which it is not.
 *   4. What has no cycle is allowed.
 */
#ifndef EXPLORE_H
#define EXPLORE_H

#include "oracle/program.h"

enum { TRACE_EVENTS = 24, EXECUTION_EVENTS = 64 };

struct event {
    bool write;
    uint8_t line, location;
    int8_t read; /* of a write: the read of the same read-modify-write, or -1 */
    uint64_t value;
    uint64_t before; /* events of the thread that are ordered before it: bits */
};

struct thread_run {
    unsigned count;
    struct event events[TRACE_EVENTS];
    uint64_t registers[REGISTERS]; /* at the end */
};

/* One allowed execution. Events are numbered through, those of thread 0 first. */
struct execution {
    const struct program *program;
    const struct thread_run *trace[PROGRAM_THREADS];
    unsigned first[PROGRAM_THREADS + 1]; /* number of a thread's first event */
    uint64_t before[EXECUTION_EVENTS];   /* ordered before: bits */
    int source[EXECUTION_EVENTS];        /* of a read: the store, or -1 for the start */
    uint8_t place[EXECUTION_EVENTS];     /* of a store: its place in coherence, from 1 */
    const uint64_t *state;
};

/* Rules of the model. One that is left out is a mistake, planted by tests. */
enum rule {
    RULE_RELEASE_ACQUIRE, /* [L]; po; [A] */
    RULE_ACQUIRE_PC_RCPC, /* LDAPR is no LDAR */
    RULE_AMO_BARRIER,     /* [range([A]; amo; [L])]; po */
    RULE_EXCLUSIVES_NO_AMO,
    RULE_FAILED_CAS_STORES_NOT,
    RULE_RMW_ORDER, /* rmw in aob */
    RULE_ATOMIC,
    RULE_DMB_LD_STORES,  /* loads before a DMB LD are before later stores, too */
    RULE_DMB_ST_STORES,  /* stores before a DMB ST are before later stores only */
    RULE_CONTROL_STORES, /* a control dependence orders stores only */
    RULE_FORWARDING,     /* a read of the own thread's store is not ordered by that */
    RULE_RELEASE_BEFORE, /* a release does not order what follows */
    RULE_COE,
    RULE_CORR,
    RULE_NO_RETURN, /* RMWs into the zero register acquire nothing, and DMB LD does not order them
                     */
    RULE_ISB,       /* an ISB alone orders nothing */
    RULE_ADDRESS_STORES,     /* addr; po; [W] */
    RULE_DEPENDENCE_FORWARD, /* (addr | data); lrs */
    RULE_RMW_FORWARD,        /* rmw; lrs; [A | Q] */
    RULE_STATUS,             /* no dependence through STXR's status */
    RULE_PICK,               /* the register of a CAS that succeeded is picked, not loaded */
    RULE_DEPENDENCE_MEMORY,  /* dependences go through memory */
    RULE_DSB,                /* DSB ST is before everything */
    RULE_PICK_STORES,        /* a pick dependence orders stores */
    RULES
};

/* Rules that are left out, bits of enum rule: in a test that is compiled with these files. */
#ifdef ORACLE_MISTAKES
extern uint32_t oracle_mistakes;
#else
enum { oracle_mistakes = 0 };
#endif

typedef void visit_execution(const struct execution *execution, void *data);

/* Calls visit for every allowed execution of the program that its filter keeps; states repeat.
 * False where there are too many (time and memory are bounded), and then what was visited is a
 * part. */
bool explore(const struct program *program, visit_execution *visit, void *data);

/* A set of states. */
struct states {
    size_t count, room;
    unsigned width;
    uint64_t *values; /* count rows of width */
    uint32_t *slots;  /* a hash table of them, until they are sorted */
};

/* Adds a state that is not there yet; whether it was new. */
bool states_add(struct states *states, const uint64_t *state);
/* In ascending order, after which none is added. */
void states_sort(struct states *states);
void states_free(struct states *states);

/* All final states; false as explore(). */
bool explore_states(const struct program *program, struct states *states);

/* ---- between traces.c and explore.c ---- */

struct traces {
    size_t count, room;
    struct thread_run *list;
};

/* All traces of all threads. False where they are too many. */
bool traces_make(const struct program *program, struct traces traces[PROGRAM_THREADS]);

static inline bool rule_kept(enum rule rule) {
    return !(oracle_mistakes >> rule & 1);
}

#endif
