/* SPDX-License-Identifier: MIT
 *
 * topology_levels.c: how large a working set of a cache level is, whatever machine that cache is
 * of, and lists of CPUs.
 */
#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "machine/topology.h"

static const uint64_t KIB = 1024, MIB = 1024 * 1024;

const char *topology_level_name(enum topology_level level) {
    static const char *const names[] = {"L1", "L2", "L3", "DRAM"};
    return names[level];
}

/* Twice the last level, so that what is walked has gone when the walk returns to it. */
static uint64_t dram_footprint(uint64_t l3, uint64_t memory, char *why, size_t size) {
    /* A system cache outside the description (Apple, phones) is far smaller than this. */
    uint64_t cap = 512 * MIB;
    if (l3 && cap < l3 + l3 / 2)
        cap = 1024 * MIB;
    if (cap > memory / 4)
        cap = memory / 4;
    uint64_t bytes = l3 && 2 * l3 < cap ? 2 * l3 : cap;
    if (l3 && bytes < l3 + l3 / 2) {
        snprintf(why, size, "%llu MiB, what may be used here, is not beyond an L3 of %llu MiB",
                 (unsigned long long)(cap / MIB), (unsigned long long)(l3 / MIB));
        return 0;
    }
    return bytes & ~(64 * KIB - 1);
}

uint64_t topology_footprint_of(enum topology_level level, const struct topology_caches *caches,
                               uint64_t memory, char *why, size_t size) {
    if (size)
        why[0] = '\0';
    /* Half of a cache: the rest is for the stack, the page tables and the neighbours. */
    switch (level) {
    case TOPOLOGY_L1:
        if (caches->l1d)
            return caches->l1d / 2 & ~(KIB - 1);
        break;
    case TOPOLOGY_L2:
        if (caches->l2)
            return caches->l2 / 2 & ~(KIB - 1);
        break;
    case TOPOLOGY_L3:
        /* In the middle between the levels, since neither all of an L3 nor a known part of it
         * is this process's: other cores and other virtual machines fill it too. */
        if (caches->l2 && caches->l3 >= 2 * caches->l2)
            return (uint64_t)sqrt((double)caches->l2 * (double)caches->l3) & ~(64 * KIB - 1);
        if (caches->l2 && caches->l3) {
            snprintf(why, size, "the L3 cache is hardly larger than the L2 cache");
            return 0;
        }
        break;
    default:
        if (caches->l2)
            return dram_footprint(caches->l3, memory, why, size);
        snprintf(why, size, "the sizes of the caches are not known");
        return 0;
    }
    snprintf(why, size, "the size of the %s cache is not known", topology_level_name(level));
    return 0;
}

uint64_t topology_footprint(enum topology_level level, unsigned cpu, char *why, size_t size) {
    struct topology_caches caches = topology_caches(cpu);
    return topology_footprint_of(level, &caches, topology_memory(), why, size);
}

/* A CPU's number at *text, which is moved behind it; -1 if there is none. */
static long read_cpu(const char **text) {
    long cpu = 0;
    const char *at = *text;
    for (; *at >= '0' && *at <= '9'; at++) {
        cpu = 10 * cpu + (*at - '0');
        if (cpu >= MAX_CPUS)
            return -1;
    }
    if (at == *text)
        return -1;
    *text = at;
    return cpu;
}

int topology_parse_cpus(const char *list, unsigned *cpus, unsigned capacity) {
    bool seen[MAX_CPUS] = {false};
    unsigned count = 0;
    for (const char *at = list;; at++) {
        long first = read_cpu(&at), last = first;
        if (first >= 0 && *at == '-') {
            at++;
            last = read_cpu(&at);
        }
        if (first < 0 || last < first || (*at != ',' && *at != '\0'))
            return -EINVAL;
        for (long cpu = first; cpu <= last; cpu++) {
            if (seen[cpu])
                return -EINVAL;
            if (count == capacity)
                return -E2BIG;
            seen[cpu] = true;
            cpus[count++] = (unsigned)cpu;
        }
        if (*at == '\0')
            return (int)count;
    }
}

void topology_extend_list(char *list, size_t size, unsigned cpu, unsigned last) {
    size_t length = strlen(list);
    char *range = strrchr(list, '-'), *comma = strrchr(list, ',');
    if (length && cpu == last + 1) {
        if (range && (comma == NULL || range > comma))
            length = (size_t)(range - list);
        snprintf(list + length, size - length, "-%u", cpu);
    } else {
        snprintf(list + length, size - length, "%s%u", length ? "," : "", cpu);
    }
}
