/* SPDX-License-Identifier: MIT
 *
 * words.h: what a block's process said on stderr: the reason why it failed, and what of it the
 * user is to read.
 */
#ifndef WORDS_H
#define WORDS_H

#include <stddef.h>

enum { WORDS_UNKNOWN = -1 }; /* in place of a status that waitpid() could not tell */

/* Why there is no answer of a process that ended with status: what die() said, else the status,
 * with the first line that was said where it may be the cause. Fit to be published: of paths only
 * the last part, no name of a user or host. said may be NULL; it is changed and changed back. */
void words_reason(int status, char *said, char *reason, size_t size);

/* Prints the lines on stderr, but none a second time in the life of this process, and not the one
 * that is the reason: that is the caller's to say. */
void words_pass_on(char *said, const char *reason);

#endif
