/* SPDX-License-Identifier: MIT
 *
 * recording_process.c: runs a program under qemu-x86_64, as alike each time as can be.
 */
#include "trace/recording_process.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/die.h"

char *recording_find_in_path(const char *name) {
    const char *path = getenv("PATH");
    char *file;
    for (size_t length; path && *path; path += length + (path[length] == ':')) {
        length = strcspn(path, ":");
        struct stat status;
        if (asprintf(&file, "%.*s/%s", (int)length, path, name) < 0)
            abort();
        if (access(file, X_OK) == 0 && stat(file, &status) == 0 && S_ISREG(status.st_mode))
            return file;
        free(file);
    }
    return NULL;
}

/* Nothing of this process goes on to the program, and nothing that differs between two runs. */
_Noreturn static void run_program(const struct recording_plan *plan, const char *plugin,
                                  const char *preload, const char *messages) {
    const char *const fixed[] = {
        RECORDING_EMULATOR, "-seed", "1",  "-cpu",           "max",     "-U", "LD_PRELOAD",
        "-plugin",          plugin,  "-0", plan->command[0], plan->path};
    enum { FIXED = sizeof fixed / sizeof fixed[0] };
    size_t count = 0, variables = 0;
    while (plan->command[count])
        count++;
    while (plan->environment[variables])
        variables++;
    const char **argv = allocate(FIXED + count, sizeof *argv);
    const char **environment = allocate(variables + 2, sizeof *environment);
    memcpy(argv, fixed, sizeof fixed);
    memcpy(argv + FIXED, plan->command + 1, count * sizeof *argv);
    memcpy(environment + 1, plan->environment, variables * sizeof *environment);
    environment[0] = preload;
    int null = open("/dev/null", O_RDWR), file = open(messages, O_WRONLY | O_CREAT, 0600);
    if (null < 0 || file < 0 || dup2(null, 0) < 0 || dup2(null, 1) < 0 || dup2(file, 2) < 0)
        _exit(EXIT_FAILED);
    for (int other = 3; other < 256; other++)
        close(other);
    personality(ADDR_NO_RANDOMIZE); /* where it is forbidden, addresses are the emulator's still */
    char *qemu = recording_find_in_path(RECORDING_EMULATOR);
    if (qemu)
        execve(qemu, (char *const *)argv, (char *const *)environment);
    _exit(127);
}

/* Programs look at the numbers of their processes and threads, and read random devices. In
 * namespaces of their own both are the same each time. False where none may be made. */
static bool leave_namespaces(void) {
    if (unshare(CLONE_NEWPID | CLONE_NEWNS) && unshare(CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS))
        return false;
    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);
    mount("/dev/zero", "/dev/urandom", NULL, MS_BIND, NULL);
    mount("/dev/zero", "/dev/random", NULL, MS_BIND, NULL);
    return true;
}

static int wait_for(pid_t child) {
    int status = 0;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return EXIT_FAILED;
    return WIFSIGNALED(status) ? EXIT_SIGNAL + WTERMSIG(status) : WEXITSTATUS(status);
}

int recording_spawn(const struct recording_plan *plan, const char *plugin, const char *preload,
                    const char *messages) {
    const pid_t child = fork();
    if (child > 0)
        return wait_for(child);
    if (child < 0)
        die(EXIT_FAILED, "cannot start a process: %s", strerror(errno));
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    const bool alone = leave_namespaces();
    if (!alone)
        warn("namespaces are not allowed here, so a second recording may differ from this one: it "
             "sees real process numbers and random devices");
    /* The first process of a namespace cannot be ended by its own signals: the program is another.
     */
    const pid_t first = alone ? fork() : 0;
    if (first != 0)
        _exit(first < 0 ? EXIT_FAILED : wait_for(first));
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    const pid_t second = fork();
    if (second != 0)
        _exit(second < 0 ? EXIT_FAILED : wait_for(second));
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    run_program(plan, plugin, preload, messages);
}
