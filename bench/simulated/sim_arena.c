/* SPDX-License-Identifier: MIT
 *
 * sim_arena.c: pages as the simulator's syscall emulation hands them out: 4 KiB, one behind the
 * other in physical memory, and translated in no time.
 */
#include "machine/arena.h"

#include <sys/mman.h>

/* Stands in the page before the arena. */
struct header {
    size_t mapped;
};

enum { PAGE = 4096 };

void *arena_alloc(size_t bytes) {
    size_t mapped = PAGE + (bytes + PAGE - 1) / PAGE * PAGE;
    char *area = mmap(NULL, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (area == MAP_FAILED)
        return NULL;
    ((struct header *)area)->mapped = mapped;
    return area + PAGE;
}

void arena_free(void *arena) {
    char *area = (char *)arena - PAGE;
    if (arena)
        munmap(area, ((const struct header *)area)->mapped);
}

unsigned arena_page_kib(const void *arena, size_t bytes) {
    (void)arena, (void)bytes;
    return PAGE / 1024;
}
