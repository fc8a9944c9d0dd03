/* SPDX-License-Identifier: MIT */
/* test_trace.c: a trace comes out of a file as it went in, or does not come out at all. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fakes/made_trace.h"
#include "fuzz/fuzz_trace.h"
#include "trace/trace_parts.h"
#include "unit/cmocka_all.h"

static char why[512];

static struct trace *parse(const char *content, size_t size) {
    const struct trace_refusal refusal = {"file", why, sizeof why};
    *why = 0;
    return trace_from_content(content, size, &refusal);
}

static char *content_of(const struct trace *trace, size_t *size) {
    return trace_content(trace, "file", size);
}

/* Said in one line that names the file. */
static void assert_said(const char *text) {
    if (strncmp(why, "file: ", 6) != 0 || strchr(why, '\n') || strstr(why, text) == NULL)
        fail_msg("`%s' does not say `%s'", why, text);
}

static void assert_same_texts(const struct trace_provenance *a, const struct trace_provenance *b) {
    assert_string_equal(a->name, b->name);
    assert_string_equal(a->program, b->program);
    assert_string_equal(a->package, b->package);
    assert_string_equal(a->command, b->command);
    assert_string_equal(a->recorder, b->recorder);
    assert_int_equal(a->run_instructions, b->run_instructions);
}

static void assert_same_access(const struct trace_access *a, const struct trace_access *b) {
    assert_int_equal(a->kind, b->kind);
    assert_int_equal(a->op, b->op);
    assert_int_equal(a->size, b->size);
    assert_int_equal(a->base, b->base);
    assert_int_equal(a->vector, b->vector);
    assert_int_equal(a->nontemporal, b->nontemporal);
    assert_int_equal(a->indexed, b->indexed);
    assert_int_equal(a->displacement, b->displacement);
    assert_int_equal(a->gap, b->gap);
    assert_int_equal(a->same, b->same);
    assert_int_equal(a->offset, b->offset);
    assert_int_equal(a->to_offset, b->to_offset);
    assert_int_equal(a->count, b->count);
    assert_int_equal(a->backward, b->backward);
    assert_int_equal(a->address_from, b->address_from);
    assert_int_equal(a->data_from, b->data_from);
}

static void assert_same(const struct trace *a, const struct trace *b) {
    assert_same_texts(&a->provenance, &b->provenance);
    assert_int_equal(a->marked, b->marked);
    assert_int_equal(a->window_count, b->window_count);
    for (size_t w = 0; w < a->window_count; w++) {
        const struct trace_window *left = &a->windows[w], *right = &b->windows[w];
        assert_int_equal(left->arena_bytes, right->arena_bytes);
        assert_int_equal(left->begin_instruction, right->begin_instruction);
        assert_int_equal(left->instructions, right->instructions);
        assert_true(left->stands_for == right->stands_for);
        assert_int_equal(left->stream_count, right->stream_count);
        for (size_t s = 0; s < left->stream_count; s++) {
            assert_int_equal(left->streams[s].count, right->streams[s].count);
            for (size_t i = 0; i < left->streams[s].count; i++)
                assert_same_access(&left->streams[s].accesses[i], &right->streams[s].accesses[i]);
        }
    }
}

static void what_went_in_comes_out(void **state) {
    (void)state;
    char path[] = "trace-XXXXXX";
    close(mkstemp(path));
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    trace_write(made_trace(), file, path);
    fclose(file);
    struct trace *trace = trace_read(path, why, sizeof why);
    unlink(path);
    assert_non_null(trace);
    assert_same(trace, made_trace());
    size_t size, size_again;
    char *content = content_of(made_trace(), &size), *again = content_of(trace, &size_again);
    assert_int_equal(size, size_again);
    assert_memory_equal(content, again, size);
    free(content);
    free(again);
    trace_free(trace);
    trace_free(NULL);
}

/* What an older program wrote: it says of no load or store which instruction it is of. */
static struct trace *made_unmarked_trace(void) {
    struct trace *trace = made_trace();
    trace->marked = false;
    for (size_t i = 0; i < trace->windows[0].streams[0].count; i++) {
        struct trace_access *access = &trace->windows[0].streams[0].accesses[i];
        if (access->kind != TRACE_RMW && access->kind != TRACE_FENCE)
            access->op = 0;
    }
    return trace;
}

static void the_first_version_is_read(void **state) {
    (void)state;
    size_t size, again_size;
    char *content = content_of(made_unmarked_trace(), &size);
    assert_memory_equal(content, "tsobench-trace 1\n", 17);
    struct trace *trace = parse(content, size);
    assert_non_null(trace);
    assert_false(trace->marked);
    struct trace *told = made_unmarked_trace(); /* by its 10 bytes */
    told->windows[0].streams[0].accesses[MADE_LAST + 1].op = TRACE_BY_X87;
    assert_same(trace, told);
    char *again = content_of(trace, &again_size);
    assert_int_equal(size, again_size);
    assert_memory_equal(content, again, size);
    trace_free(trace);
    free(again);
    free(content);
    /* The same line over records that say it. */
    content = content_of(made_trace(), &size);
    assert_memory_equal(content, "tsobench-trace 2\n", 17);
    content[15] = '1';
    assert_null(parse(content, size));
    assert_said("window 0, stream 0 has marks, which its version has not");
    free(content);
}

/* In a trace of the first version, by where blocks end; a push before a jump is none. */
static void calls_and_returns_are_told(void **state) {
    (void)state;
    const struct trace_access top = {
        .kind = TRACE_STORE, .size = 8, .base = TRACE_BASE_STACK, .count = 1};
    struct trace_access accesses[] = {{.kind = TRACE_BLOCK},
                                      top,
                                      top,
                                      /* CALL */ {.kind = TRACE_BLOCK},
                                      top, /* PUSH, jump */
                                      {.kind = TRACE_BLOCK, .gap = 1},
                                      top,
                                      /* RET */ {.kind = TRACE_BLOCK},
                                      top, /* jump */
                                      {.kind = TRACE_BLOCK},
                                      top /* the last: RET */};
    enum { COUNT = sizeof accesses / sizeof *accesses };
    static const uint8_t expected[COUNT] = {
        [2] = TRACE_BY_CALL, [6] = TRACE_BY_RET, [10] = TRACE_BY_RET};
    accesses[6].kind = accesses[8].kind = accesses[10].kind = TRACE_LOAD;
    accesses[8].base = TRACE_BASE_RIP;
    struct trace *trace = made_unmarked_trace();
    trace->windows[0].streams[0] = (struct trace_stream){accesses, COUNT};
    size_t size;
    char *content = content_of(trace, &size);
    struct trace *told = parse(content, size);
    assert_non_null(told);
    for (size_t i = 0; i < COUNT; i++)
        assert_int_equal(told->windows[0].streams[0].accesses[i].op, expected[i]);
    trace_free(told);
    free(content);
}

static void a_file_that_is_cut_is_refused(void **state) {
    (void)state;
    size_t size, content_size;
    char *content = content_of(made_trace(), &content_size);
    char *frame = trace_frame(content, content_size, &size);
    for (size_t cut = 0; cut < size; cut++) {
        /* Of its own size, so that a sanitizer sees a byte read after it. */
        char *part = malloc(cut ? cut : 1);
        memcpy(part, frame, cut);
        assert_null(trace_parse(part, cut, "file", why, sizeof why));
        assert_said("");
        free(part);
    }
    for (size_t cut = 0; cut < content_size; cut++) {
        char *part = malloc(cut ? cut : 1);
        memcpy(part, content, cut);
        assert_null(parse(part, cut));
        assert_said("");
        free(part);
    }
    free(content);
    free(frame);
}

/* A frame has a few bits that a decoder does not look at: then nothing was changed. */
static void a_file_that_was_changed_is_refused(void **state) {
    (void)state;
    size_t size, content_size, refused = 0;
    char *content = content_of(made_trace(), &content_size);
    char *frame = trace_frame(content, content_size, &size);
    for (size_t i = 0; i < size; i++) {
        frame[i] = (char)~frame[i];
        assert_null(trace_parse(frame, size, "file", why, sizeof why));
        assert_said("");
        frame[i] = (char)~frame[i];
        for (int bit = 0; bit < 8; bit++) {
            frame[i] ^= (char)(1 << bit);
            struct trace *trace = trace_parse(frame, size, "file", why, sizeof why);
            if (trace)
                assert_same(trace, made_trace());
            else
                refused++;
            trace_free(trace);
            frame[i] ^= (char)(1 << bit);
        }
    }
    assert_true(refused > 8 * size - 20);
    free(content);
    free(frame);
}

/* Whoever changes a file may put the right checksum to it. */
static void a_change_with_a_checksum_is_refused_or_another_trace(void **state) {
    (void)state;
    size_t size, again_size, refused = 0;
    char *content = content_of(made_trace(), &size);
    for (size_t bit = 0; bit < 8 * size; bit++) {
        content[bit / 8] ^= (char)(1 << bit % 8);
        struct trace *trace = parse(content, size);
        if (trace) {
            char *again = content_of(trace, &again_size);
            struct trace *same = parse(again, again_size);
            assert_non_null(same);
            assert_same(trace, same);
            trace_free(same);
            trace_free(trace);
            free(again);
        } else {
            assert_said("");
            refused++;
        }
        content[bit / 8] ^= (char)(1 << bit % 8);
    }
    assert_in_range(refused, size, 8 * size - size);
    free(content);
}

/* What libFuzzer found to go different ways through the reader, by its own entry. */
static void the_corpus_is_read_or_refused(void **state) {
    (void)state;
    static const char folder[] = TESTS_DIR "/data/trace-corpus";
    static uint8_t bytes[1 << 16];
    size_t read = 0, refused = 0;
    DIR *corpus = opendir(folder);
    assert_non_null(corpus);
    for (struct dirent *entry; (entry = readdir(corpus));) {
        char path[sizeof folder + sizeof entry->d_name];
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        FILE *file = fopen(path, "re");
        assert_non_null(file);
        size_t size = fread(bytes, 1, sizeof bytes, file);
        fclose(file);
        if (fuzz_bytes(bytes, size))
            read++;
        else
            refused++;
    }
    closedir(corpus);
    assert_true(read > 5 && refused > 50);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_went_in_comes_out),
        cmocka_unit_test(the_first_version_is_read),
        cmocka_unit_test(calls_and_returns_are_told),
        cmocka_unit_test(a_file_that_is_cut_is_refused),
        cmocka_unit_test(a_file_that_was_changed_is_refused),
        cmocka_unit_test(a_change_with_a_checksum_is_refused_or_another_trace),
        cmocka_unit_test(the_corpus_is_read_or_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
