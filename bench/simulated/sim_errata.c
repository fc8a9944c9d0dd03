/* SPDX-License-Identifier: MIT
 *
 * sim_errata.c: the core is what its description says.
 */
#include "machine/errata.h"

bool errata_on(const unsigned *cpus, unsigned count, unsigned erratum) {
    (void)cpus, (void)count, (void)erratum;
    return false;
}
