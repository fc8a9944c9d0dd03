/* SPDX-License-Identifier: MIT */
#include "machine/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "machine/sysfile.h"

/* Stands in the page before the arena, which is then made read-only. */
struct header {
    size_t mapped; /* bytes from here to the end of the page behind the arena */
};

static size_t page_bytes(void) {
    return (size_t)sysconf(_SC_PAGESIZE);
}

static size_t huge_bytes(void) {
    const size_t usual = 2u << 20, most = 64u << 20; /* 512 MiB with 64 KiB pages: too much */
    uint64_t bytes;
    if (!sysfile_number(&bytes, "/sys/kernel/mm/transparent_hugepage/hpage_pmd_size"))
        return usual;
    return bytes && bytes <= most ? (size_t)bytes : usual;
}

/* The arena stands alone between other mappings; the kernel would merge it with a neighbour of
 * its own kind, and could no longer say what pages each of them has. */
void *arena_alloc(size_t bytes) {
    size_t page = page_bytes(), huge = huge_bytes();
    if (bytes > SIZE_MAX / 2)
        return NULL;
    size_t rounded = (bytes ? bytes + huge - 1 : huge) & ~(huge - 1);
    size_t reserved = rounded + 2 * huge;
    char *area = mmap(NULL, reserved, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (area == MAP_FAILED)
        return NULL;

    char *arena = (char *)(((uintptr_t)area + page + huge - 1) & ~(uintptr_t)(huge - 1));
    char *begin = arena - page, *end = arena + rounded + page;
    if (begin > area)
        munmap(area, (size_t)(begin - area));
    munmap(end, (size_t)(area + reserved - end));
    if (mprotect(begin, page + rounded, PROT_READ | PROT_WRITE)) {
        munmap(begin, (size_t)(end - begin));
        return NULL;
    }
    ((struct header *)begin)->mapped = (size_t)(end - begin);
    mprotect(begin, page, PROT_READ);
    madvise(arena, rounded, MADV_HUGEPAGE); /* refused: arena_page_kib() tells */
    return arena;
}

void arena_free(void *arena) {
    if (arena == NULL)
        return;
    char *begin = (char *)arena - page_bytes();
    munmap(begin, ((const struct header *)begin)->mapped);
}

unsigned arena_page_kib(const void *arena, size_t bytes) {
    FILE *smaps = fopen("/proc/self/smaps", "re");
    if (smaps == NULL)
        return 0;
    char line[512];
    unsigned long begin, end, value, resident = 0, huge = 0, page = 0;
    int inside = 0;
    while (fgets(line, sizeof line, smaps)) {
        if (sscanf(line, "%lx-%lx ", &begin, &end) == 2) {
            if (inside)
                break;
            inside = begin == (uintptr_t)arena;
        } else if (inside) {
            if (sscanf(line, "Rss: %lu", &value) == 1)
                resident = value;
            else if (sscanf(line, "AnonHugePages: %lu", &value) == 1)
                huge = value;
            else if (sscanf(line, "KernelPageSize: %lu", &value) == 1)
                page = value;
        }
    }
    fclose(smaps);
    if (resident < bytes / 1024)
        return 0;
    if (huge == 0)
        return (unsigned)page;
    return huge == resident ? (unsigned)(huge_bytes() / 1024) : 0;
}
