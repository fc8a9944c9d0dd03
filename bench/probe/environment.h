/* SPDX-License-Identifier: MIT
 *
 * environment.h: what of the environment may change what is measured: the variables of emulators,
 * of the loader and of allocators, by prefix, as no list of their names is ever whole; and what FEX
 * says of its own configuration, which it has from files, too.
 */
#ifndef ENVIRONMENT_H
#define ENVIRONMENT_H

#include <jansson.h>

/* [{"name": "GLIBC_TUNABLES", "value": "glibc.malloc.hugetlb=1"}] by name. A value is one short
 * line in which of each path the file's name is left, since runs are published; one that still
 * holds something private is "not shown". The caller owns it. */
json_t *environment_recorded(void);

/* What FEXGetConfig prints of how it emulates here, a text a line, likewise without paths; empty
 * where there is no such program, or where it does not answer. The caller owns it. */
json_t *environment_fex(void);

#endif
