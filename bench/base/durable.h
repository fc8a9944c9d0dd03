/* SPDX-License-Identifier: MIT
 *
 * durable.h: files that are whole, or as they were before, at whatever moment the machine stops.
 * All functions return 0, or -1 with errno.
 */
#ifndef DURABLE_H
#define DURABLE_H

#include <stddef.h>

/* Writes all of data, through interruptions and short writes. */
int durable_append(int file, const void *data, size_t size);

/* Waits until a file's or folder's content is on the disk. EINVAL is no failure: it is how file
 * systems that cannot sync say so (folders of VirtualBox and of older SMB servers). */
int durable_sync(int file);

/* Waits until the folder of path knows its names. One that may be written to and not be read cannot
 * be waited for. */
int durable_sync_names(const char *path);

/* Gives part, which is written and in the same folder, the name path. On the disk first comes the
 * content, then the name. */
int durable_rename(const char *part, const char *path);

/* Removes path; on the disk, too. */
int durable_unlink(const char *path);

/* Makes path a file of this text, by way of <path>.part, which is gone after a failure. */
int durable_write(const char *path, const char *text, size_t size);

#endif
