/* SPDX-License-Identifier: MIT
 *
 * pmu_probe.h: what can be counted here, what stands in the way, and the command that would lift
 * it; for people who prepare a machine. Nothing is changed.
 */
#ifndef PMU_PROBE_H
#define PMU_PROBE_H

#include <jansson.h>

/* {"pmus": [{"name", "type", "cpus", "core", "counters", "counters_at_least", "read", "sets",
 * "missing", "reason", "remedy"}], "permissions": {...}, "restrictions": [{"what", "why",
 * "command"}]} A PMU is one that owns a CPU which this process may use. counters: how many events
 * count at once, cycles among them; at least so many where more could not be tried. reason: why
 * nothing can be counted, and what would change that, or null. */
json_t *pmu_probe(void);

/* The same for people. */
void pmu_probe_print(const json_t *probe);

#endif
