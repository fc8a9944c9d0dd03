/* SPDX-License-Identifier: MIT
 *
 * errata.h: defects of cores that change what an ordered instruction costs or does. A number
 * measured on such a core is a number of the defect.
 */
#ifndef ERRATA_H
#define ERRATA_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

enum { ERRATUM_LDAPUR = 3877900, ERRATUM_A78AE = 1951502 };

/* Whether a core with this MIDR has the erratum. */
bool errata_has(uint32_t midr, unsigned erratum);

/* What it does, in a line; "" for a number that nobody knows. */
const char *errata_effect(unsigned erratum);

/* Whether any of these CPUs has it. */
bool errata_on(const unsigned *cpus, unsigned count, unsigned erratum);

/* Those of the given CPUs: [{"erratum": ..., "core": ..., "effect": ...}]. The caller owns it. */
json_t *errata_json(const unsigned *cpus, unsigned count);

#endif
