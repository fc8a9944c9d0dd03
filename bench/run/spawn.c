/* SPDX-License-Identifier: MIT */
#include "run/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/die.h"
#include "base/durable.h"
#include "base/seconds.h"
#include "block/block.h"
#include "machine/cgroup.h"
#include "machine/virt.h"
#include "run/words.h"

volatile sig_atomic_t spawn_interrupted;

enum { TICK_MS = 200, MOST_SAID = 1 << 14 };

/* In the child: becomes the block. A fresh program has a fresh address-space layout; where it
 * cannot be started anew (an emulator that the kernel does not know), or would leave the emulator,
 * the fork does the work. */
_Noreturn static void become_block(const char *program, int job, int answer, int said,
                                   pid_t parent) {
    static char name[] = "block";
    char *full[] = {"tsobench", name, NULL};
    dup2(job, STDIN_FILENO);
    dup2(answer, STDOUT_FILENO);
    dup2(said, STDERR_FILENO);
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* a run that is killed outright leaves nothing running */
    if (getppid() != parent)
        _exit(EXIT_FAILED);
    /* ^C reaches the whole terminal group; the run decides what becomes of its block. */
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_DFL);
    if (!virt_ends_at_exec())
        execv(program ? program : "/proc/self/exe", full);
    setenv("TSOBENCH_LAYOUT", "inherited", 1);
    exit(block_serve());
}

/* What comes through a pipe. */
struct inflow {
    int pipe; /* -1: it has ended */
    char *text;
    size_t used, room, most; /* beyond `most` bytes it is read and forgotten */
};

static void close_flow(struct inflow *flow) {
    if (flow->pipe >= 0)
        close(flow->pipe);
    flow->pipe = -1;
}

/* Reads what is there; it must be readable. */
static void take(struct inflow *flow) {
    char rest[1 << 12];
    bool full = flow->used >= flow->most;
    if (!full && flow->room - flow->used < 1 << 15) {
        flow->room = flow->room ? 2 * flow->room : 1 << 16;
        flow->text = realloc(flow->text, flow->room);
        if (flow->text == NULL)
            die(EXIT_FAILED, "out of memory for the answer of a block");
    }
    ssize_t got = full ? read(flow->pipe, rest, sizeof rest)
                       : read(flow->pipe, flow->text + flow->used, flow->room - flow->used - 1);
    if (got > 0 && !full)
        flow->used += (size_t)got;
    if (got == 0 || (got < 0 && errno != EINTR))
        close_flow(flow);
    if (flow->text)
        flow->text[flow->used] = 0;
}

struct child {
    pid_t pid;
    int status;
    bool ended, stopped;
    struct inflow answer, said;
};

/* Asks what has become of the child; waits until it has ended where wanted. */
static void look(struct child *child, bool wait) {
    int status;
    while (!child->ended) {
        pid_t found = waitpid(child->pid, &status, wait ? 0 : WNOHANG | WUNTRACED | WCONTINUED);
        if (found < 0 && errno == EINTR)
            continue;
        if (found == 0)
            return;
        child->stopped = found > 0 && WIFSTOPPED(status);
        child->ended = found < 0 || !(WIFSTOPPED(status) || WIFCONTINUED(status));
        child->status = found < 0 ? WORDS_UNKNOWN : status;
    }
}

/* Waits until the child has closed both pipes; false: it shall be waited for no longer. What has
 * come is looked at before the clock is: both processes may have been stopped for long. */
static bool listen_to(struct child *child, double timeout, double *seconds) {
    double last = seconds_now(), waited = 0;
    *seconds = 0;
    while (child->answer.pipe >= 0 || child->said.pipe >= 0) {
        struct pollfd ready[] = {{.fd = child->answer.pipe, .events = POLLIN},
                                 {.fd = child->said.pipe, .events = POLLIN}};
        int polled = poll(ready, 2, TICK_MS);
        double now = seconds_now(), most = 2e-3 * TICK_MS; /* more, and it was stopped */
        double awake = now - last < most ? now - last : most;
        last = now;
        *seconds += awake;
        if (polled > 0 && ready[0].revents)
            take(&child->answer);
        if (polled > 0 && ready[1].revents)
            take(&child->said);
        look(child, false);
        waited = child->stopped ? waited : waited + awake;
        if (spawn_interrupted || (polled <= 0 && waited > timeout))
            return false;
    }
    return true;
}

/* Starts the child: false, and errno, if there is none. */
static bool start(struct child *child, const char *program, const char *job) {
    enum { JOB, ANSWER, SAID };
    int pipes[3][2];
    pid_t parent = getpid();
    for (int i = 0; i < 3; i++)
        if (pipe2(pipes[i], O_CLOEXEC))
            return false;
    fflush(NULL);
    child->pid = fork();
    if (child->pid == 0) {
        close(pipes[JOB][1]); /* without an exec it would wait for its own end of the job */
        close(pipes[ANSWER][0]);
        close(pipes[SAID][0]);
        become_block(program, pipes[JOB][0], pipes[ANSWER][1], pipes[SAID][1], parent);
    }
    int error = errno;
    close(pipes[JOB][0]);
    close(pipes[ANSWER][1]);
    close(pipes[SAID][1]);
    child->answer = (struct inflow){.pipe = pipes[ANSWER][0], .most = SIZE_MAX};
    child->said = (struct inflow){.pipe = pipes[SAID][0], .most = MOST_SAID};
    if (child->pid > 0) /* one that died already says so by its status */
        durable_append(pipes[JOB][1], job, strlen(job));
    close(pipes[JOB][1]);
    errno = error;
    return child->pid > 0;
}

/* Why a child that was started after `before` gave no answer. */
static void explain(const struct child *child, struct cgroup_kills before, struct spawned *result) {
    size_t size = sizeof result->reason;
    words_reason(child->status, child->said.text, result->reason, size);
    size_t used = strlen(result->reason);
    bool killed = child->status != WORDS_UNKNOWN && WIFSIGNALED(child->status) &&
                  WTERMSIG(child->status) == SIGKILL;
    if (killed && used + 2 < size &&
        cgroup_killed_since(before, result->reason + used + 2, size - used - 2))
        memcpy(result->reason + used, ": ", 2);
}

struct spawned spawn_block(const char *job, double timeout) {
    return spawn_program(NULL, job, timeout);
}

struct spawned spawn_program(const char *program, const char *job, double timeout) {
    struct spawned result = {.started = false};
    struct cgroup_kills before = cgroup_kills();
    struct child child = {.status = 0, .answer.pipe = -1, .said.pipe = -1};
    result.started = start(&child, program, job);
    if (!result.started)
        snprintf(result.reason, sizeof result.reason, "cannot start a block: %s", strerror(errno));
    else if (!listen_to(&child, timeout, &result.seconds))
        snprintf(result.reason, sizeof result.reason, "hang: no answer in %.0f s", timeout);
    if (result.started && result.reason[0])
        kill(child.pid, SIGKILL);
    if (spawn_interrupted)
        snprintf(result.reason, sizeof result.reason, "interrupted");
    if (result.started)
        look(&child, true);
    if (result.started && result.reason[0] == 0 && (child.status || child.answer.text == NULL))
        explain(&child, before, &result);
    words_pass_on(child.said.text, result.reason);
    if (result.reason[0] == 0)
        result.answer = child.answer.text;
    else
        free(child.answer.text);
    free(child.said.text);
    close_flow(&child.answer);
    close_flow(&child.said);
    return result;
}
