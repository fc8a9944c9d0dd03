/* SPDX-License-Identifier: MIT */
/* LINK: -Wl,--wrap=block_serve,--wrap=cgroup_killed_since */
/* test_spawn.c: the process of a block, played by this program itself: what is said of how it
 * ended, and that neither it nor the run loses anything by having been stopped. */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/die.h"
#include "commands/commands.h"
#include "machine/cgroup.h"
#include "run/spawn.h"
#include "unit/cmocka_all.h"

/* ---- the block: does what the job says ---- */

static int play(void) {
    char job[64] = "";
    int number = 0;
    if (fgets(job, sizeof job, stdin) == NULL)
        return EXIT_USAGE;
    if (sscanf(job, "sleep %d", &number) == 1)
        usleep((unsigned)number * 1000);
    if (sscanf(job, "raise %d", &number) == 1) {
        signal(number, SIG_DFL); /* where no program is started anew, cmocka's handler is here */
        raise(number);
    }
    if (sscanf(job, "exit %d", &number) == 1)
        exit(number);
    if (strcmp(job, "stop") == 0)
        kill(getpid(), SIGSTOP);
    if (strcmp(job, "die") == 0)
        die(EXIT_FAILED, "cannot pin to CPU 1 by /sys/some/where/file: %s", strerror(EINVAL));
    if (strcmp(job, "abort") == 0) {
        fputs("free(): invalid pointer\n", stderr);
        abort();
    }
    if (strcmp(job, "warn") == 0) {
        warn("this is said in every block");
        fputs("so is this, by a library\n", stderr);
    }
    if (strcmp(job, "much") == 0)
        for (int i = 0; i < 100000; i++)
            fprintf(stderr, "line %d\n", i % 3);
    printf("answer to %s\n", job);
    return EXIT_DONE;
}

int __wrap_block_serve(void) {
    int status = play();
    fflush(stdout);
    return status;
}

/* ---- the kernel ---- */

static bool memory_is_short;

bool __wrap_cgroup_killed_since(struct cgroup_kills before, char *why, size_t size) {
    (void)before;
    if (memory_is_short)
        snprintf(why, size, "killed for want of memory");
    return memory_is_short;
}

/* ---- the run ---- */

static void assert_answers(const char *job, double timeout) {
    struct spawned block = spawn_block(job, timeout);
    assert_non_null(block.answer);
    assert_true(block.started && block.reason[0] == 0);
    assert_int_equal(strncmp(block.answer, "answer to ", 10), 0);
    free(block.answer);
}

static void assert_fails(const char *job, const char *reason) {
    struct spawned block = spawn_block(job, 1);
    assert_null(block.answer);
    assert_true(block.started);
    assert_string_equal(block.reason, reason);
}

static void the_reason_is_its_own(void **state) {
    (void)state;
    assert_answers("hello", 60);
    assert_fails("die", "cannot pin to CPU 1 by file: Invalid argument");
    assert_fails("exit 3", "exit status 3");
    assert_fails("raise 9", "SIGKILL");
    assert_fails("abort", "SIGABRT: free(): invalid pointer");
    assert_fails("sleep 60000", "hang: no answer in 1 s");
    memory_is_short = true;
    assert_fails("raise 9", "SIGKILL: killed for want of memory");
    assert_fails("raise 4", "SIGILL");
    memory_is_short = false;
}

/* A parent that ignores SIGCHLD gets no status: then nobody may take the block for a good one. */
static void an_unknown_end_is_no_good_end(void **state) {
    (void)state;
    signal(SIGCHLD, SIG_IGN);
    assert_fails("hello", "nobody knows how it ended");
    signal(SIGCHLD, SIG_DFL);
}

static void what_every_block_says_is_passed_on_once(void **state) {
    (void)state;
    FILE *file = tmpfile();
    char text[512] = "";
    int former = dup(STDERR_FILENO);
    dup2(fileno(file), STDERR_FILENO);
    for (int i = 0; i < 3; i++)
        assert_answers("warn", 60);
    assert_answers("much", 60); /* more than a pipe holds */
    assert_fails("die", "cannot pin to CPU 1 by file: Invalid argument");
    dup2(former, STDERR_FILENO);
    close(former);
    rewind(file);
    assert_true(fread(text, 1, sizeof text - 1, file) > 0);
    fclose(file);
    assert_string_equal(text, "tsobench: warning: this is said in every block\n"
                              "so is this, by a library\nline 0\nline 1\nline 2\n");
}

/* Stops a run, alone or with its block, for longer than the timeout; then it goes on. */
static void stopped_and_continued(bool together) {
    int status;
    fflush(NULL);
    pid_t run = fork();
    if (run == 0) {
        setpgid(0, 0);
        pid_t self = getpid(); /* getppid() of an orphan is 1, and kill(-1) stops the machine */
        pid_t stopper = fork();
        if (stopper == 0) {
            usleep(300000);
            setpgid(0, 0);
            kill(together ? -self : self, SIGSTOP);
            _exit(0);
        }
        _exit(spawn_block("sleep 600", 1).answer ? 0 : 1);
    }
    assert_int_equal(waitpid(run, &status, WUNTRACED), run);
    assert_true(WIFSTOPPED(status));
    usleep(2500000);
    kill(-run, SIGCONT);
    assert_int_equal(waitpid(run, &status, 0), run);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/* ^Z for longer than the timeout, then fg. */
static void who_was_stopped_loses_nothing(void **state) {
    (void)state;
    stopped_and_continued(true);
    stopped_and_continued(false);
}

static void a_block_that_is_stopped_is_waited_for(void **state) {
    (void)state;
    int status;
    fflush(NULL);
    pid_t run = fork();
    if (run == 0) {
        setpgid(0, 0);
        _exit(spawn_block("stop", 1).answer ? 0 : 1);
    }
    usleep(2500000);
    kill(-run, SIGCONT);
    assert_int_equal(waitpid(run, &status, 0), run);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

int main(int argc, char **argv) {
    if (argc == 2 && strcmp(argv[1], "block") == 0)
        return __wrap_block_serve();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_reason_is_its_own),
        cmocka_unit_test(an_unknown_end_is_no_good_end),
        cmocka_unit_test(what_every_block_says_is_passed_on_once),
        cmocka_unit_test(who_was_stopped_loses_nothing),
        cmocka_unit_test(a_block_that_is_stopped_is_waited_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
