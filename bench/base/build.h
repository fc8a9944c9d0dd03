/* SPDX-License-Identifier: MIT
 *
 * build.h: which build of the program this is.
 */
#ifndef BUILD_H
#define BUILD_H

/* What the linker made of all of its code and data, in hexadecimal digits; "" where it did not.
 * Static storage. */
const char *build_id(void);

#endif
