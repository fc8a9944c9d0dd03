/* SPDX-License-Identifier: MIT
 *
 * linearity.h: twice the operations take twice the time, or something else than the operations is
 * timed as well.
 */
#ifndef LINEARITY_H
#define LINEARITY_H

#include <stdbool.h>
#include <stdint.h>

#include "plan/plan.h"
#include "threads/crew.h"

struct linearity {
    double ratio;     /* of the time of 2n operations to that of n: median over undisturbed rounds
                         of the last try that had enough of them; or NAN */
    double allowed;   /* distance of the ratio from 2 */
    unsigned tries;   /* that it took */
    unsigned refuted; /* tries whose whole interval is further from 2 than allowed,
                         of several threads below it */
    unsigned wrong;   /* results that the kernel's check refused */
    bool linear;      /* in the last try */
};

enum linearity_verdict { LINEARITY_HOLDS, LINEARITY_REFUTED, LINEARITY_UNJUDGED };

/* Measures a set's baseline with n and 2n operations in the same rounds, n as calibrated. What
 * others do on a shared machine can spoil one try, so there are several; a runner that times
 * something else spoils all of them. */
struct linearity linearity_measure(const struct set *set, struct crew *crew, uint64_t seed);

/* Refuted: a wrong result, or most tries say so. Unjudged: none held, and too few had enough
 * rounds in which this process was alone on its CPUs. */
enum linearity_verdict linearity_verdict(const struct linearity *found);

#endif
