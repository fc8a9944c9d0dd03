/* SPDX-License-Identifier: MIT */
#include "base/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/die.h"
#include "base/seconds.h"

/* In the child: reads nothing, and says nothing of what went wrong. */
static void be_quiet(void) {
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    dup2(null, STDIN_FILENO);
    dup2(null, STDERR_FILENO);
}

static bool start(struct child *child, char *const *argv, bool quiet) {
    int ends[2];
    if (pipe(ends))
        return false;
    fflush(NULL);
    child->id = fork();
    if (child->id == 0) {
        if (dup2(ends[1], STDOUT_FILENO) >= 0) {
            close(ends[0]);
            if (ends[1] != STDOUT_FILENO)
                close(ends[1]);
            if (quiet)
                be_quiet();
            execvp(argv[0], argv);
        }
        _exit(errno == ENOENT ? CHILD_NOT_FOUND : EXIT_FAILED);
    }
    int error = errno;
    close(ends[1]);
    child->out = child->id < 0 ? NULL : fdopen(ends[0], "r");
    if (child->out == NULL)
        close(ends[0]);
    errno = error;
    return child->out != NULL;
}

bool child_start(struct child *child, char *const *argv) {
    return start(child, argv, false);
}

int child_end(struct child *child) {
    int status;
    pid_t ended;
    fclose(child->out);
    do
        ended = waitpid(child->id, &status, 0);
    while (ended < 0 && errno == EINTR);
    return ended < 0             ? -1
           : WIFSIGNALED(status) ? EXIT_SIGNAL + WTERMSIG(status)
                                 : WEXITSTATUS(status);
}

/* Waits until there is something to read, or the end of the file. */
static bool is_ready(const struct child *child, double deadline) {
    struct pollfd end = {.fd = fileno(child->out), .events = POLLIN};
    int ready = -1;
    for (double left; ready < 0 && (left = deadline - seconds_now()) > 0;) {
        ready = poll(&end, 1, (int)(left * 1000) + 1);
        if (ready < 0 && errno != EINTR)
            return false;
    }
    return ready > 0;
}

/* Whether it has ended, or does so in time; its status is still to be asked for. */
static bool ends_in_time(const struct child *child, double deadline) {
    siginfo_t info = {0};
    while (waitid(P_PID, (id_t)child->id, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           info.si_pid == 0) {
        if (seconds_now() > deadline)
            return false;
        poll(NULL, 0, 1);
    }
    return true;
}

bool child_ask(char *const *argv, char *out, size_t size, double seconds) {
    double deadline = seconds_now() + seconds;
    struct child child;
    size_t used = 0;
    ssize_t got = 1;
    out[0] = '\0';
    if (!start(&child, argv, true))
        return false;
    while (got > 0 && used < size && is_ready(&child, deadline)) {
        got = read(fileno(child.out), out + used, size - used);
        used += got > 0 ? (size_t)got : 0;
    }
    bool whole = got == 0 && used < size && ends_in_time(&child, deadline);
    out[whole ? used : 0] = '\0';
    if (!whole)
        kill(child.id, SIGKILL);
    return child_end(&child) == EXIT_DONE && whole;
}
