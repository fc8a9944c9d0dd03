/* SPDX-License-Identifier: MIT
 *
 * sim_breaks.c: no verdicts in a simulator, where each takes minutes: the import gives them.
 */
#include "oracle/oracle.h"
#include "replay/policy_verdict.h"

static const char *const undecided = "undecided";

const char *oracle_breaks(const struct mapping *mapping, unsigned uses, unsigned features) {
    (void)mapping, (void)uses, (void)features;
    return undecided;
}

const char *policy_breaks(const struct policy *policy, enum isa isa,
                          const struct trace_window *window) {
    (void)policy, (void)isa, (void)window;
    return undecided;
}
