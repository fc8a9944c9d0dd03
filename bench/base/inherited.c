/* SPDX-License-Identifier: MIT */
#include "base/inherited.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

/* What was closed is opened the wrong way round: to use it fails as if it were still closed, so
 * "cannot write to standard output" is still said. */
static void open_standard(int number) {
    int flags = number == STDIN_FILENO ? O_WRONLY : O_RDONLY;
    if (fcntl(number, F_GETFD) >= 0)
        return;
    int file = open("/dev/null", flags);
    if (file < 0) /* a root folder without /dev */
        file = open("/", O_RDONLY);
    if (file >= 0 && file != number) {
        dup2(file, number);
        close(file);
    }
}

void inherited_mend(void) {
    for (int number = STDIN_FILENO; number <= STDERR_FILENO; number++)
        open_standard(number);
    signal(SIGCHLD, SIG_DFL);
    signal(SIGXFSZ, SIG_IGN);
}
