/* SPDX-License-Identifier: MIT
 *
 * broken_hooks.h: the faults of the lowering `broken`, between its header and test_faults.c.
 */
#ifndef BROKEN_HOOKS_H
#define BROKEN_HOOKS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum broken_fault {
    FAULT_NONE,
    FAULT_LOST_STORE,  /* now and then a data store is not done */
    FAULT_WRONG_LOAD,  /* now and then a data load has a bit flipped */
    FAULT_LOST_LOAD,   /* now and then a data load is not done: it has what the last one had */
    FAULT_LATE_STORE,  /* a data store follows the next sync store: a dropped release */
    FAULT_STALE_LOAD,  /* a data load has what it had the last time: a dropped acquire */
    FAULT_TORN_UPDATE, /* a read-modify-write is a load and, later, a store */
    FAULT_NO_FENCE,    /* a store-load fence is nothing */
    FAULT_COUNT
};

/* What is planted in all threads. Written while no kernel runs. */
extern enum broken_fault broken_planted;

/* Whether `fault` is planted and happens now: every 13th time in a thread. */
int broken_now(enum broken_fault fault);

/* A time in which another thread may do something: tens of nanoseconds, now and then a
 * microsecond. */
void broken_pause(void);

/* `op` is the primitive's name; what begins with `data' can be lost, wrong, late or stale. */
void broken_before_load(const char *op, const void *p, size_t bytes);
void broken_after_load(const char *op, const void *p, void *value, size_t bytes);
int broken_may_store(const char *op, void *p, const void *value, size_t bytes);
void broken_after_store(const char *op);

/* Ends what a thread still owes: its late store. */
void broken_finish(void);

#endif
