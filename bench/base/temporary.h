/* SPDX-License-Identifier: MIT
 *
 * temporary.h: files and folders that are gone when the program is, whether it returns from main,
 * dies (die.h), or is ended by a signal that can be caught. Not for several threads.
 */
#ifndef TEMPORARY_H
#define TEMPORARY_H

struct temporary;

/* Makes an empty folder in $TMPDIR, or in /tmp where that is not set; dies where it cannot. The
 * folder may hold files, but no folders. temporary_remove() frees it. */
struct temporary *temporary_folder(void);

/* Takes charge of a path at which a file or such a folder may be, or may come to be. */
struct temporary *temporary_add(const char *path);

/* The path, as long as the entry lives. */
const char *temporary_path(const struct temporary *temporary);

/* Removes what is at the path, with all files in it if it is a folder, and frees the entry. */
void temporary_remove(struct temporary *temporary);

/* Frees the entry, and leaves what is at the path. */
void temporary_forget(struct temporary *temporary);

#endif
