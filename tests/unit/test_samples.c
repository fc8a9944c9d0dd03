/* SPDX-License-Identifier: MIT
 *
 * Reading samples back: whole, cut short at every byte, damaged, compressed.
 */
#include <math.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "fakes/made_run.h"
#include "samples/samples.h"
#include "unit/cmocka_all.h"

static const struct made_cell pair[] = {{"plain", "baseline", "weak", "false", 10, "1,2,null,4,5"},
                                        {"plain", "aa", "weak", "false", 10, "5,4,3,2,1"}};

static void make_run(void) {
    made_append(MADE_BEGIN);
    made_block("k", 2, 0, pair, 2, "");
    made_append("{\"format\":1,\"type\":\"skipped\",\"set\":\"s\",\"kernel\":\"k\",\"params\":\"\","
                "\"threads\":9,\"reason\":\"needs 9 CPUs\"}\n");
    made_block("k", 2, 2, pair, 2, "");
    made_append("{\"format\":1,\"type\":\"failed\",\"set\":\"k/x=1/threads=2\","
                "\"kernel\":\"k\",\"params\":\"x=1\",\"threads\":2,\"block\":3,"
                "\"reason\":\"SIGILL\"}\n" MADE_END);
}

static void everything_is_there(void **state) {
    (void)state;
    make_run();
    for (int packed = 0; packed < 2; packed++) {
        struct samples *run = samples_read(made_directory);
        assert_string_equal(run->suite, "smoke");
        assert_int_equal(run->source, SOURCE_MEASURED);
        assert_string_equal(run->command,
                            "tsobench run --suite smoke --seed 0x2a --only '^k' --rounds 5");
        assert_true(run->complete && !run->torn && run->seconds == 12.5);
        assert_true(run->target_single == 0.002 && run->set_count == 2);
        const struct sample_set *set = samples_set(run, "k/x=1/threads=2");
        assert_true(set->threads == 2 && set->cell_count == 2 && set->block_count == 2);
        assert_true(set->failure_count == 1 && set->skip_count == 1);
        assert_string_equal(set->failures[0], "SIGILL");
        assert_string_equal(set->skips[0].reason, "this CPU has no FEAT_LRCPC");
        assert_string_equal(samples_set(run, "s")->skipped, "needs 9 CPUs");
        assert_null(samples_set(run, "t"));
        assert_true(set->blocks[1].number == 2 && set->blocks[1].rounds == 5);
        const struct sample_column *column = &set->blocks[1].columns[0];
        assert_true(column->ops == 10 && column->ticks[1] == 2 && isnan(column->ticks[2]));
        assert_true(column->preempted == 1 && column->cycles == NULL);
        assert_int_equal(set->cells[0].sound, SOUND_NO);
        samples_free(run);
        if (!packed) {
            assert_int_equal(samples_compress(made_directory), 0);
            assert_int_not_equal(access(made_samples, F_OK), 0);
        }
    }
}

/* Whoever dies does not clean up; LeakSanitizer, where it is, shall not mind. */
extern void __lsan_disable(void) __attribute__((weak));

/* samples_read in a child: its exit status, and what it said. */
static int read_in_child(char *said, size_t size) {
    int pipes[2], status;
    assert_int_equal(pipe(pipes), 0);
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        dup2(pipes[1], STDERR_FILENO);
        if (__lsan_disable)
            __lsan_disable();
        samples_free(samples_read(made_directory));
        _exit(0);
    }
    close(pipes[1]);
    size_t used = 0;
    for (ssize_t got; (got = read(pipes[0], said + used, size - 1 - used)) > 0;)
        used += (size_t)got;
    said[used] = 0;
    close(pipes[0]);
    waitpid(child, &status, 0);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void a_torn_line_is_left_out(void **state) {
    (void)state;
    char said[512];
    make_run();
    struct stat whole;
    assert_int_equal(stat(made_samples, &whole), 0);
    off_t end = whole.st_size - (off_t)strlen(MADE_END);
    /* Cut anywhere in the last line: it is as if it had never been written. */
    for (off_t cut = whole.st_size - 2; cut > end; cut -= 7) {
        assert_int_equal(truncate(made_samples, cut), 0);
        assert_int_equal(read_in_child(said, sizeof said), 0);
        assert_non_null(strstr(said, ":6: the last line was cut short"));
    }
    struct samples *run = samples_read(made_directory);
    assert_true(run->torn && !run->complete && run->intact_bytes == (size_t)end);
    assert_true(isnan(run->seconds));
    samples_free(run);
}

static void damage_is_named(void **state) {
    (void)state;
    static const struct {
        const char *line, *said;
    } faults[] = {
        {"{\"format\":1,\"type\":\n", ":2: "},
        {"{\"format\":2,\"type\":\"end\"}\n", ":2: `format' is 2"},
        {"{\"format\":1,\"type\":\"news\"}\n", ":2: a line of no known type"},
        {"{\"format\":1,\"type\":\"end\",\"complete\":true}\n", ":2: "},
        {"\n", ":2: "},
        {"{\"format\":1,\"type\":\"block\",\"set\":\"a\"}\n", ":2: "},
    };
    char said[512];
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        unlink(made_samples);
        made_append(MADE_BEGIN);
        made_append(faults[i].line);
        made_append(MADE_END);
        assert_int_equal(read_in_child(said, sizeof said), 1);
        assert_non_null(strstr(said, faults[i].said));
        assert_non_null(strstr(said, made_samples));
        assert_ptr_equal(strchr(said, '\n'), said + strlen(said) - 1);
    }
    unlink(made_samples);
    assert_int_equal(read_in_child(said, sizeof said), 2); /* nothing to read */
    made_append(MADE_END);
    assert_int_equal(read_in_child(said, sizeof said), 1); /* no beginning */
}

static void a_block_is_whole_or_refused(void **state) {
    (void)state;
    static const struct made_cell few[] = {{"plain", "baseline", "weak", "false", 10, "1,2,3,4"}};
    static const struct made_cell words[] = {
        {"plain", "baseline", "weak", "false", 10, "1,2,3,4,\"5\""}};
    static const struct made_cell idle[] = {{"plain", "baseline", "weak", "false", 0, "1,2,3,4,5"}};
    char said[512];
    made_append(MADE_BEGIN);
    made_block("k", 1, 0, few, 1, "");
    assert_int_equal(read_in_child(said, sizeof said), 1);
    assert_non_null(strstr(said, "`ticks' has 4 elements for 5 rounds"));
    unlink(made_samples);
    made_append(MADE_BEGIN);
    made_block("k", 1, 0, words, 1, "");
    assert_int_equal(read_in_child(said, sizeof said), 1);
    unlink(made_samples);
    made_append(MADE_BEGIN);
    made_block("k", 1, 0, idle, 1, "");
    assert_int_equal(read_in_child(said, sizeof said), 1);
    unlink(made_samples);
    made_append(MADE_BEGIN);
    made_block("k", 1, 0, pair, 2, "");
    made_block("k", 1, 0, pair, 2, "");
    assert_int_equal(read_in_child(said, sizeof said), 1);
    assert_non_null(strstr(said, "block 0 is there twice"));
}

static void a_damaged_archive_is_refused(void **state) {
    (void)state;
    char packed[128], said[512];
    struct stat whole;
    make_run();
    assert_int_equal(samples_compress(made_directory), 0);
    snprintf(packed, sizeof packed, "%s.zst", made_samples);
    assert_int_equal(stat(packed, &whole), 0);
    assert_int_equal(read_in_child(said, sizeof said), 0);
    FILE *file = fopen(packed, "r+");
    fseek(file, whole.st_size / 2, SEEK_SET);
    int byte = fgetc(file);
    fseek(file, whole.st_size / 2, SEEK_SET);
    fputc(byte ^ 0x10, file);
    fclose(file);
    assert_int_equal(read_in_child(said, sizeof said), 1);
    assert_int_equal(truncate(packed, whole.st_size / 2), 0);
    assert_int_equal(read_in_child(said, sizeof said), 1);
}

/* Cells that end where made_block() goes on. */
static const struct made_cell counted[] = {
    {"plain", "baseline", "weak", "false", 10,
     "1,2,3,4,5],\"cycles\":[100,200,300,400,500],\"event_set\":[0,1,0,1,0],"
     "\"counts\":[[1000,20],[40],[null,10],null,[20000000000000000,2000000000000000]"},
    {"dmb-full", "lowering", "weak", "true", 20,
     "1,2,3,4,5],\"event_set\":[0,1,0,1,0],\"counts\":[[1000,40],[80],[0,0],[1],null"},
    {"native", "lowering", "weak", "true", 20,
     "1,2,3,4,5],\"event_set\":[0,0,0,1,1],\"counts\":[null,null,null,null,null,null,null"}};
static const char two_sets[] =
    "\"events\":{\"pmu\":\"armv8_cortex_a76\",\"read\":\"user\",\"sets\":["
    "{\"name\":\"mix\",\"events\":[\"LD_SPEC\",\"ST_SPEC\"]},"
    "{\"name\":\"stall\",\"events\":[\"STALL_BACKEND\"]}],\"missing\":["
    "{\"event\":\"RC_LD_SPEC\",\"reason\":\"refused\"}]},";

static void counts_are_paired_by_round(void **state) {
    (void)state;
    const char *events;
    made_append(MADE_BEGIN);
    made_block_with("k", 1, 0, counted, 2, "", two_sets);
    made_block("k", 1, 1, pair, 1, "");
    struct samples *run = samples_read(made_directory);
    const struct sample_set *set = &run->sets[0];
    const struct sample_block *block = &set->blocks[0];
    assert_string_equal(block->pmu, "armv8_cortex_a76");
    assert_string_equal(block->pmu_read, "user");
    assert_true(block->event_set_count == 2 && block->missing_count == 1);
    assert_string_equal(block->missing[0].reason, "refused");
    assert_string_equal(samples_event(set, 1, &events), "ST_SPEC");
    assert_string_equal(events, "mix");
    assert_string_equal(samples_event(set, 2, NULL), "STALL_BACKEND");
    assert_null(samples_event(set, 3, NULL));
    assert_true(samples_count(set, &block->columns[0], 0, "LD_SPEC") == 100);
    assert_true(samples_count(set, &block->columns[0], 1, "cycles") == 20);
    assert_true(isnan(samples_count(set, &block->columns[0], 1, "LD_SPEC")));
    assert_true(isnan(samples_count(set, &block->columns[0], 3, "STALL_BACKEND")));
    assert_true(isnan(samples_count(set, &block->columns[1], 1, "cycles")));
    assert_true(isnan(samples_count(set, &set->blocks[1].columns[0], 0, "LD_SPEC")));

    struct sample_counts counts = samples_counts(set, 1, 0, "LD_SPEC");
    assert_int_equal(counts.count, 1); /* round 2 is not whole, round 4 is not counted */
    assert_true(counts.values[0] == 50 && counts.base[0] == 100 && counts.blocks[0] == 0);
    samples_counts_free(&counts);
    counts = samples_counts(set, 1, 0, "ST_SPEC");
    assert_int_equal(counts.count, 2);
    assert_true(counts.values[0] == 2 && counts.values[1] == 0 && counts.base[1] == 1);
    samples_counts_free(&counts);
    samples_free(run);
}

static void counts_are_whole_or_refused(void **state) {
    (void)state;
    char said[512];
    static const struct {
        const char *cell, *said;
    } faults[] = {
        {"1,2,3,4,5],\"event_set\":[0,1,0,1,2],\"counts\":[null,null,null,null,null", "known: 2"},
        {"1,2,3,4,5],\"event_set\":[0,1,0,1],\"counts\":[null,null,null,null,null", "event_set"},
        {"1,2,3,4,5],\"event_set\":[0,1,0,1,0],\"counts\":[null", "`counts' has 1 elements"},
        {"1,2,3,4,5],\"event_set\":[0,0,0,0,0],\"counts\":[[1],null,null,null,null",
         "`counts' has 1 events of 2"},
        {"1,2,3,4,5],\"event_set\":[0,0,0,0,0],\"counts\":[[1,\"2\"],null,null,null,null",
         "counts: item 0: item 1: is of the wrong type"},
        {"1,2,3,4,5],\"counts\":[null,null,null,null,null", "event_set"},
    };
    made_append(MADE_BEGIN);
    made_block_with("k", 1, 0, counted, 3, "", two_sets);
    assert_int_equal(read_in_child(said, sizeof said), 1); /* 7 counts for 5 rounds */
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        struct made_cell cell = {"plain", "baseline", "weak", "false", 10, faults[i].cell};
        unlink(made_samples);
        made_append(MADE_BEGIN);
        made_block_with("k", 1, 0, &cell, 1, "", two_sets);
        assert_int_equal(read_in_child(said, sizeof said), 1);
        assert_non_null(strstr(said, faults[i].said));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(everything_is_there, made_begin, made_end),
        cmocka_unit_test_setup_teardown(a_torn_line_is_left_out, made_begin, made_end),
        cmocka_unit_test_setup_teardown(damage_is_named, made_begin, made_end),
        cmocka_unit_test_setup_teardown(a_block_is_whole_or_refused, made_begin, made_end),
        cmocka_unit_test_setup_teardown(counts_are_paired_by_round, made_begin, made_end),
        cmocka_unit_test_setup_teardown(counts_are_whole_or_refused, made_begin, made_end),
        cmocka_unit_test_setup_teardown(a_damaged_archive_is_refused, made_begin, made_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
