/* SPDX-License-Identifier: MIT
 *
 * plant.h: a tree of files that stands in for /sys and /proc.
 */
#ifndef PLANT_H
#define PLANT_H

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "machine/sysfile.h"

static char plant_root[64];

static int plant_remove(const char *path, const struct stat *status, int type, struct FTW *at) {
    (void)status, (void)type, (void)at;
    return remove(path);
}

/* Both are cmocka fixtures: an empty tree before a test, none after it. */
static inline int plant_begin(void **state) {
    (void)state;
    strcpy(plant_root, "/tmp/tsobench-plant-XXXXXX");
    if (mkdtemp(plant_root) == NULL)
        return -1;
    sysfile_root = plant_root;
    return 0;
}

static inline int plant_end(void **state) {
    (void)state;
    sysfile_root = "";
    return nftw(plant_root, plant_remove, 8, FTW_DEPTH | FTW_PHYS);
}

static inline void plant(const char *path, const char *text) {
    char whole[512];
    snprintf(whole, sizeof whole, "%s%s", plant_root, path);
    for (char *slash = whole + strlen(plant_root) + 1; (slash = strchr(slash, '/')); slash++) {
        *slash = '\0';
        mkdir(whole, 0700);
        *slash = '/';
    }
    FILE *file = fopen(whole, "w");
    if (file == NULL || fputs(text, file) < 0 || fclose(file))
        abort();
}

#endif
