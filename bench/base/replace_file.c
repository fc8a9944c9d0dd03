/* SPDX-License-Identifier: MIT */
#include "base/replace_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/die.h"
#include "base/durable.h"
#include "base/temporary.h"

static int folder_length(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? (int)(slash + 1 - path) : 0;
}

bool replace_begin(struct replacement *replacement, const char *path) {
    int folder = folder_length(path);
    char *name;
    if (asprintf(&name, "%.*s.%s.new-%ld", folder, path, path + folder, (long)getpid()) < 0 ||
        (replacement->path = strdup(path)) == NULL)
        die(EXIT_FAILED, "out of memory");
    replacement->temporary = temporary_add(name);
    unlink(name); /* of a killed process that had this number */
    int file = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    free(name);
    replacement->file = file < 0 ? NULL : fdopen(file, "r+");
    if (replacement->file)
        return true;
    replace_drop(replacement);
    return false;
}

void replace_drop(struct replacement *replacement) {
    int error = errno;
    if (replacement->file)
        fclose(replacement->file);
    temporary_remove(replacement->temporary);
    free(replacement->path);
    *replacement = (struct replacement){0};
    errno = error;
}

bool replace_end(struct replacement *replacement) {
    /* What a call failed of long ago is asked again. */
    bool whole = !ferror(replacement->file);
    if (!whole && write(fileno(replacement->file), "", 1) == 1)
        errno = EIO;
    whole = whole && fflush(replacement->file) == 0;
    whole = whole && durable_sync(fileno(replacement->file)) == 0;
    int error = errno;
    bool closed = fclose(replacement->file) == 0;
    error = whole ? errno : error;
    replacement->file = NULL;
    errno = error;
    if (!whole || !closed ||
        rename(temporary_path(replacement->temporary), replacement->path) != 0) {
        replace_drop(replacement);
        return false;
    }
    bool durable = durable_sync_names(replacement->path) == 0;
    error = errno;
    temporary_forget(replacement->temporary);
    free(replacement->path);
    *replacement = (struct replacement){0};
    errno = error;
    return durable;
}

struct replacement replace_begin_or_die(const char *path) {
    struct replacement replacement;
    if (!replace_begin(&replacement, path))
        die(EXIT_USAGE, "cannot write %s: %s", path, strerror(errno));
    return replacement;
}

void replace_end_or_die(struct replacement *replacement) {
    char *path = strdup(replacement->path);
    if (!replace_end(replacement))
        die(EXIT_FAILED, "cannot write %s: %s", path ? path : "a file", strerror(errno));
    free(path);
}
