/* SPDX-License-Identifier: MIT
 *
 * folder.h: where files are put.
 */
#ifndef FOLDER_H
#define FOLDER_H

/* Makes a folder and those that it is in, where they are not there yet. Dies with EXIT_USAGE where
 * one cannot be made; hint is what the message says at its end, or "". */
void folder_make(const char *path, const char *hint);

#endif
