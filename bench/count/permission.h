/* SPDX-License-Identifier: MIT
 *
 * permission.h: who may count, by the kernel's settings.
 */
#ifndef PERMISSION_H
#define PERMISSION_H

#include <stdbool.h>

/* A sysctl of the kernel by its number; false, and 0, if there is none. */
bool permission_sysctl(const char *name, long *value);

/* Whether this process has CAP_PERFMON, or CAP_SYS_ADMIN, which includes it. */
bool permission_to_count(void);

#endif
