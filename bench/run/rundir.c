/* SPDX-License-Identifier: MIT */
#include "run/rundir.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/die.h"
#include "base/durable.h"
#include "base/folder.h"
#include "samples/lines.h"
#include "samples/samples.h"

enum { NAME_ROOM = 32, LOCK_TRIES = 20, LOCK_PAUSE_NS = 50000000 };

struct rundir {
    char path[PATH_MAX];
    char samples[PATH_MAX + NAME_ROOM]; /* DIR/samples.jsonl */
    char archive[PATH_MAX + NAME_ROOM];
    int file;             /* the samples; -1: there is an archive only */
    off_t whole;          /* bytes of whole lines */
    off_t last;           /* where the last of them began when the file was opened */
    struct stat archived; /* the archive that was read */
};

static struct rundir *named(const char *path) {
    struct rundir *dir = allocate(1, sizeof *dir);
    if (strlen(path) >= sizeof dir->path)
        die(EXIT_USAGE, "this path is too long: %s", path);
    strcpy(dir->path, path);
    for (size_t end = strlen(path); end > 1 && dir->path[end - 1] == '/'; end--)
        dir->path[end - 1] = 0;
    snprintf(dir->samples, sizeof dir->samples, "%s/samples.jsonl", dir->path);
    snprintf(dir->archive, sizeof dir->archive, "%s/samples.jsonl.zst", dir->path);
    return dir;
}

static bool has_archive(const struct rundir *dir) {
    return access(dir->archive, F_OK) == 0;
}

static _Noreturn void refuse_finished(const struct rundir *dir) {
    die(EXIT_USAGE,
        "%s holds a finished run: see it with tsobench report, or name another folder with --out",
        dir->path);
}

static _Noreturn void refuse_running(const struct rundir *dir) {
    die(EXIT_USAGE, "a run is at work in %s; wait for its end, or stop it", dir->path);
}

/* A run that was killed this moment may leave a child that has not noticed yet. */
static void lock(const struct rundir *dir, int file) {
    struct timespec pause = {0, LOCK_PAUSE_NS};
    for (int i = 0; flock(file, LOCK_EX | LOCK_NB); i++) {
        if (errno != EWOULDBLOCK && errno != EINTR) {
            warn("cannot lock %s: %s; see to it that no second run writes into it", dir->path,
                 strerror(errno));
            return;
        }
        if (i == LOCK_TRIES)
            refuse_running(dir);
        nanosleep(&pause, NULL);
    }
}

/* Opens and locks a file: its descriptor, or -1 and errno. It is the file that is locked, not its
 * name, which may have gone or have come to mean another file before the lock was there. */
static int open_locked(const struct rundir *dir, const char *path, int flags) {
    for (;;) {
        struct stat mine, now;
        int file = open(path, O_RDWR | O_APPEND | O_CLOEXEC | flags, 0666);
        if (file < 0)
            return -1;
        lock(dir, file);
        if (fstat(file, &mine) == 0 && stat(path, &now) == 0 && mine.st_ino == now.st_ino &&
            mine.st_dev == now.st_dev)
            return file;
        close(file);
    }
}

/* Finds where whole lines end, and the last of them begins. No line holds a NUL; but what a file
 * system puts for what it lost with the power does. */
static void find_whole(struct rundir *dir) {
    char chunk[1 << 16];
    off_t at = 0, begin = 0;
    bool damaged = false;
    dir->whole = dir->last = 0;
    for (ssize_t got; (got = pread(dir->file, chunk, sizeof chunk, at)) != 0; at += got) {
        if (got < 0)
            die(EXIT_USAGE, "cannot read %s: %s", dir->samples, strerror(errno));
        for (ssize_t i = 0; i < got; i++) {
            damaged |= chunk[i] == 0;
            if (chunk[i] != '\n')
                continue;
            dir->last = damaged ? dir->last : begin;
            dir->whole = damaged ? dir->whole : at + i + 1;
            begin = at + i + 1;
            damaged = false;
        }
    }
}

/* Cuts the file to its whole lines. */
static int cut(const struct rundir *dir) {
    return ftruncate(dir->file, dir->whole) || durable_sync(dir->file) ? -1 : 0;
}

struct rundir *rundir_create(const char *path) {
    struct rundir *dir = named(path);
    folder_make(dir->path, " (--out DIR names another)");
    if (has_archive(dir) && access(dir->samples, F_OK))
        refuse_finished(dir);
    dir->file = open_locked(dir, dir->samples, O_CREAT);
    if (dir->file < 0)
        die(EXIT_USAGE, "cannot write %s: %s", dir->samples, strerror(errno));
    find_whole(dir);
    if (dir->whole)
        die(EXIT_USAGE, "%s holds an unfinished run; go on with --resume %s", dir->path, dir->path);
    if (has_archive(dir)) { /* it came between the two looks; so this file is ours */
        unlink(dir->samples);
        refuse_finished(dir);
    }
    if (cut(dir))
        die(EXIT_USAGE, "cannot write %s: %s", dir->samples, strerror(errno));
    return dir;
}

struct rundir *rundir_resume(const char *path) {
    struct rundir *dir = named(path);
    dir->file = open_locked(dir, dir->samples, 0);
    if (dir->file < 0 && errno == ENOENT && stat(dir->archive, &dir->archived) == 0)
        return dir;
    if (dir->file < 0)
        die(EXIT_USAGE, "no unfinished run in %s: %s", dir->path, strerror(errno));
    find_whole(dir);
    if (dir->whole == 0 && stat(dir->archive, &dir->archived) == 0) {
        unlink(dir->samples); /* of a start that was killed just when it saw the archive */
        close(dir->file);
        dir->file = -1;
        return dir;
    }
    if (dir->whole == 0)
        die(EXIT_USAGE, "the run in %s ended before its first line; start it again with --out %s",
            dir->path, dir->path);
    if (cut(dir))
        die(EXIT_USAGE, "cannot write %s: %s", dir->samples, strerror(errno));
    return dir;
}

const char *rundir_path(const struct rundir *dir) {
    return dir->path;
}

bool rundir_archived(const struct rundir *dir) {
    return dir->file < 0;
}

void rundir_replay(const struct rundir *dir, void (*visit)(void *context, const json_t *line),
                   void *context) {
    json_error_t error;
    const char *path = dir->file < 0 ? dir->archive : dir->samples;
    FILE *file = lines_open(path);
    if (file == NULL)
        die(EXIT_USAGE, "cannot read %s: %s", path, strerror(errno));
    json_t *line;
    while ((line = json_loadf(file, JSON_DISABLE_EOF_CHECK, &error)) != NULL) {
        visit(context, line);
        json_decref(line);
    }
    if (!feof(file))
        die(EXIT_USAGE, "%s is damaged: %s; start a new run", path, error.text);
    fclose(file);
}

/* Of an archive: a locked part that holds its lines, and why there is none; -1: see errno. */
static int unpack(struct rundir *dir, const char *part) {
    struct stat now;
    dir->file = open_locked(dir, part, O_CREAT);
    /* Meanwhile somebody else may have done all of this. */
    if (dir->file >= 0 &&
        (access(dir->samples, F_OK) == 0 || stat(dir->archive, &now) ||
         now.st_ino != dir->archived.st_ino || now.st_mtime != dir->archived.st_mtime)) {
        unlink(part);
        refuse_running(dir);
    }
    if (dir->file < 0 || ftruncate(dir->file, 0) || samples_unpack(dir->path, dir->file))
        return -1;
    find_whole(dir);
    return 0;
}

void rundir_reopen(struct rundir *dir) {
    char part[PATH_MAX + 2 * NAME_ROOM] = "";
    if (dir->file < 0)
        snprintf(part, sizeof part, "%s.part", dir->samples);
    bool failed = part[0] && unpack(dir, part);
    dir->whole = dir->last;
    if (failed || cut(dir) || (part[0] && durable_rename(part, dir->samples))) {
        int error = errno;
        if (part[0])
            unlink(part);
        die(EXIT_USAGE, "cannot write %s: %s", dir->samples, strerror(error));
    }
}

void rundir_append_text(struct rundir *dir, const char *line) {
    size_t length = strcspn(line, "\n");
    char *text = allocate(length + 2, 1);
    memcpy(text, line, length);
    text[length++] = '\n';
    if (durable_append(dir->file, text, length) || durable_sync(dir->file)) {
        int error = errno;
        if (cut(dir))
            warn("%s may end in a torn line; readers pass over it", dir->samples);
        if (dir->whole == 0)
            die(EXIT_USAGE, "cannot write %s: %s", dir->samples, strerror(error));
        die(EXIT_FAILED, "cannot write %s: %s; go on later with --resume %s", dir->samples,
            strerror(error), dir->path);
    }
    dir->whole += (off_t)length;
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
    char path[PATH_MAX + NAME_ROOM];
    char *text = json_dumps(document, JSON_INDENT(2) | JSON_REAL_PRECISION(RUNDIR_DIGITS));
    snprintf(path, sizeof path, "%s/%s", dir->path, name);
    if (text == NULL)
        die(EXIT_FAILED, "cannot write %s as JSON", path);
    if (durable_write(path, text, strlen(text)))
        die(EXIT_USAGE, "cannot write %s: %s", path, strerror(errno));
    free(text);
}

void rundir_close(struct rundir *dir) {
    if (dir->file >= 0)
        close(dir->file);
    free(dir);
}
