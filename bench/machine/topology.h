/* SPDX-License-Identifier: MIT
 *
 * topology.h: CPUs, cores and caches as hwloc sees them, and pinning.
 *
 * Working sets are named by cache level and sized here from the machine, so that "L2" means the
 * same thing on all of them. CPUs are the system's numbers. What is not known is 0.
 */
#ifndef TOPOLOGY_H
#define TOPOLOGY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* CPUs that Linux can be built for, on any architecture. */
enum { MAX_CPUS = 8192 };

/* The CPUs this process was meant to use when topology was first asked, best first: one of every
 * core before a second one of any, faster kinds of core before slower ones. Owned by topology. */
const unsigned *topology_cpus(unsigned *count);

/* How many cores those CPUs are on, and how many NUMA nodes the machine has. */
unsigned topology_cores(void);
unsigned topology_numa_nodes(void);

/* Where a CPU is: numbers of its core, of the group of cores that it shares a cache or a die with
 * below the package (the core's own where there is none), and of its package. */
struct topology_place {
    unsigned cpu, core, cluster, package;
};

/* The place of a CPU; one that hwloc does not know is a core of its own in package 0. */
struct topology_place topology_place(unsigned cpu);

/* Sorts CPUs so that those of a package, in it those of a cluster, and in it those of a core stand
 * together. */
void topology_sort(unsigned *cpus, unsigned count);

struct topology_caches {
    uint64_t l1d, l2, l3; /* bytes */
    unsigned l3_cores;    /* cores that share the L3 */
};
struct topology_caches topology_caches(unsigned cpu);

/* Bytes of the first CPU's L1 instruction cache; 0: not known. */
uint64_t topology_l1i(void);

/* Memory this process may use: the machine's, or the limit of its control groups. */
uint64_t topology_memory(void);

enum topology_level { TOPOLOGY_L1, TOPOLOGY_L2, TOPOLOGY_L3, TOPOLOGY_DRAM, TOPOLOGY_LEVELS };

/* "L1", ... */
const char *topology_level_name(enum topology_level level);

/* How many bytes all arrays of a kernel may have together to live in this level, seen by a CPU;
 * 0, and the reason in why, if that is not known. */
uint64_t topology_footprint(enum topology_level level, unsigned cpu, char *why, size_t size);

/* The same for given sizes; tests call it. */
uint64_t topology_footprint_of(enum topology_level level, const struct topology_caches *caches,
                               uint64_t memory, char *why, size_t size);

/* Pins the calling thread, and reads back where it may run and where it runs. 0, a negative errno
 * of the kernel (-EINVAL: the CPU may not be used), or one of the others. */
enum { TOPOLOGY_NOT_BOUND = 1, TOPOLOGY_ELSEWHERE };
int topology_pin(unsigned cpu);

/* Whether the calling thread runs on this CPU now. */
bool topology_is_on(unsigned cpu);

/* Such an error of a CPU as a sentence that names what was tested. */
void topology_pin_why(unsigned cpu, int error, char *why, size_t size);

/* Reads a list like "0-3,8" into at most `capacity` CPUs in its order. How many there are, or
 * -EINVAL if it is no such list or names a CPU twice, -E2BIG if there are more. */
int topology_parse_cpus(const char *list, unsigned *cpus, unsigned capacity);

/* Appends a CPU to such a list, whose last one is `last`. */
void topology_extend_list(char *list, size_t size, unsigned cpu, unsigned last);

#endif
