/* SPDX-License-Identifier: MIT
 *
 * matrix.h: how far CPUs are from each other: a kernel of two threads, first of all ping_pong, on
 * pairs of CPUs.
 *
 * Measured as everything is here, since the tools that print such matrices get these wrong: which
 * instructions were timed is known (lowering and symbol) and not the compiler's choice; each pair
 * is measured in several processes, so that its interval knows of more than one address-space
 * layout; lowerings alternate in rounds, the baseline against itself among them; messages are
 * checked; a thread that does not stay where it was pinned spoils its sample; and the clock is
 * read around a batch, so nothing has to be subtracted.
 *
 * A pair stands for both directions: the message goes there and back. Its memory is on the NUMA
 * node of the CPU that stands first.
 */
#ifndef MATRIX_H
#define MATRIX_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct matrix_request {
    const char *kernel;
    const char *cpus;      /* a list, or NULL: all */
    const char *lowerings; /* separated by commas, or NULL: those of the quick suite */
    unsigned long pairs;   /* so many at most, chosen at random; 0: as many as there is time for */
    double seconds;        /* about so long, whatever the number of CPUs */
    uint64_t seed;
};

/* Measures. One JSON object that the caller owns:
 *
 *   format source machine version git time seed
 *   kernel params op unit    what the numbers are of: "one way" where an op is a round trip, else
 *                    the op
 *   blocks rounds    processes, and rounds of a pair in each
 *   cpus             [{cpu core cluster package}] in the order of the topology
 *   cells            [{lowering role model sound witness symbol}], the baseline first, then A/A
 *   pairs            [{cpus: [a, b], blocks, ns, cycles, ratio: [[value, low, high] a cell], wrong:
 *                    [wrong results a cell]} or {cpus, skipped: reason}]
 *   unmeasured       pairs that were not chosen
 *   skipped          [{lowering model reason}]
 *
 * ratio is a cell's time over the baseline's, paired within rounds. Dies with EXIT_USAGE when the
 * request names what does not exist. */
json_t *matrix_measure(const struct matrix_request *request);

/* Whether a matrix has a pair that was measured; if not, why the last one was not. */
bool matrix_measured(const json_t *matrix, char *why, size_t size);

#endif
