/* SPDX-License-Identifier: MIT
 *
 * pmu_selftest.h: does an event count what its name says on this core? A code that a core does not
 * have opens like any other and counts nothing, or something else; errata and hypervisors do the
 * rest. So before a run each event whose number can be known is counted over a loop (loops.h).
 */
#ifndef PMU_SELFTEST_H
#define PMU_SELFTEST_H

#include <jansson.h>

/* For each kind of PMU among the CPUs, rows
 *   {"pmu", "event", "loop", "expected", "counted", "error", "trusted", "reason"}
 * counted and error (counted / expected - 1) are null where the event did not count. An event that
 * is more than 1 % off is not trusted, and the reason says how far. Whether RC_LD_SPEC counts LDAPR
 * is a question about the core: the row of the loop `ldapr` is trusted if it answers with all or
 * nothing, and its reason is the answer. An empty array, and why, if nothing can be counted. */
json_t *pmu_selftest(const unsigned *cpus, unsigned count, char *why, size_t size);

/* What counting costs a sample, outside of its stamps: {"user_ns", "syscall_ns"}, of the largest
 * set of events and of those ways to read it that there are; or null. */
json_t *pmu_overhead(unsigned cpu);

/* Both, under their keys, into a machine's description. */
void pmu_describe(json_t *machine, const unsigned *cpus, unsigned count);

#endif
