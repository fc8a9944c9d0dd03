/* SPDX-License-Identifier: MIT
 *
 * layout.h: the same program with its measured code elsewhere (cmake/layouts.cmake). A block is
 * executed from one of them, so that where code lies is drawn anew for each block.
 */
#ifndef LAYOUT_H
#define LAYOUT_H

#include <stdint.h>

struct layout {
    uint64_t seed; /* what its linker script was drawn from */
    uint32_t number, count;
};

/* The layout of this program: number 0, of 1, where it was linked without one. */
struct layout layout_own(void);

/* How many layouts lie beside this program, numbered from 1; 0: none. */
unsigned layout_count(void);

/* The path of a layout's program, which the caller frees; NULL if it is not there. */
char *layout_path(unsigned number);

#endif
