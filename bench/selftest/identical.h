/* SPDX-License-Identifier: MIT
 *
 * identical.h: what a run says of code that is the same under two names, whose true ratio is 1: the
 * check of the method that needs no clock but that of the run. Three kinds of pairs:
 *
 *   A/A     the same function twice
 *   twin    the same source compiled twice, at another place
 *   native  native code against plain where both are the same instructions: on x86-64 in kernels
 *           that have no fence
 *
 * 95 % intervals should exclude 1 in 5 % of the sets, and the mean of the logarithms of the ratios
 * should be 0, of all sets and of each kernel's.
 */
#ifndef IDENTICAL_H
#define IDENTICAL_H

#include <stdio.h>

#include "kernels/kernel.h"
#include "summary/summary.h"

enum identical_kind { IDENTICAL_AA, IDENTICAL_TWIN, IDENTICAL_NATIVE, IDENTICAL_KINDS };

struct identical {
    size_t sets, excluding; /* with an interval; of these, of which it excludes 1 */
    double mean;            /* of the ratios, geometric; NAN: none */
    double error; /* standard error of its logarithm, from the sets' spread; NAN: one set */
    /* The mean with each set weighted by 1 / variance, which its interval tells, and the standard
     * error of its logarithm: sets whose times scatter by percents count for little. */
    double weighted, weighted_error;
};

/* Whether native code of a kernel is the same instructions as plain: x86-64 loads and stores are as
 * they are, and locked instructions too; only a fence is another one. */
bool identical_native(const struct kernel *kernel, const char *architecture);

/* The pairs of a kind in a run that was measured on this architecture; kernel NULL: of all. */
struct identical identical_of(const struct summary *summary, enum identical_kind kind,
                              const char *kernel, const char *architecture);

/* The table of all kinds, and a line for each kernel whose mean is beyond 0.2 %. */
void identical_print(const struct summary *summary, const char *architecture, FILE *out);

#endif
