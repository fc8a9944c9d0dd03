/* SPDX-License-Identifier: MIT
 *
 * ticks.h: the clock of the instrument, and a yardstick for the core's frequency.
 *
 * The counter (TSC, CNTVCT_EL0) runs at a constant rate that is not the core's, and on some
 * machines it steps by 40 ns. So its rate and its step are measured, never believed, and cycles
 * come from a chain of dependent additions: one addition is one cycle on every core known.
 */
#ifndef TICKS_H
#define TICKS_H

#include <stdint.h>

#include "machine/stamp.h"

static inline uint64_t ticks_begin(void) {
    return ticks_now();
}

static inline uint64_t ticks_end(void) {
    return ticks_now();
}

/* The counter's rate against CLOCK_MONOTONIC_RAW. The first call takes 30 ms; it is for one
 * thread, before others are started. */
double ticks_per_ns(void);

/* Minimum duration of a sample on this many threads, in ns, so that the clock's resolution and the
 * skew of the threads' start are negligible. */
double ticks_sample_ns(unsigned threads);

/* Takes over a rate that another process of this run has measured. */
void ticks_use_rate(double rate);

/* The smallest step of the counter, in its own ticks: what limits the resolution of a sample. */
uint64_t ticks_step(void);

/* Ticks from ticks_begin() to ticks_end() with nothing between: the least of many. */
uint64_t ticks_overhead(void);

/* How many additions ticks_chain() makes: about 4 microseconds of them, more where the counter
 * is so coarse that this would be under 400 of its steps. */
uint64_t ticks_chain_adds(void);

/* Ticks, less the overhead, that ticks_chain_adds() dependent additions take now. So the core's
 * frequency in GHz is ticks_chain_adds() / (ticks / ticks_per_ns()). */
uint64_t ticks_chain(void);

/* Independent additions that the core makes in a cycle now, a cycle being an addition of the
 * chain. Another hardware thread of the core leaves the chain its pace and takes from this: on a
 * virtual machine that is how a neighbour shows. Takes some 5 microseconds. */
double ticks_issue_width(void);

#endif
