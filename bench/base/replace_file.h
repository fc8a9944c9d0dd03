/* SPDX-License-Identifier: MIT
 *
 * replace_file.h: a file that takes the place of an old one only when it is whole. Until then it
 * has a name of its own beside it, which is gone with the program (temporary.h; a kill -9 leaves
 * it: ".NAME.new-PID"). A link at the path is replaced, never followed: paths such as /dev/stdout
 * are not for this.
 */
#ifndef REPLACE_FILE_H
#define REPLACE_FILE_H

#include <stdbool.h>
#include <stdio.h>

struct replacement {
    FILE *file; /* takes what the file is to hold */
    char *path; /* what is to be replaced */
    struct temporary *temporary;
};

/* Begins the file that is to stand at path. False with errno: it cannot be made. */
bool replace_begin(struct replacement *replacement, const char *path);

/* Ends it. True: it is on the disk and stands at its path. False with errno: something of it could
 * not be written, and what stood there before does still. Frees it in both cases. */
bool replace_end(struct replacement *replacement);

/* Gives it up: what stood there before stays. Keeps errno. */
void replace_drop(struct replacement *replacement);

/* The same, or death: "cannot write PATH: why", with EXIT_USAGE where it cannot be begun and
 * EXIT_FAILED where it cannot be ended. */
struct replacement replace_begin_or_die(const char *path);
void replace_end_or_die(struct replacement *replacement);

#endif
