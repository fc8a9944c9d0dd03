/* SPDX-License-Identifier: MIT
 *
 * simulated_machine.h: machine.json of a simulated run.
 */
#ifndef SIMULATED_MACHINE_H
#define SIMULATED_MACHINE_H

#include "import/guest.h"

/* The document, with the simulator's own description in it. `program` is the line in which
 * tsobench-simulated says how it was built. The caller owns it. */
json_t *simulated_machine(const struct guest *guest, const json_t *program);

#endif
