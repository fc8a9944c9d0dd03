/* SPDX-License-Identifier: MIT
 *
 * simulated.h: the core that a simulator plays, as the simulator's own description has it. What
 * hwloc, the kernel and the PMU say of a machine, this says of that core, behind the same headers.
 */
#ifndef SIMULATED_H
#define SIMULATED_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include "machine/memmodel.h"
#include "machine/topology.h"
#include "plan/plan.h"

struct simulated {
    unsigned cpus;
    enum memmodel model; /* a parameter of the core: it cannot be switched while it runs */
    struct topology_caches caches;
    uint64_t l1i;     /* bytes of the first level of instructions; 0: not known */
    uint64_t memory;  /* bytes */
    double sample_ns; /* length of a sample */
    /* Cells that ended the simulator when earlier processes tried them, each NAME=REASON. */
    const char *faults[MAX_CELLS];
    unsigned fault_count;
};

extern struct simulated simulated;

/* Reads the description, a JSON file: {"cpus": 2, "memory_model": "weak", "caches": [{"level": 1,
 * "bytes": 65536}, ...], "memory_bytes": ..., "sizes": {"l1i": {"bytes": ...}}}. Dies with
 * EXIT_USAGE when it says too little. */
void simulated_read(const char *path);

/* Prints a line of JSON and sees to it that it is out, or dies; takes the reference. */
void simulated_print(json_t *line);

/* Tell the simulator that what is counted as this item of work begins and ends here. */
void simulated_work_begin(unsigned item);
void simulated_work_end(unsigned item);

#endif
