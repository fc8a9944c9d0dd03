/* SPDX-License-Identifier: MIT */
#include "samples/textfile.h"

#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/die.h"
#include "samples/bounds.h"
#include "samples/lines.h"

static bool is_archive(const char *name) {
    size_t length = strlen(name);
    return length > 4 && strcmp(name + length - 4, ".zst") == 0;
}

bool textfile_open(struct textfile *file, const char *directory, const char *name) {
    char path[PATH_MAX];
    struct stat info;
    *file = (struct textfile){.name = name, .most = BOUND_FILE, .most_lines = SIZE_MAX};
    snprintf(path, sizeof path, "%s/%s", directory, name);
    if (stat(path, &info))
        return false;
    errno = S_ISDIR(info.st_mode) ? EISDIR : EINVAL;
    file->file = S_ISREG(info.st_mode) ? lines_open(path) : NULL; /* a pipe may never end */
    file->packed = (size_t)info.st_size;
    if (strncmp(name, "samples.", strlen("samples.")) == 0) {
        file->most_lines = BOUND_LINES;
        file->most = BOUND_UNPACKED * file->packed;
        file->most = file->most < BOUND_SAMPLES ? BOUND_SAMPLES : file->most;
    }
    return file->file != NULL;
}

static bool ends(struct textfile *file, int error) {
    if (error == EFBIG)
        snprintf(file->why, sizeof file->why, "%s: unpacking it takes more than %zu MiB of memory",
                 file->name, ((size_t)1 << BOUND_WINDOW_LOG) / BOUND_MIB);
    else if (is_archive(file->name))
        snprintf(file->why, sizeof file->why,
                 "%s is damaged after line %zu: its checksum or its end is wrong", file->name,
                 file->number);
    else
        snprintf(file->why, sizeof file->why, "%s:%zu: %s", file->name, file->number,
                 strerror(error));
    return false;
}

static bool exceeds(struct textfile *file, const char *what, size_t most) {
    snprintf(file->why, sizeof file->why, "%s:%zu: %s than %zu MiB", file->name, file->number, what,
             most / BOUND_MIB);
    return false;
}

static bool grow(struct textfile *file) {
    if (file->length + 1 < file->capacity)
        return true;
    file->capacity = file->capacity ? 2 * file->capacity : 1 << 14;
    file->line = realloc(file->line, file->capacity);
    if (file->line == NULL)
        die(EXIT_FAILED, "out of memory for a line of %s", file->name);
    return true;
}

bool textfile_next(struct textfile *file) {
    int c = 0;
    file->length = 0;
    file->number++;
    if (file->number > file->most_lines) {
        snprintf(file->why, sizeof file->why, "%s: more than %d lines", file->name, BOUND_LINES);
        return false;
    }
    while (c != '\n' && (c = getc_unlocked(file->file)) != EOF) {
        if (file->length == BOUND_LINE)
            return exceeds(file, "the line is longer", BOUND_LINE);
        if (file->used++ == file->most)
            return exceeds(file, "the text is longer", file->most);
        grow(file);
        file->line[file->length++] = (char)c;
    }
    if (ferror(file->file)) {
        int error = errno;
        file->number--;
        return ends(file, error);
    }
    grow(file);
    file->line[file->length] = 0;
    return file->length > 0;
}

bool textfile_is_whole(struct textfile *file) {
    char rest[1 << 14];
    size_t got;
    while (is_archive(file->name) && file->used < file->most &&
           (got = fread(rest, 1, sizeof rest, file->file)) > 0)
        file->used += got;
    return !ferror(file->file) || ends(file, errno);
}

void textfile_close(struct textfile *file) {
    if (file->file)
        fclose(file->file);
    free(file->line);
    file->file = NULL;
    file->line = NULL;
}

/* ---- JSON ---- */

/* What jansson 2.14 takes from malloc() on 64 bits, rounded up. */
size_t textfile_tree(const char *text, size_t length) {
    enum { OBJECT = 224, ARRAY = 136, PAIR = 80, ITEM = 32, TEXT = 40 };
    size_t bytes = 0;
    for (const char *at = text, *end = text + length; at < end; at++) {
        if (*at == '{')
            bytes += OBJECT;
        else if (*at == '[')
            bytes += ARRAY + ITEM;
        else if (*at == ':')
            bytes += PAIR;
        else if (*at == ',')
            bytes += ITEM;
        if (*at != '"')
            continue;
        const char *begin = at++;
        while (at < end && *at != '"')
            at += *at == '\\' ? 2 : 1;
        bytes += TEXT + (size_t)(at - begin);
    }
    return bytes;
}

json_t *textfile_json(const char *text, size_t length, size_t whole, char *why, size_t size) {
    json_error_t error;
    size_t each = BOUND_TREE_EACH * whole, tree = each > BOUND_TREE ? each : BOUND_TREE;
    if (textfile_tree(text, length) > tree) {
        snprintf(why, size, "1: would take more than %zu MiB of memory", tree / BOUND_MIB);
        return NULL;
    }
    json_t *json = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
    if (json == NULL)
        snprintf(why, size, "%d: %s", error.line, error.text);
    return json;
}
