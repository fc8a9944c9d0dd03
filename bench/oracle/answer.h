/* SPDX-License-Identifier: MIT
 *
 * answer.h: what the model says to a litmus test, in text.
 */
#ifndef ANSWER_H
#define ANSWER_H

#include <stdio.h>

#include "oracle/explore.h"

/* "0:X1=1; [x]=0;", as herd7 prints a state. */
void answer_state(const struct program *program, const uint64_t *state, FILE *out);

/* All final states and whether the condition holds, as herd7 prints them, without histograms. False
 * where there are too many executions; then nothing is printed. */
bool answer_print(const struct program *program, FILE *out);

#endif
