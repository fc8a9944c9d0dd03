/* SPDX-License-Identifier: MIT
 *
 * litmus_case.h: a litmus test under a lowering in a memory model: what was promised, what was
 * seen, and the verdict, in words that claim no more than that.
 */
#ifndef LITMUS_CASE_H
#define LITMUS_CASE_H

#include <jansson.h>

#include "litmus/litmus_run.h"

struct litmus_case {
    const struct litmus_view *view;
    struct litmus_job job;
    const char *model; /* "weak", "tso", "fixed-tso"; "tso:0": thread 0 in TSO, the others weak */
    bool promised;     /* mode or lowering are said to keep x86-TSO for this test */
    struct litmus_counts counts;
};

enum { LITMUS_ONE_SIDED = -1 };

/* Makes a case. In a model, each thread is; LITMUS_ONE_SIDED - t puts thread t alone into TSO. */
void litmus_case_make(struct litmus_case *litmus, size_t test, const struct lowering *lowering,
                      int model);

/* How often an outcome was seen that no memory model allows: of a test about that, or a value
 * that nobody stored. */
uint64_t litmus_impossible(const struct litmus_view *view, const struct litmus_counts *counts);

/* Whether it was run, and no run counts since its threads were not on their CPUs. */
bool litmus_unproven(const struct litmus_case *litmus);

/* The verdict into out; false if it is that something promised was broken. */
bool litmus_verdict(const struct litmus_case *litmus, char *out, size_t size);

/* The verdict and the histogram, as text on stdout or as JSON. */
void litmus_case_print(const struct litmus_case *litmus);
json_t *litmus_case_json(const struct litmus_case *litmus);

#endif
