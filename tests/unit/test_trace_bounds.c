/* SPDX-License-Identifier: MIT */
/* test_trace_bounds.c: each thing that a trace may not say is planted once, alone, and refused in
 * its own words. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fakes/made_trace.h"
#include "trace/trace_parts.h"
#include "unit/cmocka_all.h"

static char why[512];
static const struct trace_refusal refusal = {"file", why, sizeof why};

static void assert_said(const char *text) {
    if (strncmp(why, "file: ", 6) != 0 || strchr(why, '\n') || strstr(why, text) == NULL)
        fail_msg("`%s' does not say `%s'", why, text);
}

/* The reader refuses the trace's bytes, unless no bytes can say it. */
static void assert_refused(const struct trace *trace, const char *says, bool in_bytes) {
    *why = 0;
    assert_false(trace_valid(trace, &refusal));
    assert_said(says);
    if (!in_bytes)
        return;
    size_t size;
    char *content = trace_content(trace, "file", &size);
    *why = 0;
    assert_null(trace_from_content(content, size, &refusal));
    assert_said(says);
    free(content);
}

/* The first record of a kind, and what is wrong with it. */
#define RECORD(record, changes, says)                                                              \
    {                                                                                              \
        struct trace_access *a = &made_trace()->windows[0].streams[0].accesses[record];            \
        (void)a;                                                                                   \
        changes;                                                                                   \
        assert_refused(whole, says, true);                                                         \
    }

static void records(void **state) {
    (void)state;
    struct trace *whole = made_trace();
    assert_true(trace_valid(whole, &refusal));
    RECORD(MADE_LOAD, a->kind = TRACE_KINDS, "record 1 is of no known kind")
    RECORD(MADE_LOAD, a->op = TRACE_BY_CALL, "record 1 has an operation that its kind has not")
    RECORD(MADE_LOAD, a->op = TRACE_BYS, "record 1 has an operation that its kind has not")
    RECORD(MADE_STORE, a->op = TRACE_BY_RET, "record 2 has an operation that its kind has not")
    RECORD(MADE_STOS, a->op = TRACE_STOREDS, "record 5 has an operation that its kind has not")
    RECORD(MADE_MOVS, a->op = 1, "record 4 has an operation that its kind has not")
    RECORD(MADE_BLOCK, a->op = 1, "record 0 has an operation that its kind has not")
    RECORD(MADE_LOAD, a->op = TRACE_BY_RET, "record 1 is of an instruction that has no such access")
    RECORD(MADE_LAST, a->op = TRACE_BY_X87, "record 7 is of an instruction that has no such access")
    RECORD(MADE_STORE, (a->op = TRACE_BY_CALL, a->base = TRACE_BASE_OTHER),
           "record 2 is of an instruction that has no such access")
    RECORD(MADE_RMW, a->op = TRACE_RMWS, "record 3 has an operation that its kind has not")
    RECORD(MADE_FENCE, a->op = TRACE_FENCES, "record 6 has an operation that its kind has not")
    RECORD(MADE_RMW, a->op = TRACE_XADD, "record 3 has a size that its kind has not")
    RECORD(MADE_RMW, a->size = 32, "record 3 has a size that its kind has not")
    RECORD(MADE_RMW, a->size = 10, "record 3 has a size that its kind has not")
    RECORD(MADE_STOS, a->size = 16, "record 5 has a size that its kind has not")
    RECORD(MADE_FENCE, a->base = 1, "record 6 has a base that its kind has not")
    RECORD(MADE_RMW, a->vector = true, "record 3 is a vector or non-temporal, but no")
    RECORD(MADE_STOS, a->nontemporal = true, "record 5 is a vector or non-temporal, but no")
    RECORD(MADE_MOVS, a->indexed = true, "record 4 has an index or a displacement, but no")
    RECORD(MADE_LOAD, a->base = TRACE_BASE_RIP, "record 1 has a displacement from RIP")
    RECORD(MADE_LOAD, a->backward = true, "record 1 goes backward, but is no REP")
    RECORD(MADE_BLOCK, a->same = true, "record 0 belongs to the instruction of no access")
    RECORD(MADE_LOAD, (a->same = true, a->gap = 0), "record 1 belongs to the instruction of no")
    RECORD(MADE_LAST, a->same = true, "record 7 belongs to the instruction of no access")
    RECORD(MADE_STORE, a->gap = 1, "record 2 belongs to an instruction, with others between")
    RECORD(MADE_STOS, a->count = 0, "record 5 has a count that its kind has not")
    RECORD(MADE_LOAD, a->offset = 8192 - 3, "record 1 reaches out of the arena")
    RECORD(MADE_STOS, a->offset = 1, "record 5 reaches out of the arena")
    RECORD(MADE_STOS, a->count = UINT32_MAX, "record 5 reaches out of the arena")
    RECORD(MADE_MOVS, a->to_offset = 8192 - 79, "record 4 goes out of the arena")
    RECORD(MADE_LOAD, a->address_from = 1, "record 1 has an address that depends on no load")
    RECORD(MADE_STORE, a->address_from = 3, "record 2 has an address that depends on no load")
    RECORD(MADE_STORE, a->address_from = UINT32_MAX, "record 2 has an address that depends on no")
    RECORD(MADE_LAST, a->address_from = 5, "record 7 has an address that depends on no load")
    RECORD(MADE_STOS, a->data_from = 1, "record 5 has data that depend on no load")
}

/* What a record has no place for. */
#define NO_PLACE(record, changes, says)                                                            \
    {                                                                                              \
        struct trace_access *a = &made_trace()->windows[0].streams[0].accesses[record];            \
        changes;                                                                                   \
        assert_refused(whole, says, false);                                                        \
    }

static void records_that_no_bytes_can_say(void **state) {
    (void)state;
    struct trace *whole = made_trace();
    NO_PLACE(MADE_LOAD, a->size = 3, "record 1 has a size that its kind has not")
    NO_PLACE(MADE_LOAD, a->size = 0, "record 1 has a size that its kind has not")
    NO_PLACE(MADE_LAST, a->size = 128, "record 7 has a size that its kind has not")
    NO_PLACE(MADE_FENCE, a->size = 1, "record 6 has a size that its kind has not")
    NO_PLACE(MADE_LOAD, a->base = TRACE_BASES, "record 1 has a base that its kind has not")
    NO_PLACE(MADE_LOAD, a->count = 2, "record 1 has a count that its kind has not")
    NO_PLACE(MADE_FENCE, a->count = 1, "record 6 has a count that its kind has not")
    NO_PLACE(MADE_BLOCK, a->displacement = 1, "record 0 has an index or a displacement, but no")
    NO_PLACE(MADE_BLOCK, a->offset = 1, "record 0 reaches out of the arena")
    NO_PLACE(MADE_STOS, a->to_offset = 1, "record 5 goes out of the arena")
    NO_PLACE(MADE_FENCE, a->address_from = 3, "record 6 has an address that depends on no load")
    NO_PLACE(MADE_FENCE, a->data_from = 3, "record 6 has data that depend on no load")
    NO_PLACE(MADE_MOVS, a->data_from = 1, "record 4 has data that depend on no load")
}

#define WINDOW(changes, says, in_bytes)                                                            \
    {                                                                                              \
        struct trace *t = made_trace();                                                            \
        struct trace_window *w = &t->windows[0];                                                   \
        (void)w;                                                                                   \
        changes;                                                                                   \
        assert_refused(t, says, in_bytes);                                                         \
    }

static void windows_and_traces(void **state) {
    (void)state;
    char text[TRACE_MAX_TEXT + 2];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = 0;
    WINDOW(w->arena_bytes = 0, "window 0 has an arena that is empty", true)
    WINDOW(w->arena_bytes += 1, "window 0 has an arena that is empty", true)
    WINDOW(w->arena_bytes = TRACE_MAX_ARENA_BYTES + TRACE_PAGE_BYTES, "too large", true)
    WINDOW(w->instructions = 1011, "window 0 has fewer instructions than its records", true)
    WINDOW(w->begin_instruction = UINT64_C(1) << 42, "that are not of the run", true)
    WINDOW(w->instructions = UINT64_MAX >> 1, "that are not of the run", true)
    WINDOW(w->stands_for = 1.001, "window 0 stands for no share of the run", true)
    WINDOW(w->stands_for = -0.001, "window 0 stands for no share of the run", true)
    WINDOW(w->stands_for = NAN, "window 0 stands for no share of the run", false)
    WINDOW(w->stands_for = 0.301, "windows stand for more than the whole run", true)
    WINDOW(w->stream_count = 0, "window 0 has none or too many streams", false)
    WINDOW(w->stream_count = TRACE_MAX_STREAMS + 1, "none or too many streams", false)
    WINDOW(w->streams[1].count = 0, "has a stream of none or too many records", false)
    WINDOW(w->streams[1].count = TRACE_MAX_RECORDS + 1, "none or too many records", false)
    WINDOW(t->window_count = 0, "there are no windows, or more than 256", true)
    WINDOW(t->window_count = 257, "there are no windows, or more than 256", false)
    WINDOW(t->provenance.run_instructions = 1, "that are not of the run", true)
    WINDOW(t->provenance.run_instructions = UINT64_C(1) << 53, "larger than 2^53 - 1", true)
    WINDOW(t->provenance.name = (char *)"", "name is not 1 to 64 small letters", true)
    WINDOW(t->provenance.name = (char *)"../made", "name is not 1 to 64 small letters", true)
    WINDOW(t->provenance.name = text + sizeof text - 66, "name is not 1 to 64", true)
    WINDOW(t->provenance.program = text, "program is longer than 4096 bytes", true)
    WINDOW(t->provenance.package = (char *)"\x1b[2J", "package holds control characters", true)
    WINDOW(t->provenance.command = (char *)"a\nb", "command holds control characters", true)
    WINDOW(t->provenance.recorder = (char *)"\xc2\x9b", "recorder holds control", true)
}

/* A content in which a text stands for another, and what the reader says. */
static void assert_edit_refused(const char *from, const char *to, const char *says) {
    size_t size;
    char *content = trace_content(made_trace(), "file", &size);
    char *at = memmem(content, size, from, strlen(from));
    assert_non_null(at);
    size_t before = (size_t)(at - content), after = size - before - strlen(from);
    char *edited = malloc(size + strlen(to));
    memcpy(edited, content, before);
    memcpy(edited + before, to, strlen(to));
    memcpy(edited + before + strlen(to), at + strlen(from), after);
    assert_null(trace_from_content(edited, before + strlen(to) + after, &refusal));
    assert_said(says);
    free(edited);
    free(content);
}

static void headers(void **state) {
    (void)state;
    char *long_name = malloc(TRACE_MAX_HEADER_BYTES + 2);
    memset(long_name, 'm', TRACE_MAX_HEADER_BYTES + 1);
    long_name[TRACE_MAX_HEADER_BYTES + 1] = 0;
    assert_edit_refused("tsobench-trace", "tsobench-trick", "is no trace");
    assert_edit_refused("trace 2\n", "trace 3\n",
                        "another version; this program reads versions 1 ");
    assert_edit_refused("trace 2\n", "trace 0\n", "another version");
    assert_edit_refused("trace 2\n", "trace 20\n", "another version");
    assert_edit_refused("trace 2\n", "trace \n", "another version");
    assert_edit_refused("{\"name", "{\x1b\n", "its second line is no JSON: ");
    assert_edit_refused("made-up", long_name, "does not end within 262144 bytes");
    assert_edit_refused("\"package\"", "\"packet\"", "its second line: ");
    assert_edit_refused("{\"name", "{\"more\":1,\"name", "its second line: ");
    assert_edit_refused("{\"name", "{\"name\":\"a\",\"name", "duplicate");
    assert_edit_refused("\"made 1.0-1\"", "17", "its second line: ");
    assert_edit_refused("8192", "\"8192\"", "a window in its second line: ");
    assert_edit_refused("8192", "-8192", "a window has a negative number");
    assert_edit_refused("8192", "9223372036854775808", "its second line is no JSON: ");
    assert_edit_refused("[10,2]", "[]", "a window has no streams, or more than 64");
    assert_edit_refused("[10,2]", "[10,0]", "a stream has no records, or more than 1048576");
    assert_edit_refused("[10,2]", "[10,1048577]", "a stream has no records, or more than");
    assert_edit_refused("[10,2]", "[10,1048576]", "the file ends too early");
    assert_edit_refused("[10,2]", "[10,-1]", "a stream has no records");
    free(long_name);
}

/* What may stand for the last columns of a content: two gaps, 2^32 - 1 and 0, and the displacement,
 * dependence and offset of a load. */
#define TAIL(bytes) bytes, sizeof bytes - 1

static void numbers(void **state) {
    (void)state;
    static const struct {
        const char *bytes;
        size_t size;
        const char *says;
    } tails[] = {
        {TAIL("\xff\xff\xff\xff\x0f\0\0\0\0"), NULL},
        {TAIL("\xff\xff\xff\xff\x1f\0\0\0\0"), "stream 0: a number is larger than its field"},
        {TAIL("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02\0\0\0\0"), "more than 64 bits"},
        {TAIL("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\0\0\0\0"), "more than 64 bits"},
        {TAIL("\0\0\x80\x80\x80\x80\x10\0\0"), "a number is larger than its field"}, /* 2^31 */
        {TAIL("\0\0\0\0\x01"), "a number is larger than its field"},                 /* -1 */
        {TAIL("\0\0\0\0\x80\x80\x80\x80\x20"), "a number is larger than its field"}, /* 2^32 */
        {TAIL("\0\0\0\0\x80"), "window 1, stream 0: the file ends too early"},
        {TAIL("\0\0\0\0"), "window 1, stream 0: the file ends too early"},
        {TAIL("\0\0\0\0\0more"), "4 bytes follow the last record"},
    };
    size_t size;
    char *content = trace_content(made_trace(), "file", &size);
    for (size_t i = 0; i < sizeof tails / sizeof tails[0]; i++) {
        size_t begin = size - tails[0].size;
        char *edited = malloc(begin + tails[i].size);
        memcpy(edited, content, begin);
        memcpy(edited + begin, tails[i].bytes, tails[i].size);
        struct trace *trace = trace_from_content(edited, begin + tails[i].size, &refusal);
        assert_int_equal(trace != NULL, tails[i].says == NULL);
        if (tails[i].says)
            assert_said(tails[i].says);
        trace_free(trace);
        free(edited);
    }
    free(content);
}

static void frames(void **state) {
    (void)state;
    size_t content_size, size;
    char *content = trace_content(made_trace(), "file", &content_size);
    char *frame = trace_frame(content, content_size, &size), *bytes = malloc(2 * size);
    memcpy(bytes, frame, size);
    memcpy(bytes + size, frame, size);
    assert_null(trace_parse(bytes, 2 * size, "file", why, sizeof why));
    assert_said("bytes follow its end");
    bytes[4] &= (char)~4;
    assert_null(trace_parse(bytes, size, "file", why, sizeof why));
    assert_said("has no checksum");
    /* A frame of one block that is said to hold 2^26 + 1 bytes. */
    static const char bomb[] = "\x28\xb5\x2f\xfd\xa4\x01\x00\x00\x04\x01\x00\x00\x00\x00\x00\x00";
    assert_null(trace_parse(bomb, sizeof bomb, "file", why, sizeof why));
    assert_said("holds more than 64 MiB");
    static const char unsized[] = "\x28\xb5\x2f\xfd\x04\x00\x01\x00\x00\x00\x00\x00\x00";
    assert_null(trace_parse(unsized, sizeof unsized, "file", why, sizeof why));
    assert_said("does not say how much it holds");
    assert_null(trace_parse("plain text", 10, "file", why, sizeof why));
    assert_said("does not begin as zstd does");
    free(bytes);
    free(frame);
    free(content);
}

static void files(void **state) {
    (void)state;
    assert_null(trace_read("/no/such/file", why, sizeof why));
    assert_string_equal(why, "/no/such/file: No such file or directory");
    assert_null(trace_read("/", why, sizeof why));
    assert_string_equal(why, "/: is no trace: it is no file, or too large");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records),
        cmocka_unit_test(records_that_no_bytes_can_say),
        cmocka_unit_test(windows_and_traces),
        cmocka_unit_test(headers),
        cmocka_unit_test(numbers),
        cmocka_unit_test(frames),
        cmocka_unit_test(files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
