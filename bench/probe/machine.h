/* SPDX-License-Identifier: MIT
 *
 * machine.h: what machine this is, for `probe` and for every run's machine.json. Nothing in it
 * names the machine's owner: no host or user name, no serial number.
 */
#ifndef MACHINE_H
#define MACHINE_H

#include <jansson.h>
#include <stddef.h>

#include "samples/vocabulary.h"

/* Everything that is known, and under "missing" what is not, why, and how to get it. Key ends
 * tell units: _bytes, _kib, _hz, _ns. What could not be read is left out. The caller owns it. */
json_t *machine_probe(void);

/* SOURCE_MEASURED, or SOURCE_EMULATED. */
enum source machine_source(void);

/* A folder's name for this kind of machine, of a-z 0-9 + -: "arm-neoverse-n1-kvm". */
void machine_slug(char *out, size_t size);

#endif
