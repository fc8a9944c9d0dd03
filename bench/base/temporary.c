/* SPDX-License-Identifier: MIT */
#include "base/temporary.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/die.h"

struct temporary {
    struct temporary *next;
    char path[];
};

static const int deadly[] = {SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGTERM, SIGXCPU, SIGXFSZ};
enum { DEADLY = sizeof deadly / sizeof deadly[0] };

static struct temporary *all; /* changes with the deadly signals blocked */
static pid_t owner;           /* a forked child leaves its parent's files alone */

/* Removes the files of a folder by system calls only, as a signal handler may. */
static void empty_folder(const char *path) {
    static _Alignas(struct dirent) char buffer[4096];
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    for (long size;
         folder >= 0 && (size = syscall(SYS_getdents64, folder, buffer, sizeof buffer)) > 0;)
        for (long at = 0; at < size;) {
            const struct dirent *entry = (const struct dirent *)(buffer + at);
            unlinkat(folder, entry->d_name, 0);
            at += entry->d_reclen;
        }
    if (folder >= 0)
        close(folder);
}

static void remove_path(const char *path) {
    if (unlink(path) == 0 || (errno != EISDIR && errno != EPERM))
        return;
    empty_folder(path);
    rmdir(path);
}

static void remove_all(void) {
    if (owner != getpid())
        return;
    for (const struct temporary *one = all; one; one = one->next)
        remove_path(one->path);
}

/* The signal is pending again while its handler runs, and ends the program when it returns. */
static void remove_and_end(int number) {
    remove_all();
    signal(number, SIG_DFL);
    raise(number);
}

/* Once: a signal that is ignored, or that a command has a handler of its own for, is left so. */
static void watch_end(void) {
    static bool is_watched;
    if (is_watched)
        return;
    is_watched = true;
    atexit(remove_all);
    die_at_last = remove_all;
    for (int i = 0; i < DEADLY; i++) {
        struct sigaction action;
        if (sigaction(deadly[i], NULL, &action) || action.sa_handler != SIG_DFL)
            continue;
        action.sa_handler = remove_and_end;
        sigaction(deadly[i], &action, NULL);
    }
}

static void block(bool is_blocked, sigset_t *before) {
    sigset_t set;
    sigemptyset(&set);
    for (int i = 0; i < DEADLY; i++)
        sigaddset(&set, deadly[i]);
    if (is_blocked)
        sigprocmask(SIG_BLOCK, &set, before);
    else
        sigprocmask(SIG_SETMASK, before, NULL);
}

struct temporary *temporary_add(const char *path) {
    struct temporary *one = allocate(1, sizeof *one + strlen(path) + 1);
    sigset_t before;
    strcpy(one->path, path);
    watch_end();
    block(true, &before);
    if (owner != getpid())
        all = NULL;
    owner = getpid();
    one->next = all;
    all = one;
    block(false, &before);
    return one;
}

struct temporary *temporary_folder(void) {
    const char *parent = getenv("TMPDIR");
    char *path;
    sigset_t before;
    if (asprintf(&path, "%s/tsobench-XXXXXX", parent && *parent ? parent : "/tmp") < 0)
        die(EXIT_FAILED, "out of memory");
    block(true, &before);
    if (mkdtemp(path) == NULL)
        die(EXIT_FAILED, "cannot make a folder in %s: %s; TMPDIR=DIR names another",
            parent && *parent ? parent : "/tmp", strerror(errno));
    struct temporary *folder = temporary_add(path);
    block(false, &before);
    free(path);
    return folder;
}

const char *temporary_path(const struct temporary *temporary) {
    return temporary->path;
}

static void take_out(struct temporary *temporary, bool is_removed) {
    sigset_t before;
    block(true, &before);
    if (is_removed)
        remove_path(temporary->path);
    for (struct temporary **at = &all; *at; at = &(*at)->next)
        if (*at == temporary) {
            *at = temporary->next;
            break;
        }
    block(false, &before);
    free(temporary);
}

void temporary_remove(struct temporary *temporary) {
    take_out(temporary, true);
}

void temporary_forget(struct temporary *temporary) {
    take_out(temporary, false);
}
