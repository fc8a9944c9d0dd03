/* SPDX-License-Identifier: MIT */
#include "probe/environment.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/child.h"
#include "base/die.h"
#include "base/private.h"

enum { NAME_SIZE = 64, VALUE_SIZE = 128, MOST = 128, FEX_SIZE = 8192, FEX_SECONDS = 2 };

static bool is_recorded(const char *variable) {
    static const char *const prefixes[] = {
        "BOX64_",           "BOX86_", "FEX_",     "GLIBC_TUNABLES=",
        "HUGETLB_",         "HWLOC_", "LD_",      "MALLOC_",
        "MIMALLOC_",        "QEMU_",  "ROSETTA_", "TCMALLOC_",
        "TSOBENCH_TRACES=", "XEMU_",
    };
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (strncmp(variable, prefixes[i], strlen(prefixes[i])) == 0)
            return true;
    return false;
}

static int compare(const void *left, const void *right) {
    return strcmp(*(char *const *)left, *(char *const *)right);
}

json_t *environment_recorded(void) {
    char **found = allocate(MOST, sizeof *found), name[NAME_SIZE], value[VALUE_SIZE];
    size_t count = 0;
    json_t *rows = json_array();
    for (char **at = environ; *at && count < MOST; at++)
        if (strchr(*at, '=') && is_recorded(*at))
            found[count++] = *at;
    qsort(found, count, sizeof *found, compare);
    for (size_t i = 0; i < count; i++) {
        size_t length = strcspn(found[i], "=");
        snprintf(name, sizeof name, "%.*s", (int)length, found[i]);
        for (char *c = name; *c; c++)
            *c = isalnum((unsigned char)*c) || *c == '_' ? *c : '?';
        private_left_out(value, sizeof value, found[i] + length + 1);
        json_array_append_new(rows, json_pack("{s:s, s:s}", "name", name, "value", value));
    }
    free(found);
    return rows;
}

json_t *environment_fex(void) {
    char *argv[] = {"FEXGetConfig", "--all-emu-info", NULL}, text[FEX_SIZE], line[VALUE_SIZE],
         *rest;
    json_t *lines = json_array();
    if (!child_ask(argv, text, sizeof text, FEX_SECONDS))
        return lines;
    for (char *one = strtok_r(text, "\n", &rest); one && json_array_size(lines) < MOST;
         one = strtok_r(NULL, "\n", &rest)) {
        private_left_out(line, sizeof line, one);
        json_array_append_new(lines, json_string(line));
    }
    return lines;
}
