/* SPDX-License-Identifier: MIT
 *
 * symbols.h: functions of a static program by their addresses, for lines that hold no names.
 */
#ifndef SYMBOLS_H
#define SYMBOLS_H

#include <stdint.h>

struct symbols;

/* Reads the table of symbols of an ELF file of 64 bits, of any machine. Dies with EXIT_USAGE when
 * it is none or was stripped. */
struct symbols *symbols_read(const char *path);
void symbols_free(struct symbols *symbols);

/* The global function that begins at an address, or NULL. Lives as long as symbols. */
const char *symbols_at(const struct symbols *symbols, uint64_t address);

#endif
