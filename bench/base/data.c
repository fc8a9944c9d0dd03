/* SPDX-License-Identifier: MIT */
#include "base/data.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

char *data_find(const char *name) {
    static const char *const folders[] = {"../share/tsobench/", "../lib/tsobench/", "", "../"};
    char program[PATH_MAX], *path = NULL;
    ssize_t size = readlink("/proc/self/exe", program, sizeof program - 1);
    program[size < 0 ? 0 : size] = 0;
    const char *slash = strrchr(program, '/');
    const int folder = slash ? (int)(slash + 1 - program) : 0;
    for (size_t i = 0; folder && i < sizeof folders / sizeof folders[0]; i++) {
        if (asprintf(&path, "%.*s%s%s", folder, program, folders[i], name) < 0)
            abort();
        if (access(path, R_OK) == 0)
            return path;
        free(path);
    }
    return NULL;
}
