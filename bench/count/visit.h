/* SPDX-License-Identifier: MIT
 *
 * visit.h: work on a CPU, by a thread that lives no longer: who calls stays where it may run.
 */
#ifndef VISIT_H
#define VISIT_H

/* Runs work(context) pinned to a CPU. 0, or a negative errno and nothing was done. */
int visit_cpu(unsigned cpu, void (*work)(void *context), void *context);

#endif
