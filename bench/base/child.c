/* SPDX-License-Identifier: MIT */
#include "base/child.h"

#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/die.h"

bool child_start(struct child *child, char *const *argv) {
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
