/* SPDX-License-Identifier: MIT
 *
 * crew.h: pinned threads that do the same thing at the same time.
 *
 * Thread 0 is the caller. The others wait between calls of crew_all() by spinning, so they cost
 * their CPU: a crew lives no longer than it is needed.
 */
#ifndef CREW_H
#define CREW_H

#include <stdbool.h>

struct crew;

/* Pins the caller to cpus[0] and starts threads-1 others on cpus[1..]. NULL when a thread cannot
 * be pinned: why says which. Dies when one cannot be started. Free with crew_stop. */
struct crew *crew_start(const unsigned *cpus, unsigned threads, char *why, unsigned long size);

/* Runs work(context, thread) on every thread of the crew at once; returns when all are done. */
void crew_all(struct crew *crew, void (*work)(void *context, unsigned thread), void *context);

/* Waits until all threads of the crew are here. Only inside crew_all. */
void crew_barrier(struct crew *crew);

/* How many threads it has, the caller included; and the CPU of one. */
unsigned crew_threads(const struct crew *crew);
unsigned crew_cpu(const struct crew *crew, unsigned thread);

/* Ends and joins the threads. */
void crew_stop(struct crew *crew);

#endif
