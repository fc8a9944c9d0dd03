/* SPDX-License-Identifier: MIT
 *
 * seconds.h: wall time for limits, deadlines and progress. Samples are timed by ticks.h.
 */
#ifndef SECONDS_H
#define SECONDS_H

#include <time.h>

/* Seconds since some moment in the past; never goes back. */
static inline double seconds_now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

#endif
