/* SPDX-License-Identifier: MIT
 *
 * policy_verdict.h: replay policies judged, by what a window does.
 */
#ifndef POLICY_VERDICT_H
#define POLICY_VERDICT_H

#include "oracle/oracle.h"
#include "replay/policy.h"

/* What breaks a policy against x86-TSO (an x86-64 one: that is sound by its CPU), each thread of a
 * test one block. Static storage, computed once. verdict->mapping is NULL. */
const struct verdict *policy_verdict(const struct policy *policy, enum isa isa);

/* The litmus test that breaks a policy for what a window does, or (NULL) for what any program does;
 * NULL if none does, "undecided" where the oracle cannot judge it. Nontemporal stores are in no
 * order on x86 either. */
const char *policy_breaks(const struct policy *policy, enum isa isa,
                          const struct trace_window *window);

/* The kinds of access and the operations that are in a window, for oracle_hole(). */
void policy_window_has(const struct policy *policy, const struct trace_window *window,
                       unsigned *kinds, unsigned *test_ops);

#endif
