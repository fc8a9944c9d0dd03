/* SPDX-License-Identifier: MIT
 *
 * arena.h: memory for working sets, of a page size that is known.
 *
 * Asking for huge pages is a wish, so what was got is read back. Even a small arena takes a
 * whole huge page: only inside one are addresses contiguous in physical memory too, and with
 * scattered 4 KiB pages each block would have other conflicts in its L2 sets, and other times.
 */
#ifndef ARENA_H
#define ARENA_H

#include <stddef.h>

/* Zeroed, untouched memory at a huge page's boundary, between pages that may not be written.
 * NULL if there is not so much. Free with arena_free(). */
void *arena_alloc(size_t bytes);
void arena_free(void *arena);

/* The size in KiB of the pages that hold the first `bytes` of a touched arena; 0 if they are of
 * several sizes or not all there. */
unsigned arena_page_kib(const void *arena, size_t bytes);

#endif
