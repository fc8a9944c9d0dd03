/* SPDX-License-Identifier: MIT
 *
 * switchcost.h: what it costs to have a memory model that threads switch: the switch itself, and
 * what it may add to context switches and to starting threads and processes.
 */
#ifndef SWITCHCOST_H
#define SWITCHCOST_H

#include "events/event.h"

/* The events; ended by a NULL name. */
extern const struct event switchcost_events[];

/* Where a thread in TSO mode has made a thread, a process, or executed a program: which model
 * that was in. {"thread": "tso", "fork": ..., "execve": ...} or {"skipped": reason}. */
json_t *switchcost_inheritance(void);

/* What the program that execve() starts calls: exits with the model it finds itself in. */
_Noreturn void switchcost_answer(void);

#endif
