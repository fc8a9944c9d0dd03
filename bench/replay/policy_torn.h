/* SPDX-License-Identifier: MIT
 *
 * policy_torn.h: accesses that are one on x86 and several by a policy.
 */
#ifndef POLICY_TORN_H
#define POLICY_TORN_H

#include "oracle/oracle.h"
#include "replay/policy.h"

/* Bits of enum torn: what of the accesses of a window, or (NULL) of any program, a policy tears on
 * a CPU with these features. policy_verdict() does not know of it: it is no matter of order. */
unsigned policy_torn(const struct policy *policy, enum isa isa, const struct trace_window *window,
                     unsigned features);

#endif
