/* SPDX-License-Identifier: MIT */
#include "core/region.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "core/turn.h"
#include "machine/arena.h"
#include "machine/topology.h"

/* Lines that are fetched in pairs are 128 bytes apart, so only half of the bytes are ever in a
 * cache, of which the region is TIMES the largest. */
enum { LINE_BITS = 7, TIMES = 8, SMALL_BITS = 14 };

/* Of a machine there may be caches that nobody tells of: topology.h knows what is beyond them. */
static uint64_t bytes_of(unsigned cpu, enum source source, char *why, size_t size) {
    struct topology_caches caches = topology_caches(cpu);
    uint64_t bytes = TIMES * (caches.l3 ? caches.l3 : caches.l2), most = topology_memory() / 4;
    uint64_t beyond = topology_footprint(TOPOLOGY_DRAM, cpu, why, size);
    if (source == SOURCE_SIMULATED && bytes && bytes <= most)
        return bytes;
    return beyond == 0 || bytes < beyond || bytes > most ? beyond : bytes;
}

uint64_t region_index(uint64_t i, unsigned bits) {
    const uint64_t mask = (UINT64_C(1) << bits) - 1;
    uint64_t x = i & mask;
    for (int turn = 0; turn < 3; turn++) { /* odd factors and shifts to the right are bijections */
        x = (x * UINT64_C(0x9e3779b97f4a7c15) + 1) & mask;
        x ^= x >> (bits + 1) / 2;
    }
    return x;
}

void region_lines(struct region *region, uint64_t *table, size_t count) {
    for (size_t i = 0; i < count; i++)
        table[i] = (uint64_t)(uintptr_t)region->lines +
                   (region_index(region->next++, region->bits) << LINE_BITS);
}

bool region_make(struct region *region, unsigned cpu, enum source source, char *why, size_t size) {
    *region = (struct region){.bits = SMALL_BITS};
    if (source != SOURCE_EMULATED) {
        uint64_t bytes = bytes_of(cpu, source, why, size);
        if (bytes == 0)
            return false;
        region->bits = 63 - (unsigned)__builtin_clzll(bytes) - LINE_BITS;
    }
    size_t bytes = (size_t)1 << (region->bits + LINE_BITS);
    region->lines = arena_alloc(bytes);
    region->hits =
        mmap(NULL, hits_bytes(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (region->lines == NULL || region->hits == MAP_FAILED) {
        snprintf(why, size, "no memory for %zu MiB of lines that miss", bytes >> 20);
        return false;
    }
    memset(region->lines, 0, bytes); /* pages that nobody wrote are all one, which is in a cache */
    memset(region->hits, 0, hits_bytes());
    region->page_kib = arena_page_kib(region->lines, bytes);
    return true;
}

void region_free(struct region *region) {
    arena_free(region->lines);
    munmap(region->hits, hits_bytes());
}
