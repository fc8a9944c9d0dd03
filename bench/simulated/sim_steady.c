/* SPDX-License-Identifier: MIT
 *
 * sim_steady.c: a simulated sample is one of one, after the shortest lead-in: executing code for
 * nothing but balance would take minutes of a simulator for each set.
 */
#include "block/runner.h"

void runner_balance(struct runner *runner) {
    (void)runner;
}

void runner_even(struct runner *runner) {
    (void)runner;
}

void runner_settle(struct runner *runner, double lead_in, bool settled) {
    (void)lead_in, (void)settled;
    runner->lead_in = LEAD_IN_LEAST;
    runner->settled = true;
}
