/* SPDX-License-Identifier: MIT */
#include "rundir.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "die.h"

struct rundir {
    char path[PATH_MAX];
    char samples[PATH_MAX + 16];
    int file;
    off_t whole; /* bytes of whole lines */
};

static void make_folders(const char *path) {
    char part[PATH_MAX];
    for (const char *slash = path; (slash = strchr(slash, '/')) != NULL; slash++) {
        if (slash == path)
            continue;
        snprintf(part, sizeof part, "%.*s", (int)(slash - path), path);
        if (mkdir(part, 0777) && errno != EEXIST)
            die(EXIT_USAGE, "cannot make the folder %s: %s", part, strerror(errno));
    }
    if (mkdir(path, 0777) && errno != EEXIST)
        die(EXIT_USAGE, "cannot make the folder %s: %s", path, strerror(errno));
}

static struct rundir *named(const char *path) {
    struct rundir *dir = allocate(1, sizeof *dir);
    if (strlen(path) >= sizeof dir->path)
        die(EXIT_USAGE, "this path is too long: %s", path);
    strcpy(dir->path, path);
    for (size_t end = strlen(path); end > 1 && dir->path[end - 1] == '/'; end--)
        dir->path[end - 1] = 0;
    snprintf(dir->samples, sizeof dir->samples, "%s/samples.jsonl", dir->path);
    return dir;
}

static void refuse_finished(const struct rundir *dir) {
    char finished[PATH_MAX + 32];
    snprintf(finished, sizeof finished, "%s.zst", dir->samples);
    if (access(finished, F_OK) == 0)
        die(EXIT_USAGE, "%s holds a finished run", dir->path);
}

struct rundir *rundir_create(const char *path) {
    struct rundir *dir = named(path);
    make_folders(dir->path);
    refuse_finished(dir);
    dir->file = open(dir->samples, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0666);
    if (dir->file < 0 && errno == EEXIST)
        die(EXIT_USAGE, "%s holds an unfinished run; go on with --resume %s", dir->path, dir->path);
    if (dir->file < 0)
        die(EXIT_USAGE, "cannot write %s: %s", dir->samples, strerror(errno));
    return dir;
}

/* The length of the whole lines of an open file. */
static off_t whole_lines(const struct rundir *dir) {
    char chunk[1 << 16];
    off_t whole = 0, at = 0;
    ssize_t got;
    while ((got = pread(dir->file, chunk, sizeof chunk, at)) > 0) {
        const char *newline = memrchr(chunk, '\n', (size_t)got);
        if (newline)
            whole = at + (newline - chunk) + 1;
        at += got;
    }
    return whole;
}

struct rundir *rundir_resume(const char *path) {
    struct rundir *dir = named(path);
    refuse_finished(dir);
    dir->file = open(dir->samples, O_RDWR | O_APPEND | O_CLOEXEC);
    if (dir->file < 0)
        die(EXIT_USAGE, "no unfinished run in %s: %s", dir->path, strerror(errno));
    dir->whole = whole_lines(dir);
    if (ftruncate(dir->file, dir->whole))
        die(EXIT_USAGE, "cannot write %s: %s", dir->samples, strerror(errno));
    return dir;
}

const char *rundir_path(const struct rundir *dir) {
    return dir->path;
}

void rundir_append_text(struct rundir *dir, const char *line) {
    size_t length = strcspn(line, "\n");
    char *text = allocate(length + 2, 1);
    memcpy(text, line, length);
    text[length++] = '\n';
    for (size_t done = 0; done < length;) {
        ssize_t written = write(dir->file, text + done, length - done);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0) {
            int error = errno;
            if (ftruncate(dir->file, dir->whole))
                warn("%s ends in a torn line; readers pass over it", dir->samples);
            die(EXIT_FAILED, "cannot write %s: %s; go on later with --resume %s", dir->samples,
                strerror(error), dir->path);
        }
        done += (size_t)written;
    }
    dir->whole += (off_t)length;
    fdatasync(dir->file);
    free(text);
}

void rundir_append(struct rundir *dir, json_t *line) {
    char *text = json_dumps(line, JSON_COMPACT | JSON_REAL_PRECISION(17));
    json_decref(line);
    if (text == NULL)
        die(EXIT_FAILED, "cannot write a line of %s as JSON", dir->samples);
    rundir_append_text(dir, text);
    free(text);
}

void rundir_write_json(struct rundir *dir, const char *name, const json_t *document) {
    char path[PATH_MAX + 32];
    snprintf(path, sizeof path, "%s/%s", dir->path, name);
    if (json_dump_file(document, path, JSON_INDENT(2) | JSON_REAL_PRECISION(9)))
        die(EXIT_USAGE, "cannot write %s", path);
}

void rundir_replay(const struct rundir *dir, void (*visit)(void *context, const json_t *line),
                   void *context) {
    json_error_t error;
    FILE *file = fopen(dir->samples, "r");
    if (file == NULL)
        die(EXIT_USAGE, "cannot read %s: %s", dir->samples, strerror(errno));
    json_t *line;
    while ((line = json_loadf(file, JSON_DISABLE_EOF_CHECK, &error)) != NULL) {
        visit(context, line);
        json_decref(line);
    }
    if (!feof(file))
        die(EXIT_USAGE, "%s is damaged: %s", dir->samples, error.text);
    fclose(file);
}

void rundir_close(struct rundir *dir) {
    close(dir->file);
    free(dir);
}
