/* SPDX-License-Identifier: MIT
 *
 * machine_parts.h: the parts of machine_probe() that have files of their own. The caller owns
 * what they return.
 */
#ifndef MACHINE_PARTS_H
#define MACHINE_PARTS_H

#include <jansson.h>
#include <stdbool.h>

/* CPUs of one kind together: [{"cpus": "0-3", "name": ..., "signature": ...}]. */
json_t *machine_cpus(void);

/* Sizes of the caches that a CPU sees; unknown ones are left out. */
json_t *machine_caches(unsigned cpu);

/* What topology_footprint() gives for each level, where it is known. */
json_t *machine_working_sets(unsigned cpu);

/* Names of the features that lowerings of this architecture may need, those present or the
 * others. */
json_t *machine_features(bool present);

/* [{"what": ..., "why": ..., "how": how to get it}] for what the machine lacks for a full
 * measurement, going by what machine_probe() has found so far. */
json_t *machine_missing(const json_t *machine);

#endif
