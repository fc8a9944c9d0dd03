/* SPDX-License-Identifier: MIT */
#include "machine/sysfile.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PATH_SIZE = 8192, LINE_SIZE = 4096 };

const char *sysfile_root = "";

FILE *sysfile_open(const char *path) {
    char whole[PATH_SIZE];
    int length = snprintf(whole, sizeof whole, "%s%s", sysfile_root, path);
    return length < (int)sizeof whole ? fopen(whole, "re") : NULL;
}

static void trim(char *text) {
    size_t length = strlen(text);
    while (length && isspace((unsigned char)text[length - 1]))
        text[--length] = '\0';
}

static bool read_line(char *out, size_t size, const char *path) {
    out[0] = '\0';
    FILE *file = sysfile_open(path);
    if (file == NULL)
        return false;
    if (fgets(out, (int)size, file) == NULL)
        out[0] = '\0';
    fclose(file);
    trim(out);
    return out[0] != '\0';
}

bool sysfile_line(char *out, size_t size, const char *format, ...) {
    char path[PATH_SIZE];
    va_list args;
    va_start(args, format);
    vsnprintf(path, sizeof path, format, args);
    va_end(args);
    return read_line(out, size, path);
}

bool sysfile_number(uint64_t *out, const char *format, ...) {
    char path[PATH_SIZE], line[64], *end;
    va_list args;
    va_start(args, format);
    vsnprintf(path, sizeof path, format, args);
    va_end(args);
    if (!read_line(line, sizeof line, path))
        return false;
    bool hexadecimal = strncmp(line, "0x", 2) == 0;
    *out = strtoull(line, &end, hexadecimal ? 16 : 10);
    return end != line;
}

/* Cuts `key : value` at the colon; the value, or NULL if the line is of another form. */
static char *split(char *line) {
    char *colon = strchr(line, ':');
    if (colon == NULL)
        return NULL;
    *colon = '\0';
    trim(line);
    trim(colon + 1);
    return colon + 1 + strspn(colon + 1, " \t");
}

bool sysfile_value(char *out, size_t size, const char *path, const char *section, unsigned number,
                   const char *key) {
    FILE *file = sysfile_open(path);
    if (file == NULL)
        return false;
    char line[LINE_SIZE];
    bool inside = section == NULL, found = false;
    while (!found && fgets(line, sizeof line, file)) {
        const char *value = split(line);
        if (value == NULL)
            continue;
        if (section && strcmp(line, section) == 0) {
            inside = strtoul(value, NULL, 10) == number;
        } else if (inside && strcmp(line, key) == 0) {
            snprintf(out, size, "%s", value);
            found = true;
        }
    }
    fclose(file);
    return found;
}

bool sysfile_exists(const char *path) {
    char whole[PATH_SIZE];
    snprintf(whole, sizeof whole, "%s%s", sysfile_root, path);
    return access(whole, F_OK) == 0;
}
