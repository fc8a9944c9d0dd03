/* SPDX-License-Identifier: MIT
 *
 * cores.h: on which kinds of cores: of a claim's list, and of what was measured. A list has names
 * with * and ?, separated by "|"; "!" before it: all others; "": any.
 */
#ifndef CORES_H
#define CORES_H

#include <jansson.h>
#include <stdbool.h>

#include "samples/samples.h"

/* Whether a core's name is on the list. */
bool cores_match(const char *cores, const char *name);

/* Whether a machine (machine.json, or NULL) has such a core. */
bool cores_on(const json_t *machine, const char *cores);

/* Whether all CPUs that a set was measured on are such cores. */
bool cores_of_set(const struct sample_set *set, const json_t *machine, const char *cores);

/* Whether two sets, of two machines, were measured on the same kinds of cores, as far as these are
 * known. */
bool cores_same(const struct sample_set *left, const json_t *left_machine,
                const struct sample_set *right, const json_t *right_machine);

#endif
