/* SPDX-License-Identifier: MIT
 *
 * order.h: a thread under way: what it computes (compute.c) and what orders its events (order.c),
 * for traces.c. A mask has a bit for each event of the thread.
 */
#ifndef ORDER_H
#define ORDER_H

#include "oracle/explore.h"

/* A register's value, and the reads on which it depends: by data or address (basic-dep), and by a
 * choice of the processor's as well (pick-basic-dep), which is at least as many. */
struct value {
    uint64_t number;
    uint32_t data, pick;
};

/* What an event depends on, and what is ordered before it. */
struct dependences {
    struct value address, data;
    uint32_t basic, basic_pick; /* through it, to who reads what it stored */
    uint32_t lob;               /* closed */
};

struct run {
    unsigned at, loops;
    struct value registers[REGISTERS], flags; /* flags: N 8, Z 4, C 2, V 1 */
    struct thread_run trace;
    struct dependences dependences[TRACE_EVENTS];
    /* Events so far: by what they are ... */
    uint32_t writes, counted_reads, releases;
    /* ... and what comes before each later event, store or load. */
    uint32_t before_all, before_stores, before_loads;
    uint32_t address_po, address_po_pick; /* addr; po */
    uint32_t control, control_pick;
    int monitor; /* the event of the last load exclusive, or -1 */
};

struct access {
    bool write;
    unsigned location, order;
    uint64_t value;
    struct value address, data; /* data: of a store. Its pick: what it was chosen by, too */
    int read;                   /* of a store: the read of the same read-modify-write */
    bool uncounted;             /* a read without a register: no DMB LD orders it */
};

/* Adds an event that comes now; its number, or -1 where there are too many. */
int run_add_event(struct run *run, const struct access *access);

/* What a read's register depends on. */
struct value run_loaded(const struct run *run, int read, uint64_t number);

/* Barriers that come now: of enum barrier, and ISB. */
void run_barrier(struct run *run, unsigned kind);
void run_isb(struct run *run);

/* The lower `size' bytes; and both values' dependences, with this number. */
uint64_t value_cut(uint64_t value, unsigned size);
struct value value_join(struct value left, struct value right, uint64_t number);

/* What an atomic instruction stores. */
uint64_t value_combined(enum rmw_kind kind, uint64_t old, uint64_t value, unsigned size);

/* Fills a register of `size' bytes; the zero register stays. */
void run_set(struct run *run, unsigned index, struct value value, unsigned size);
/* The second operand, or the offset of an address. */
struct value run_operand(const struct run *run, const struct line *line);
/* MOV to EOR, and CSEL. */
void run_compute(struct run *run, const struct line *line);
void run_select(struct run *run, const struct line *line);
/* Whether a condition, "NE", holds of flags. */
bool run_condition(uint64_t flags, const char *condition);

#endif
