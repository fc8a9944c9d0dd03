/* SPDX-License-Identifier: MIT */
#include "base/durable.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/die.h"

int durable_append(int file, const void *data, size_t size) {
    for (const char *at = data; size > 0;) {
        ssize_t written = write(file, at, size);
        if (written < 0 && errno != EINTR)
            return -1;
        if (written > 0) {
            at += written;
            size -= (size_t)written;
        }
    }
    return 0;
}

int durable_sync(int file) {
    return fsync(file) && errno != EINVAL ? -1 : 0;
}

static int sync_path(const char *path, int flags) {
    int file = open(path, flags | O_CLOEXEC), failed = file < 0 || durable_sync(file) ? errno : 0;
    if (file >= 0)
        close(file);
    errno = failed;
    return failed ? -1 : 0;
}

int durable_sync_names(const char *path) {
    const char *slash = strrchr(path, '/');
    char *folder = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
    if (folder == NULL)
        die(EXIT_FAILED, "out of memory for %s", path);
    int result = sync_path(folder, O_RDONLY | O_DIRECTORY);
    free(folder);
    return result && errno != EACCES ? -1 : 0;
}

int durable_rename(const char *part, const char *path) {
    return sync_path(part, O_RDONLY) || rename(part, path) || durable_sync_names(path) ? -1 : 0;
}

int durable_unlink(const char *path) {
    return unlink(path) || durable_sync_names(path) ? -1 : 0;
}

int durable_write(const char *path, const char *text, size_t size) {
    char *part;
    if (asprintf(&part, "%s.part", path) < 0)
        die(EXIT_FAILED, "out of memory for %s", path);
    int file = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    int failed = file < 0 || durable_append(file, text, size) ? errno : 0;
    if (file >= 0 && close(file) && !failed) /* where quotas and NFS tell errors */
        failed = errno;
    if (!failed && durable_rename(part, path))
        failed = errno;
    if (failed && file >= 0)
        unlink(part);
    free(part);
    errno = failed;
    return failed ? -1 : 0;
}
