/* SPDX-License-Identifier: MIT */
#include "spawn.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "commands.h"
#include "die.h"
#include "seconds.h"
#include "text.h"
#include "virt.h"

volatile sig_atomic_t spawn_interrupted;

/* In the child: becomes the block. A fresh program has a fresh address-space layout; where it
 * cannot be started anew (an emulator that the kernel does not know), or would leave the emulator,
 * the fork does the work. */
_Noreturn static void become_block(int job, int answer) {
    static char name[] = "block";
    char *argv[] = {name, NULL}, *full[] = {"tsobench", name, NULL};
    dup2(job, STDIN_FILENO);
    dup2(answer, STDOUT_FILENO);
    close(job);
    close(answer);
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* a run that is killed outright leaves nothing running */
    /* ^C reaches the whole terminal group; the run decides what becomes of its block. */
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_DFL);
    if (!virt_ends_at_exec())
        execv("/proc/self/exe", full);
    setenv("TSOBENCH_LAYOUT", "inherited", 1);
    exit(cmd_block(1, argv));
}

static bool send_job(int pipe, const char *job) {
    for (size_t left = strlen(job); left;) {
        ssize_t written = write(pipe, job, left);
        if (written < 0 && errno != EINTR)
            return false;
        if (written > 0) {
            job += written;
            left -= (size_t)written;
        }
    }
    return true;
}

/* Reads until the child closes its stdout; NULL with a reason when it must not be waited for. */
static char *receive(int pipe, double deadline, double timeout, char *reason, size_t reason_size) {
    size_t used = 0, room = 1 << 16;
    char *text = malloc(room);
    while (text) {
        struct pollfd ready = {.fd = pipe, .events = POLLIN};
        int polled = poll(&ready, 1, 200);
        if (spawn_interrupted || seconds_now() > deadline) {
            if (spawn_interrupted)
                snprintf(reason, reason_size, "interrupted");
            else
                snprintf(reason, reason_size, "hang: no answer in %.0f s", timeout);
            break;
        }
        if (polled <= 0)
            continue;
        if (room - used < 1 << 15) {
            char *larger = realloc(text, room *= 2);
            if (larger == NULL)
                break;
            text = larger;
        }
        ssize_t got = read(pipe, text + used, room - used - 1);
        if (got == 0) {
            text[used] = 0;
            return text;
        }
        if (got < 0 && errno != EINTR) {
            snprintf(reason, reason_size, "cannot read from the block: %s", strerror(errno));
            break;
        }
        used += got > 0 ? (size_t)got : 0;
    }
    free(text);
    return NULL;
}

char *spawn_block(const char *job, double timeout, char *reason, unsigned long size) {
    int to[2], from[2], status = 0;
    char name[32];
    if (pipe(to) || pipe(from))
        die(EXIT_FAILED, "cannot make a pipe: %s", strerror(errno));
    fflush(NULL);
    pid_t child = fork();
    if (child < 0)
        die(EXIT_FAILED, "cannot start a process: %s", strerror(errno));
    if (child == 0) {
        close(to[1]);
        close(from[0]);
        become_block(to[0], from[1]);
    }
    close(to[0]);
    close(from[1]);
    reason[0] = 0;
    send_job(to[1], job); /* a child that died already says so by its status */
    close(to[1]);
    char *text = receive(from[0], seconds_now() + timeout, timeout, reason, size);
    close(from[0]);
    if (text == NULL)
        kill(child, SIGKILL);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (text && status == 0)
        return text;
    if (text == NULL && reason[0])
        return NULL;
    if (WIFSIGNALED(status))
        snprintf(reason, size, "%s", text_signal(WTERMSIG(status), name, sizeof name));
    else
        snprintf(reason, size, "exit status %d", WEXITSTATUS(status));
    free(text);
    return NULL;
}
