/* SPDX-License-Identifier: MIT
 *
 * Files that take the place of old ones, and temporary ones: what stands where after each way to
 * end. LINK takes fsync, so that it can fail.
 */
/* LINK: -Wl,--wrap=fsync */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/die.h"
#include "base/replace_file.h"
#include "base/temporary.h"
#include "fakes/made_run.h"

static int fsync_fails; /* the number of the call that does; 0: none */
int __real_fsync(int file);
int __wrap_fsync(int file);
int __wrap_fsync(int file) {
    if (fsync_fails && --fsync_fails == 0) {
        errno = EIO;
        return -1;
    }
    return __real_fsync(file);
}

static void write_old(void) {
    FILE *file = fopen(made_samples, "w");
    assert_non_null(file);
    fputs("old", file);
    assert_int_equal(fclose(file), 0);
}

/* The file holds this and is all that is in the folder. */
static void assert_alone(const char *content) {
    char text[16] = "";
    size_t entries = 0;
    FILE *file = fopen(made_samples, "r");
    assert_non_null(file);
    assert_true(fread(text, 1, sizeof text - 1, file) < sizeof text);
    fclose(file);
    assert_string_equal(text, content);
    DIR *folder = opendir(made_directory);
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;)
        entries += entry->d_name[0] != '.' || strlen(entry->d_name) > 2;
    closedir(folder);
    assert_int_equal(entries, 1);
}

static void the_new_is_there_when_it_is_whole(void **state) {
    (void)state;
    struct replacement new;
    write_old();
    assert_true(replace_begin(&new, made_samples));
    fputs("new", new.file);
    assert_true(replace_end(&new));
    assert_alone("new");
}

static void the_old_stays_where_the_new_is_given_up(void **state) {
    (void)state;
    struct replacement new;
    write_old();
    assert_true(replace_begin(&new, made_samples));
    fputs("new", new.file);
    replace_drop(&new);
    assert_alone("old");
    for (int call = 1; call <= 2; call++) { /* the file's, and its folder's */
        write_old();
        assert_true(replace_begin(&new, made_samples));
        fputs("new", new.file);
        fsync_fails = call;
        assert_false(replace_end(&new));
        assert_int_equal(errno, EIO);
        assert_alone(call == 1 ? "old" : "new");
    }
}

static void a_file_that_is_too_large_is_none(void **state) {
    (void)state;
    struct replacement new;
    write_old();
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    struct rlimit before, small = {.rlim_cur = 1 << 16, .rlim_max = RLIM_INFINITY};
    getrlimit(RLIMIT_FSIZE, &before);
    small.rlim_max = before.rlim_max;
    for (size_t size = 1 << 17; size < (1 << 17) + 4; size++) {
        assert_true(replace_begin(&new, made_samples));
        setrlimit(RLIMIT_FSIZE, &small);
        for (size_t i = 0; i <= size; i++)
            fputc('n', new.file);
        bool is_late = size % 2; /* there is room again when it is ended: some of it is lost */
        if (is_late)
            setrlimit(RLIMIT_FSIZE, &before);
        bool done = replace_end(&new);
        int error = errno;
        setrlimit(RLIMIT_FSIZE, &before);
        assert_false(done);
        assert_int_equal(error, is_late ? EIO : EFBIG);
        assert_alone("old");
    }
    signal(SIGXFSZ, handler);
}

static void a_link_is_replaced_and_not_followed(void **state) {
    (void)state;
    struct replacement new;
    struct stat status;
    unlink(made_samples);
    assert_int_equal(symlink("elsewhere", made_samples), 0);
    new = replace_begin_or_die(made_samples);
    fputs("new", new.file);
    replace_end_or_die(&new);
    assert_int_equal(lstat(made_samples, &status), 0);
    assert_true(S_ISREG(status.st_mode));
    assert_alone("new");
}

static void what_cannot_be_begun_says_why(void **state) {
    (void)state;
    struct replacement new;
    assert_false(replace_begin(&new, "/proc/self/nowhere/file"));
    assert_int_equal(errno, ENOENT);
}

static volatile sig_atomic_t ended;
static void end_is_noted(int number) {
    ended = number;
}

/* A child with a folder of two files and half a replacement comes to an end in one way. */
static int end_of_child(int how) {
    int status;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        struct replacement new;
        char path[128];
        setenv("TMPDIR", made_directory, 1);
        const char *folder = temporary_path(temporary_folder());
        for (int i = 0; i < 2; i++) {
            snprintf(path, sizeof path, "%s/file-%d", folder, i);
            fclose(fopen(path, "w"));
        }
        if (!replace_begin(&new, made_samples) || strncmp(path, made_directory, 20))
            _exit(99);
        fputs("new", new.file);
        int grandchild = fork(); /* leaves all as it is */
        if (grandchild == 0)
            exit(0);
        waitpid(grandchild, &status, 0);
        if (access(path, F_OK))
            _exit(98);
        if (how == -1)
            die(EXIT_USAGE, "so");
        if (how == 0)
            exit(0);
        alarm(10);
        kill(getpid(), how);
        for (;;)
            pause();
    }
    waitpid(child, &status, 0);
    return status;
}

static void nothing_stays_after_any_end(void **state) {
    (void)state;
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGQUIT, SIGXCPU, SIGXFSZ};
    write_old();
    assert_int_equal(end_of_child(0), 0);
    assert_alone("old");
    assert_int_equal(WEXITSTATUS(end_of_child(-1)), EXIT_USAGE);
    assert_alone("old");
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
        int status = end_of_child(signals[i]);
        assert_true(WIFSIGNALED(status));
        assert_int_equal(WTERMSIG(status), signals[i]);
        assert_alone("old");
    }
}

/* nohup's SIG_IGN, and handlers of commands, are left as they are. */
static void other_handlers_are_left(void **state) {
    (void)state;
    int status;
    pid_t child = fork();
    if (child == 0) {
        setenv("TMPDIR", made_directory, 1);
        signal(SIGHUP, SIG_IGN);
        signal(SIGINT, end_is_noted);
        struct temporary *folder = temporary_folder();
        raise(SIGHUP);
        raise(SIGINT);
        status = access(temporary_path(folder), F_OK) == 0 && ended == SIGINT ? 0 : 1;
        temporary_remove(folder);
        _exit(status);
    }
    waitpid(child, &status, 0);
    assert_int_equal(status, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_new_is_there_when_it_is_whole),
        cmocka_unit_test(the_old_stays_where_the_new_is_given_up),
        cmocka_unit_test(a_file_that_is_too_large_is_none),
        cmocka_unit_test(a_link_is_replaced_and_not_followed),
        cmocka_unit_test(what_cannot_be_begun_says_why),
        cmocka_unit_test(nothing_stays_after_any_end),
        cmocka_unit_test(other_handlers_are_left),
    };
    return cmocka_run_group_tests(tests, made_begin, made_end);
}
