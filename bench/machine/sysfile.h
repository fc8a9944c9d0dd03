/* SPDX-License-Identifier: MIT
 *
 * sysfile.h: the small text files in which Linux says what the machine is.
 */
#ifndef SYSFILE_H
#define SYSFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Stands before every path; "" but in tests, which point it at files of their own. */
extern const char *sysfile_root;

/* The file for reading, or NULL. The caller closes it. */
FILE *sysfile_open(const char *path);

/* The first line of the file whose path is printed from format, up to its end or a NUL, without
 * trailing blanks. False, and out empty, if there is no such file or it is empty. */
bool sysfile_line(char *out, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The number (decimal, or hexadecimal after 0x) at the beginning of the file's first line. */
bool sysfile_number(uint64_t *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The value of the first line `<key> : <value>` of a file like /proc/cpuinfo, after the line
 * `<section> : <number>` unless section is NULL. */
bool sysfile_value(char *out, size_t size, const char *path, const char *section, unsigned number,
                   const char *key);

/* Whether there is something at a path that the caller may look up. */
bool sysfile_exists(const char *path);

#endif
