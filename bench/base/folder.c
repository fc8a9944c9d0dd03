/* SPDX-License-Identifier: MIT */
#include "base/folder.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/die.h"

static void make_one(const char *path, const char *hint) {
    if (mkdir(path, 0777) && errno != EEXIST)
        die(EXIT_USAGE, "cannot make the folder %s: %s%s", path, strerror(errno), hint);
}

void folder_make(const char *path, const char *hint) {
    char part[PATH_MAX];
    for (const char *slash = path; (slash = strchr(slash, '/')) != NULL; slash++) {
        if (slash == path)
            continue;
        snprintf(part, sizeof part, "%.*s", (int)(slash - path), path);
        make_one(part, hint);
    }
    make_one(path, hint);
}
