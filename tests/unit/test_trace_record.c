/* SPDX-License-Identifier: MIT
 *
 * The recorder, held record for record against a program whose every access is known, and against
 * itself with threads.
 */
#include "unit/cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "trace/recording.h"
#include "trace/trace.h"

#ifndef RECORDED_CASES /* no recorder was built here */
#define RECORDED_CASES   ""
#define RECORDED_FAULT   ""
#define RECORDED_THREADS ""
#endif

/* A record as a line: what it is, its size, base, marks, page and offset in it, then what it
 * depends on. */
static void print_record(FILE *file, const struct trace_access *access) {
    static const char *const kinds[] = {"load", "store", "rmw", "movs", "stos", "fence", "block"};
    static const char *const bases[] = {"", " stack", " rip", " segment"};
    fprintf(file, "%s%s", access->same ? "+" : "", kinds[access->kind]);
    static const char *const instructions[] = {"", " call", " ret", " x87"};
    if (access->kind == TRACE_RMW || access->kind == TRACE_FENCE)
        fprintf(file, ".%d", access->op);
    else if (access->kind == TRACE_STOS)
        fputs(access->op == TRACE_STORED_ZERO ? " zero" : "", file);
    else
        fputs(instructions[access->op], file);
    if (access->gap)
        fprintf(file, " gap %u", access->gap);
    if (access->size)
        fprintf(file, " %u%s%s%s%s disp %d", access->size, bases[access->base],
                access->vector ? " vector" : "", access->nontemporal ? " nt" : "",
                access->indexed ? " indexed" : "", access->displacement);
    if (access->size && access->base != TRACE_BASE_STACK) /* which is where QEMU likes it */
        fprintf(file, " at %u", access->offset);
    if (access->kind == TRACE_MOVS)
        fprintf(file, " to %u", access->to_offset);
    if (access->kind == TRACE_MOVS || access->kind == TRACE_STOS)
        fprintf(file, " x%u%s", access->count, access->backward ? " back" : "");
    if (access->address_from)
        fprintf(file, " address %u", access->address_from);
    if (access->data_from)
        fprintf(file, " data %u", access->data_from);
    putc('\n', file);
}

static char *window_text(const struct trace_window *window) {
    char *text = NULL;
    size_t size;
    FILE *file = open_memstream(&text, &size);
    for (size_t i = 0; i < window->stream_count; i++)
        for (size_t j = 0; j < window->streams[i].count; j++)
            print_record(file, &window->streams[i].accesses[j]);
    fclose(file);
    return text;
}

static void free_window(struct trace_window *window) {
    for (size_t i = 0; i < window->stream_count; i++)
        free(window->streams[i].accesses);
    free(window->streams);
}

static bool can_record;

/* By a name that is the same wherever this was built: it lies on the program's stack. */
static struct recording record(const char *program, uint64_t first, uint64_t length, bool totals) {
    static const char *const nothing[] = {NULL};
    char *folder = strdup(program), name[64];
    if (!can_record)
        skip();
    char *slash = strrchr(folder, '/');
    snprintf(name, sizeof name, ".%s", slash);
    *slash = 0;
    const char *const command[] = {name, NULL};
    assert_int_equal(chdir(folder), 0);
    free(folder);
    char *path = recording_find(name);
    struct recording_plan plan = {.command = command,
                                  .environment = nothing,
                                  .path = path,
                                  .first = first,
                                  .windows = 1,
                                  .length = length,
                                  .instructions = 100000,
                                  .totals = totals};
    struct recording recording = recording_run(&plan);
    free(path);
    return recording;
}

/* What cases.c does, from its second block to its last complete one. */
static const char expected[] = "block\n"
                               "load gap 1 8 rip disp 0 at 0\n"
                               "load 8 disp 8 at 4168 address 1\n"
                               "store gap 2 8 disp 0 at 4112 address 1 data 2\n"
                               "store gap 1 4 indexed disp 32 at 4128\n"
                               "load 1 disp 1 at 4097\n"
                               "store 2 disp 2 at 4098 data 1\n"
                               "load 4 disp 4 at 4100\n"
                               "+store 4 disp 4 at 4100 data 1\n"
                               "load 8 disp 8 at 4104\n"
                               "+store 8 stack disp 0 data 1\n"
                               "load 8 stack disp 0\n"
                               "store 8 disp 40 at 4136 data 1\n"
                               "rmw.2 4 disp 4 at 4100 data 8\n"
                               "rmw.0 8 disp 8 at 4104\n"
                               "rmw.1 8 disp 16 at 4112 data 1\n"
                               "store 8 disp 48 at 4144 data 1\n"
                               "rmw.6 8 disp 24 at 4120 data 12\n"
                               "rmw.6 16 disp 64 at 4160 data 1\n"
                               "rmw.4 8 disp 24 at 4120\n"
                               "rmw.5 1 disp 7 at 4103\n"
                               "load 16 vector disp 4088 at 8184\n"
                               "load 32 vector disp 128 at 4224\n"
                               "store 32 vector disp 161 at 4257 data 1\n"
                               "store gap 1 16 vector disp 96 at 4192\n"
                               "store 16 vector nt disp 192 at 4288\n"
                               "store 8 nt disp 208 at 4304 data 11\n"
                               "load 4 vector disp 20 at 4116\n"
                               "load x87 10 disp 256 at 4352\n"
                               "store x87 10 disp 272 at 4368 data 1\n"
                               "store gap 1 8 disp 320 at 4416\n"
                               "store 4 disp 328 at 4424 data 16\n"
                               "store 4 disp 332 at 4428\n"
                               "load 16 vector disp 320 at 4416\n"
                               "store 8 vector disp 336 at 4432 data 1\n"
                               "+store 4 vector disp 336 at 4444 data 2\n"
                               "load gap 2 4 vector indexed disp 352 at 4448\n"
                               "+load 4 vector indexed disp 352 at 4448\n"
                               "+load 4 vector indexed disp 352 at 4448\n"
                               "+load 4 vector indexed disp 352 at 4448\n"
                               "movs gap 3 8 disp 0 at 4608 to 5120 x5\n"
                               "movs gap 2 1 disp 0 at 4349 to 4861 x300 back\n"
                               "load gap 2 4 disp 0 at 4348\n"
                               "+store 4 disp 0 at 4860 data 1\n"
                               "stos gap 1 4 disp 0 at 4864 x7\n"
                               "stos zero gap 3 8 disp 0 at 4928 x3\n"
                               "fence.0\n"
                               "fence.1\n"
                               "fence.2\n"
                               "block gap 6\n"
                               "load 4 segment disp 40 at 4136\n"
                               "store call 8 stack disp 0\n"
                               "block\n"
                               "load ret 8 stack disp 0\n";

/* Of the only window; the caller frees it. */
static char *recorded_text(const char *program) {
    struct recording recording = record(program, 0, 1000, false);
    assert_int_equal(recording.window_count, 1);
    struct trace_window window = recording_window(&recording.windows[0]);
    char *text = window_text(&window);
    free_window(&window);
    recording_free(&recording);
    return text;
}

static void known_accesses(void **state) {
    (void)state;
    char *text = recorded_text(RECORDED_CASES);
    assert_string_equal(text, expected);
    free(text);
}

/* The same program but for one LOCK. */
static void a_planted_fault(void **state) {
    (void)state;
    char *text = recorded_text(RECORDED_FAULT);
    assert_string_not_equal(text, expected);
    assert_non_null(strstr(text, "\nload 4 disp 4 at 4100\n+store 4 disp 4 at 4100 data 1\n"
                                 "rmw.0 8 disp 8 at 4104\n"));
    free(text);
}

/* A turn is 1000 instructions, so a window of more has several threads in it; and all of it is as
 * it was. */
static void threads_take_turns(void **state) {
    (void)state;
    enum { RUNS = 3 };
    struct recording first = record(RECORDED_THREADS, 300000, 4000, false);
    assert_int_equal(first.window_count, 1);
    assert_true(first.windows[0].stream_count >= 2);
    char *text = NULL;
    size_t locked = 0;
    for (int run = 0; run < RUNS; run++) {
        struct recording again = record(RECORDED_THREADS, 300000, 4000, false);
        assert_int_equal(again.totals.instructions, first.totals.instructions);
        assert_int_equal(again.window_count, 1);
        assert_int_equal(again.windows[0].stream_count, first.windows[0].stream_count);
        struct trace_window window = recording_window(&again.windows[0]);
        char *here = window_text(&window);
        if (text)
            assert_string_equal(here, text);
        for (const char *at = here; (at = strstr(at, "rmw.")); at++)
            locked++;
        free(text);
        text = here;
        free_window(&window);
        recording_free(&again);
    }
    assert_true(locked > RUNS * 100);
    free(text);
    recording_free(&first);
}

/* 120000 of the additions are locked, and each pass through the lock is two more. */
static void totals(void **state) {
    (void)state;
    struct recording recording = record(RECORDED_THREADS, 0, 0, true);
    assert_int_equal(recording.window_count, 0);
    assert_true(recording.totals.rmws >= 3 * 2000 * (20 + 1));
    assert_true(recording.totals.rmws < 3 * 2000 * (20 + 5));
    recording_free(&recording);
    recording = record(RECORDED_CASES, 0, 0, true);
    assert_int_equal(recording.totals.fences, 3);
    assert_int_equal(recording.totals.rmws, 7);
    recording_free(&recording);
}

static struct raw_access load_at(uint64_t address, uint8_t size) {
    return (struct raw_access){.access = {.kind = TRACE_LOAD, .size = size, .count = 1},
                               .address = address};
}

/* Pages in the order of their first touch, but neighbours side by side. */
static void pages_move_together(void **state) {
    (void)state;
    const struct raw_access records[] = {load_at(0x7f0000003ff8, 8), load_at(0x402ffc, 8),
                                         load_at(0x500010, 8), load_at(0x403020, 8)};
    struct recorded_stream stream = {4, 4, records};
    const struct recorded_window recorded = {.begin = 7, .stream_count = 1, .streams = &stream};
    struct trace_window window = recording_window(&recorded);
    assert_int_equal(window.arena_bytes, 4 * TRACE_PAGE_BYTES);
    assert_int_equal(window.streams[0].accesses[0].offset, 0xff8);
    assert_int_equal(window.streams[0].accesses[1].offset, 0x1ffc);
    assert_int_equal(window.streams[0].accesses[2].offset, 0x3010);
    assert_int_equal(window.streams[0].accesses[3].offset, 0x2020);
    free_window(&window);
}

/* Six windows of loads only, two with stores, one with a locked access. */
static void phases_are_found(void **state) {
    (void)state;
    enum { WINDOWS = 9, LENGTH = 10 };
    struct raw_access records[WINDOWS][LENGTH];
    struct recorded_stream streams[WINDOWS];
    struct recorded_window windows[WINDOWS];
    size_t kept[WINDOWS], stands_for[WINDOWS];
    for (size_t i = 0; i < WINDOWS; i++) {
        for (size_t j = 0; j < LENGTH; j++)
            records[i][j] = load_at(64 * j, 8);
        streams[i] = (struct recorded_stream){LENGTH, LENGTH, records[i]};
        windows[i] = (struct recorded_window){100 * i, 1, &streams[i]};
    }
    for (size_t j = 0; j < LENGTH / 2; j++)
        records[2][j].access.kind = records[5][j].access.kind = TRACE_STORE;
    records[7][0].access.kind = TRACE_RMW;
    struct recording recording = {.window_count = WINDOWS, .windows = windows};
    assert_int_equal(recording_phases(&recording, 3, kept, stands_for), 3);
    assert_int_equal(kept[0], 0);
    assert_int_equal(stands_for[0], 6);
    assert_int_equal(kept[1], 2);
    assert_int_equal(stands_for[1], 2);
    assert_int_equal(kept[2], 7);
    assert_int_equal(stands_for[2], 1);
    assert_int_equal(recording_phases(&recording, 9, kept, stands_for), 3);
    assert_int_equal(recording_phases(&recording, 1, kept, stands_for), 1);
    assert_int_equal(stands_for[0], WINDOWS);
}

int main(void) {
    const struct recording_lack lack = recording_lack();
    const char *why = *RECORDED_CASES ? lack.why : "the recorder was not built";
    can_record = why == NULL;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_accesses),      cmocka_unit_test(a_planted_fault),
        cmocka_unit_test(threads_take_turns),  cmocka_unit_test(totals),
        cmocka_unit_test(pages_move_together), cmocka_unit_test(phases_are_found),
    };
    int failures = cmocka_run_group_tests(tests, NULL, NULL);
    if (can_record || failures)
        return failures;
    printf("nothing was recorded: %s\n", why);
    return 77;
}
