/* SPDX-License-Identifier: MIT
 *
 * environment.h: the variables of the environment that may change what is measured: those of
 * emulators, of the loader and of allocators. By prefix, as no list of their names is ever whole.
 */
#ifndef ENVIRONMENT_H
#define ENVIRONMENT_H

#include <jansson.h>

/* [{"name": "GLIBC_TUNABLES", "value": "glibc.malloc.hugetlb=1"}] by name. A value is one short
 * line in which of each path the file's name is left, since runs are published; one that still
 * holds something private is "not shown". The caller owns it. */
json_t *environment_recorded(void);

#endif
