/* SPDX-License-Identifier: MIT
 *
 * outside.h: time and chance, as the recorded program sees them: the same in each run. The plugin
 * is preloaded into the emulator, so its functions of these names are called for the C library's:
 * clock_gettime(), gettimeofday(), time(), times(), and syscall() for getrandom(2).
 *
 * The program's clocks are far ahead of the kernel's, to which it gives its deadlines: a wait with
 * a deadline ends when a thread wakes it and never by the deadline, whose time no run could
 * repeat.
 */
#ifndef OUTSIDE_H
#define OUTSIDE_H

#include <stdint.h>
#include <time.h>

/* Instructions of the run so far, a nanosecond each. */
extern uint64_t outside_nanoseconds;

/* The host's time of day. */
struct timespec outside_host_time(void);

#endif
