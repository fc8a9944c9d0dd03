/* SPDX-License-Identifier: MIT */
/* LINK: -Wl,--wrap=write,--wrap=fsync,--wrap=ftruncate,--wrap=rename,--wrap=unlink */
/* test_rundir.c: the states of a run directory. A run is killed at every one of its system calls
 * that change the folder, or the call fails; then it is gone on with, and nothing is lost, nothing
 * is there twice, and no state is without a way out. */
#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/die.h"
#include "fakes/made_run.h"
#include "run/finish.h"
#include "run/rundir.h"
#include "samples/lines.h"
#include "samples/samples.h"
#include "unit/cmocka_all.h"

enum { BLOCKS = 3, KILLED = 99 };

/* ---- a kernel that fails, or at whose call the process is killed ---- */

static struct {
    bool armed;
    int calls, at; /* how many there were; the one it happens at */
    int error;     /* 0: killed */
    bool no_sync;  /* a file system that has no fsync */
    int syncs;
} fault;

/* Whether this call fails, with errno. */
static bool strikes(void) {
    if (!fault.armed || fault.calls++ != fault.at)
        return false;
    if (fault.error == 0)
        _exit(KILLED);
    errno = fault.error;
    return true;
}

ssize_t __real_write(int file, const void *data, size_t size);
ssize_t __wrap_write(int file, const void *data, size_t size) {
    if (fault.armed && fault.calls == fault.at && __real_write(file, data, size / 2) < 0)
        abort(); /* half of it gets there */
    return strikes() ? -1 : __real_write(file, data, size);
}

/* Nothing waits for a disk here: no test of this file needs it. */
int __wrap_fsync(int file) {
    (void)file;
    fault.syncs++;
    if (strikes())
        return -1;
    errno = EINVAL;
    return fault.no_sync ? -1 : 0;
}

int __real_ftruncate(int file, off_t size);
int __wrap_ftruncate(int file, off_t size) {
    return strikes() ? -1 : __real_ftruncate(file, size);
}

int __real_rename(const char *from, const char *to);
int __wrap_rename(const char *from, const char *to) {
    return strikes() ? -1 : __real_rename(from, to);
}

int __real_unlink(const char *path);
int __wrap_unlink(const char *path) {
    return strikes() ? -1 : __real_unlink(path);
}

/* ---- a run as the command makes it ---- */

static char *block_lines[BLOCKS];
static bool second_fails; /* in the first session: a run that lacks its block 1 */

static int make_lines(void **state) {
    static const struct made_cell pair[] = {{"plain", "baseline", "weak", "true", 10, "1,2,3,4,5"},
                                            {"plain", "aa", "weak", "true", 10, "5,4,3,2,1"}};
    if (made_begin(state))
        return -1;
    for (unsigned i = 0; i < BLOCKS; i++)
        made_block("k", 2, i, pair, 2, "");
    FILE *file = fopen(made_samples, "r");
    for (int i = 0; i < BLOCKS; i++) {
        size_t room = 0;
        if (file == NULL || getline(&block_lines[i], &room, file) < 0)
            return -1;
    }
    fclose(file);
    return made_end(state);
}

static int free_lines(void **state) {
    (void)state;
    for (int i = 0; i < BLOCKS; i++)
        free(block_lines[i]);
    return 0;
}

struct seen {
    bool have[BLOCKS], ended;
};

static void see(void *context, const json_t *line) {
    struct seen *seen = context;
    const char *type = json_string_value(json_object_get(line, "type"));
    if (strcmp(type, "begin") && strcmp(type, "end"))
        seen->have[json_integer_value(json_object_get(line, "block"))] = strcmp(type, "block") == 0;
    seen->ended |= strcmp(type, "end") == 0;
}

/* What --resume opens, up to where lines are missing; NULL: nothing is. */
static struct rundir *resume(struct seen *seen) {
    struct rundir *dir = rundir_resume(made_directory);
    rundir_replay(dir, see, seen);
    bool lacks = memchr(seen->have, false, sizeof seen->have) != NULL;
    if (rundir_archived(dir) && !lacks) {
        rundir_close(dir);
        return NULL;
    }
    if (rundir_archived(dir) || (seen->ended && lacks)) {
        rundir_reopen(dir);
        seen->ended = false;
    }
    return dir;
}

static struct rundir *begin(void) {
    struct rundir *dir = rundir_create(made_directory);
    json_t *machine = json_pack("{s:s}", "machine", "made");
    rundir_write_json(dir, "machine.json", machine);
    json_decref(machine);
    rundir_append_text(dir, MADE_BEGIN);
    return dir;
}

static void do_run(bool first) {
    static const char failed[] =
        "{\"format\":1,\"type\":\"failed\",\"set\":\"k/x=1/threads=2\","
        "\"kernel\":\"k\",\"params\":\"x=1\",\"threads\":2,\"block\":1,\"reason\":\"SIGILL\"}\n";
    struct seen seen = {0};
    struct rundir *dir = first ? begin() : resume(&seen);
    if (dir == NULL)
        return;
    for (int i = 0; i < BLOCKS && !seen.ended; i++)
        if (!seen.have[i])
            rundir_append_text(dir, first && second_fails && i == 1 ? failed : block_lines[i]);
    if (!seen.ended)
        rundir_append_text(dir, MADE_END);
    finish_run(made_directory, "do it again");
    rundir_close(dir);
}

/* Whoever dies does not clean up; LeakSanitizer, where it is, shall not mind. */
extern void __lsan_disable(void) __attribute__((weak));

/* The same in a child, with the fault at its call number `at`; < 0: none. What it said is in said.
 */
static char said[1024];
static int run_in_child(bool first, int at, int error) {
    int pipes[2], status;
    assert_int_equal(pipe(pipes), 0);
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        if (__lsan_disable)
            __lsan_disable();
        dup2(pipes[1], STDERR_FILENO);
        fault.at = at;
        fault.error = error;
        fault.armed = at >= 0;
        do_run(first);
        _exit(EXIT_DONE);
    }
    close(pipes[1]);
    ssize_t got, used = 0;
    while ((got = read(pipes[0], said + used, sizeof said - 1 - (size_t)used)) > 0)
        used += got;
    said[used] = 0;
    close(pipes[0]);
    waitpid(child, &status, 0);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

/* As a user does: --resume, and where that says so, the run again. */
static int go_on(int at, int error) {
    int status = run_in_child(false, at, error);
    bool none = strstr(said, "start it again") || strstr(said, "no unfinished run");
    return status == EXIT_USAGE && none ? run_in_child(true, at, error) : status;
}

/* One begin line, each block once, one end line: the last. */
static void assert_lines(void) {
    char path[128], *line = NULL;
    size_t room = 0;
    int count = 0, blocks = 0;
    snprintf(path, sizeof path, "%s/samples.jsonl.zst", made_directory);
    FILE *file = lines_open(path);
    for (; getline(&line, &room, file) > 0; count++) {
        assert_int_equal(count == 0, strstr(line, "\"begin\"") != NULL);
        assert_int_equal(blocks == BLOCKS, strstr(line, "\"end\"") != NULL);
        blocks += strstr(line, "\"type\":\"block\"") != NULL;
    }
    assert_int_equal(blocks, BLOCKS);
    fclose(file);
    free(line);
}

static const char *const names[] = {"samples.jsonl.zst", "benchmark.json", "machine.json",
                                    "summary.tsv"};
enum { NAMES = sizeof names / sizeof names[0] };

/* The size of a file of the run; -1: there is none. */
static off_t size_of(const char *name) {
    char path[128];
    struct stat info;
    snprintf(path, sizeof path, "%s/%s", made_directory, name);
    return stat(path, &info) ? -1 : info.st_size;
}

static void assert_whole(void) {
    size_t files = 0;
    struct samples *run = samples_read(made_directory);
    assert_true(run->complete && run->set_count == 1 && run->sets[0].block_count == BLOCKS);
    samples_free(run);
    assert_lines();
    DIR *folder = opendir(made_directory);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;)
        files += entry->d_name[0] != '.';
    closedir(folder);
    assert_int_equal(files, NAMES);
    for (size_t i = 0; i < NAMES; i++)
        assert_true(size_of(names[i]) > 0);
}

/* The fault at each call of a first session, or of one that resumes an archived run. */
static void at_every_call(bool first, int error) {
    static off_t sizes[NAMES];
    int status = KILLED, at = 0;
    for (; status != EXIT_DONE; at++) {
        void *state = NULL;
        assert_int_equal(made_begin(&state), 0);
        second_fails = !first;
        if (!first)
            assert_int_equal(run_in_child(true, -1, 0), EXIT_DONE);
        status = run_in_child(first, at, error);
        if (error && status != EXIT_DONE)
            assert_non_null(strstr(said, strerror(error)));
        assert_true(status == EXIT_DONE || (status == KILLED) == (error == 0));
        for (size_t i = 0; first && i < NAMES && sizes[i]; i++) /* whole, or not there */
            assert_true(size_of(names[i]) < 0 || size_of(names[i]) == sizes[i]);
        second_fails = false;
        for (int again = at % 11; go_on(again, error) != EXIT_DONE;)
            again = again < 100 ? again + 23 : -1;
        assert_whole();
        for (size_t i = 0; first && i < NAMES; i++)
            sizes[i] = size_of(names[i]);
        assert_int_equal(made_end(&state), 0);
    }
    assert_true(at > 10); /* the wraps are at work */
}

static void killed_anywhere_it_goes_on(void **state) {
    (void)state;
    at_every_call(true, 0);
    at_every_call(false, 0);
}

static void an_error_anywhere_is_said_and_it_goes_on(void **state) {
    (void)state;
    at_every_call(true, ENOSPC);
    at_every_call(false, ENOSPC);
    at_every_call(true, EIO);
}

static void a_file_system_without_fsync_will_do(void **state) {
    (void)state;
    fault.no_sync = true;
    assert_int_equal(run_in_child(true, -1, 0), EXIT_DONE);
    fault.no_sync = false;
    assert_whole();
}

/* ---- locks ---- */

static void while_a_run_lives_nobody_else_writes(void **state) {
    (void)state;
    struct rundir *dir = begin();
    int syncs = fault.syncs;
    rundir_append_text(dir, block_lines[0]);
    assert_int_equal(fault.syncs, syncs + 1);
    for (int first = 0; first < 2; first++) {
        assert_int_equal(run_in_child(first, -1, 0), EXIT_USAGE);
        assert_non_null(strstr(said, "a run is at work in"));
        assert_null(strstr(said, "--resume"));
    }
    rundir_close(dir);
    assert_int_equal(run_in_child(true, -1, 0), EXIT_USAGE);
    assert_non_null(strstr(said, "go on with --resume"));
    assert_int_equal(go_on(-1, 0), EXIT_DONE);
    assert_whole();
    assert_int_equal(run_in_child(true, -1, 0), EXIT_USAGE);
    assert_non_null(strstr(said, "holds a finished run"));
}

/* ---- what the power took ---- */

static void nuls_at_the_end_are_cut_off(void **state) {
    (void)state;
    static const char lost[64];
    struct rundir *dir = begin();
    rundir_append_text(dir, block_lines[0]);
    rundir_close(dir);
    for (int newline = 0; newline < 2; newline++) {
        FILE *file = fopen(made_samples, "a");
        fputs("{\"format\":1,\"ty", file);
        fwrite(lost, 1, sizeof lost, file);
        fputs(newline ? "\n" : "", file);
        fclose(file);
        rundir_close(rundir_resume(made_directory));
        struct samples *run = samples_read(made_directory);
        assert_true(!run->torn && run->sets[0].block_count == 1);
        samples_free(run);
    }
    assert_int_equal(go_on(-1, 0), EXIT_DONE);
    assert_whole();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(killed_anywhere_it_goes_on),
        cmocka_unit_test(an_error_anywhere_is_said_and_it_goes_on),
        cmocka_unit_test_setup_teardown(a_file_system_without_fsync_will_do, made_begin, made_end),
        cmocka_unit_test_setup_teardown(while_a_run_lives_nobody_else_writes, made_begin, made_end),
        cmocka_unit_test_setup_teardown(nuls_at_the_end_are_cut_off, made_begin, made_end),
    };
    return cmocka_run_group_tests(tests, make_lines, free_lines);
}
