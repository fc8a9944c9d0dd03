/* SPDX-License-Identifier: MIT
 *
 * private.h: what in a text tells about the person who made it, and should not go round the world.
 */
#ifndef PRIVATE_H
#define PRIVATE_H

#include <stddef.h>

/* What in a text tells about the person who made it ("a path: /home/x", "the user name"), or NULL.
 * Static storage. */
const char *private_part(const char *text);

/* Copies a text as it may be published: its printable characters, and of words with slashes what
 * follows the last; "not shown" where that still tells about the person. */
void private_left_out(char *out, size_t size, const char *text);

#endif
