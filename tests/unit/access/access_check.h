/* SPDX-License-Identifier: MIT
 *
 * access_check.h: between test_access.c and its part that is compiled once for each lowering.
 */
#ifndef ACCESS_CHECK_H
#define ACCESS_CHECK_H

#include <stdbool.h>
#include <stddef.h>

/* Tries every primitive at every place of a line that the form allows; `features` are the CPU's,
 * `unaligned` whether loads and stores may be. Which primitive at which offset did something else
 * than memory should see: into wrong; "" if none. Returns how many accesses at how many places it
 * tried. */
typedef unsigned access_check(unsigned features, bool unaligned, char *wrong, size_t size);

#endif
